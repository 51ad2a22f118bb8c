"""One HTTP call: bytes out, bytes back, with a deadline and a size cap.

Follows no redirect, asks no proxy, keeps no cookie and logs nothing. What may be
said again and when is the engine's business; here every call is made once.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import aiohttp

from hub.contract.messages import CUT
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyFaultUnknown,
    AgencyLoginRefused,
    AgencyUnreachable,
)
from hub.wire.faults_web import FOREIGN, translate
from hub.wire.listening import Heard, is_heard, tell

_CHUNK = 65_536
#: nobody is left alone for longer than this many seconds, whatever a header asks for
_LONGEST = 7 * 86_400.0
_BUSY = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in lower case; ``body`` is never shown.

    ``is_cut``: it was larger than allowed, and ``body`` is its beginning.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    is_cut: bool = False

    @property
    def media(self) -> str:
        """The media type as claimed, charset included; says so where it was cut."""
        told = self.headers.get("content-type", "application/octet-stream")
        return f"{told}; {CUT}{len(self.body)}" if self.is_cut else told

    @property
    def is_xml(self) -> bool:
        """Do the bytes at least begin like XML?"""
        return self.body.removeprefix(BOM_UTF8).lstrip()[:1] == b"<"


class Http:
    """One session to one endpoint; enter it before calling."""

    def __init__(
        self, endpoint_code: str, *, deadline: float = 15.0, max_bytes: int = 8_000_000
    ) -> None:
        """``deadline`` in seconds for a whole call, ``max_bytes`` for one body."""
        self.endpoint = endpoint_code
        self.deadline = deadline
        self.max_bytes = max_bytes
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        """Open the session; no connection is made yet."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self.deadline),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Accept-Encoding": "identity", "User-Agent": "agency-hub"},
            trust_env=False,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the session and its connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        accept_status: Collection[int] = (200,),
        may_cut: bool = False,
    ) -> Answer:
        """Call once and return the answer if its status is an accepted one.

        Raises ``AgencyUnreachable`` (no connection, deadline, 5xx),
        ``AgencyBusy`` (429, 503), ``AgencyLoginRefused`` (401, 403),
        ``AgencyFaultUnknown`` (other 4xx) and ``AgencyAnswerUnreadable``
        (redirect, too big, not HTTP). ``may_cut``: an answer that is too big comes
        back cut, for callers that keep it as one record among others.
        """
        if self._session is None:
            raise RuntimeError("enter the Http before calling")
        try:
            async with self._session.request(
                method,
                url,
                data=body or None,
                headers=headers,
                params=params,
                allow_redirects=False,
            ) as response:
                found = {name.lower(): text for name, text in response.headers.items()}
                content, is_cut = await self._read(response)
        except AgencyError as error:
            if is_heard():
                tell(_heard(_said(method, url, params, headers, body), error))
            raise
        except FOREIGN as error:
            if is_heard():
                tell(_heard(_said(method, url, params, headers, body), error))
            raise translate(error, endpoint=self.endpoint) from error
        answer = Answer(response.status, found, content, is_cut)
        if is_heard():
            tell(_heard(_said(method, url, params, headers, body), answer))
        if is_cut and not may_cut:
            raise self._oversized(content)
        if answer.status not in accept_status:
            raise self._refusal(answer)
        return answer

    async def _read(self, response: aiohttp.ClientResponse) -> tuple[bytes, bool]:
        """The body up to ``max_bytes``, and whether there was more."""
        content = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            content += chunk
            if len(content) > self.max_bytes:
                return bytes(content[: self.max_bytes]), True
        return bytes(content), False

    def _oversized(self, beginning: bytes) -> AgencyAnswerUnreadable:
        return AgencyAnswerUnreadable(
            f"对方应答超过 {self.max_bytes} 字节",
            f"The answer is larger than {self.max_bytes} bytes",
            endpoint=self.endpoint,
            body=beginning,
        )

    def _refusal(self, answer: Answer) -> AgencyError:
        status, body, endpoint = answer.status, answer.body, self.endpoint
        detail = f"HTTP {status}"
        if status in _BUSY:
            wait = retry_after(answer.headers.get("retry-after", ""))
            return AgencyBusy(
                endpoint=endpoint, retry_after=wait, body=body, detail=detail
            )
        if status in _REFUSED:
            return AgencyLoginRefused(endpoint=endpoint, body=body, detail=detail)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return AgencyUnreachable(endpoint=endpoint, body=body, detail=detail)
        is_fault = status >= HTTPStatus.BAD_REQUEST
        leaf = AgencyFaultUnknown if is_fault else AgencyAnswerUnreadable
        return leaf(
            f"对方返回意外的 HTTP 状态 {status}",
            f"The agency answered with the unexpected HTTP status {status}",
            endpoint=endpoint,
            body=body,
            detail=detail,
        )


def _said(
    method: str,
    url: str,
    params: Mapping[str, str] | None,
    headers: Mapping[str, str] | None,
    body: bytes,
) -> Heard:
    """A request for whoever listens."""
    said = f"{method} {url}" + (f"?{urlencode(params)}" if params else "")
    return Heard("http", said, sent_headers=dict(headers or {}), sent=body)


def _heard(told: Heard, came: Answer | BaseException) -> Heard:
    """The request with what came back."""
    if isinstance(came, Answer):
        return replace(
            told,
            status=str(came.status),
            headers=came.headers,
            body=came.body,
            media=came.media,
        )
    kept = came.body if isinstance(came, AgencyError) else b""
    return replace(told, error=type(came).__name__, body=kept)


def retry_after(text: str, now: datetime | None = None) -> float | None:
    """Seconds to wait, from a Retry-After header in either form; a week at most."""
    if text.strip().isdecimal():
        return min(float(text.strip()), _LONGEST)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    wait = (moment - (now or datetime.now(UTC))).total_seconds()
    return min(max(0.0, wait), _LONGEST)
