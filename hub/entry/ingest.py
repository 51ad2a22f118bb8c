"""The door for systems that post their records: POST /ingest/{endpoint}.

Who it is and what it may is settled before a byte of the body is read, and how long
the body may be before it is taken in. Neither the body nor a key reaches a log.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hub.contract.manifest import Manifest
from hub.engine.hub import Hub
from hub.engine.ingest import Ingested, ingest
from hub.entry.metrics import POSTS
from hub.entry.tokens import Verifier, bearer
from hub.errors import (
    ConfigurationError,
    HubError,
    NotAllowed,
    NotFound,
    RequestInvalid,
    TokenInvalid,
)
from schema.errors import body as told

#: bodies that come in at once; others wait for their turn within the deadline
AT_ONCE = 4
_KEY = re.compile(r"[A-Za-z0-9._:/-]{1,100}")

#: what a refusal concerns -> status; any other is 400
_STATUS: Mapping[str, HTTPStatus] = {
    "body": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "content-encoding": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "deadline": HTTPStatus.REQUEST_TIMEOUT,
    "idempotency-key": HTTPStatus.CONFLICT,
}


async def post(request: Request) -> Response:
    """Take one post in: 200 taken or known, 202 kept and set aside."""
    endpoint = request.path_params["endpoint"]
    try:
        manifest = _allowed(request, endpoint)
        key = _key(request)
        turn: asyncio.Semaphore = request.app.state.posting
        async with asyncio.timeout(manifest.limits.deadline_seconds), turn:
            body = await _body(request, manifest.limits.max_bytes)
        media = request.headers.get("content-type", "application/octet-stream")
        found = await ingest(request.app.state.hub, endpoint, body, media[:200], key)
    except (TimeoutError, ClientDisconnect):
        slow = _invalid("deadline", "未在时限内送完", "did not come in time")
        return _refused(slow)
    except HubError as error:
        return _refused(error)
    POSTS.labels(found.state).inc()
    is_aside = found.state == "set_aside"
    return _answer(_story(endpoint, found), 202 if is_aside else 200)


def _allowed(request: Request, endpoint: str) -> Manifest:
    """The endpoint's manifest, for the one system that may post there."""
    verifier: Verifier = request.app.state.verifier
    hub: Hub = request.app.state.hub
    caller, own = verifier.poster(bearer(request.headers.get("authorization", "")))
    try:
        row = hub.registry.endpoint(endpoint) if own == endpoint else None
    except NotFound:
        row = None
    if row is None or row.agency != caller.agency:
        raise _not_yours()
    if not hub.registry.can(endpoint, "ingest"):
        raise _not_yours()
    return hub.registry.manifest(endpoint)


def _not_yours() -> NotAllowed:
    """One sentence for every reason: no endpoint is told to be there or not."""
    return NotAllowed(
        "该令牌不得向此接入点推送",
        "This token may not post to this endpoint",
        where="endpoint",
    )


def _key(request: Request) -> str:
    found = request.headers.get("idempotency-key", "")
    if found and not _KEY.fullmatch(found):
        raise RequestInvalid(
            "Idempotency-Key 只能是 1 到 100 个字母、数字或 . _ : / -",
            "The Idempotency-Key has to be 1 to 100 letters, digits or . _ : / -",
            where="key",
        )
    return found


async def _body(request: Request, most: int) -> bytes:
    """The body, within its limit; nothing is read of one that claims to be larger."""
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise _invalid("content-encoding", "不得压缩", "has to be without compression")
    claimed = request.headers.get("content-length", "")
    too_large = _invalid("body", f"超过 {most} 字节", f"is over {most} bytes")
    if claimed.isdecimal() and (len(claimed) > 15 or int(claimed) > most):
        raise too_large
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise too_large
    if not found:
        raise _invalid("empty", "为空", "is empty")
    return bytes(found)


def _invalid(where: str, zh: str, en: str) -> RequestInvalid:
    return RequestInvalid(f"报文{zh}", f"The post {en}", where=where)


def _story(endpoint: str, found: Ingested) -> dict[str, Any]:
    counts = found.counts
    return {
        "endpoint": endpoint,
        "state": found.state,
        "run": found.run_id,
        "digest": f"sha256:{found.digest}",
        "records": {
            "received": counts.fetched,
            "mapped": counts.mapped,
            "unchanged": counts.unchanged,
            "setAside": counts.set_aside,
        },
        "failures": [
            {"kind": one.kind, "key": one.key, "problems": [*map(_fault, one.faults)]}
            for one in found.failed
        ],
    }


def _fault(one: Mapping[str, str]) -> dict[str, str]:
    return {
        "code": one["code"],
        "where": one["where"],
        "messageZh": one["zh"],
        "messageEn": one["en"],
    }


def _refused(error: HubError) -> Response:
    POSTS.labels(error.code).inc()
    status = HTTPStatus.BAD_REQUEST
    if isinstance(error, TokenInvalid):
        status = HTTPStatus.UNAUTHORIZED
    elif isinstance(error, NotAllowed):
        status = HTTPStatus.FORBIDDEN
    elif isinstance(error, ConfigurationError):
        status = HTTPStatus.SERVICE_UNAVAILABLE
    elif isinstance(error, RequestInvalid):
        status = _STATUS.get(error.where, HTTPStatus.BAD_REQUEST)
    return _answer({"state": "refused", "error": told(error)}, status)


def _answer(found: Mapping[str, Any], status: int) -> Response:
    headers = {"cache-control": "no-store"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = "5"
    return Response(orjson.dumps(found), status, headers, media_type="application/json")
