"""The GraphQL door: HTTP POST for queries and mutations, WebSocket to subscribe.

Everything that comes in is measured before it is read: who asks, how many bytes,
what type, what shape. Neither the document nor its variables reach a log.
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from hub.engine.hub import Hub
from hub.entry.metrics import REQUESTS, SECONDS, SOCKETS
from hub.entry.tokens import Verifier, bearer
from hub.errors import HubError, RequestInvalid, TokenInvalid
from hub.records.caller import Caller
from schema.build import SCHEMA
from schema.context import Context
from schema.execute import Answer, context, execute, refused
from schema.loaders import Loaders

_log = structlog.get_logger(__name__)

LARGEST_BODY = 100_000
_JSON = "application/json"
_INIT_WAIT = timedelta(seconds=5)
_SUBSCRIPTIONS = 10
_NOBODY = Caller("", "")


async def post(request: Request) -> Response:
    """One operation by HTTP. 401 without a token, 400 for what is no operation."""
    began = time.perf_counter()
    kind = ""
    try:
        verifier: Verifier = request.app.state.verifier
        caller = verifier.caller(bearer(request.headers.get("authorization", "")))
        kind = caller.agency_type
        asked = await _asked(request)
    except HubError as error:
        status = 401 if isinstance(error, TokenInvalid) else 400
        if error.where == "body":
            status = 413
        REQUESTS.labels(kind or "nobody", error.code).inc()
        return answered(refused(error), status)
    found = await execute(request.app.state.hub, caller, *asked)
    REQUESTS.labels(kind, _outcome(found)).inc()
    SECONDS.observe(time.perf_counter() - began)
    return answered(found)


def answered(answer: Answer, status: int = 200) -> Response:
    """An answer as a response that nobody keeps."""
    headers = {"cache-control": "no-store"}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(orjson.dumps(answer.body), status, headers, media_type=_JSON)


def _outcome(answer: Answer) -> str:
    if not answer.errors:
        return "ok"
    return str(answer.errors[0].get("extensions", {}).get("code", "error"))


async def _asked(request: Request) -> tuple[str, dict[str, Any], str | None]:
    """(document, variables, operation name); raises ``RequestInvalid``."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != _JSON:
        raise _invalid("content-type", "应为 application/json", "should be JSON")
    try:
        found = orjson.loads(await _body(request))
    except orjson.JSONDecodeError as error:
        raise _invalid("json", "不是有效的 JSON", "is not valid JSON") from error
    if not isinstance(found, dict):
        raise _invalid("json", "应为 JSON 对象", "should be a JSON object")
    document = found.get("query")
    variables = found.get("variables")
    name = found.get("operationName")
    if not isinstance(document, str) or not document.strip():
        raise _invalid("query", "应为 GraphQL 文档", "should be a GraphQL document")
    if variables is not None and not isinstance(variables, dict):
        raise _invalid("variables", "应为对象", "should be an object")
    if name is not None and not isinstance(name, str):
        raise _invalid("operationName", "应为文本", "should be a text")
    return document, variables or {}, name


async def _body(request: Request) -> bytes:
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > LARGEST_BODY:
            raise _invalid(
                "body", f"超过 {LARGEST_BODY} 字节", f"is over {LARGEST_BODY} bytes"
            )
    return bytes(found)


def _invalid(where: str, zh: str, en: str) -> RequestInvalid:
    return RequestInvalid(f"请求 {where} {zh}", f"The {where} {en}", where=where)


class Sockets(GraphQL[Context, None]):
    """Subscriptions by WebSocket: graphql-transport-ws, nothing but subscriptions.

    The token comes with ``connection_init`` (``authorization``: Bearer ...), or in
    the handshake's header; without a good one the connection closes with 4403.
    """

    def __init__(self, hub: Hub, verifier: Verifier) -> None:
        """One for the whole application."""
        super().__init__(
            SCHEMA,
            graphql_ide=None,
            allow_queries_via_get=False,
            subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
            connection_init_wait_timeout=_INIT_WAIT,
            max_subscriptions_per_connection=_SUBSCRIPTIONS,
        )
        self._hub, self._verifier = hub, verifier

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """Nobody, until ``connection_init`` says who."""
        made = context(self._hub, _NOBODY)
        header = request.headers.get("authorization", "")
        if header:
            made.connection_params = {"authorization": header}
        return made

    async def on_ws_connect(self, context: Context) -> dict[str, object]:
        """Who is it? Refuses with 4403."""
        told = {key.lower(): value for key, value in context.connection_params.items()}
        try:
            token = bearer(str(told.get("authorization", "")))
            context.caller = self._verifier.caller(token)
        except TokenInvalid as error:
            REQUESTS.labels("nobody", error.code).inc()
            raise ConnectionRejectionError from error
        context.loaders = Loaders(context.hub, context.caller)
        return {"agency": context.caller.agency}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One connection."""
        with SOCKETS.track_inprogress():
            await super().__call__(scope, receive, send)
