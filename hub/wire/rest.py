"""JSON over HTTP with a bearer token: the body is kept, the login renewed once.

Built on ``Http``, so deadlines, size caps and foreign exceptions are its business.
What this room adds: who we are (``Token``), what counts as an answer at all (an
HTML page with status 200 does not), and bytes to JSON without surprises.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from http import HTTPStatus
from typing import NoReturn, Protocol, TypeVar, cast
from urllib.parse import quote, urlencode

from hub.contract.messages import Tree
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyLoginRefused,
    AgencyUnreachable,
)
from hub.wire.http import Answer, Http

_LOGIN_ANSWERS = (
    HTTPStatus.OK,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
)

_HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/json; charset=utf-8",
}

Done = TypeVar("Done")


class Token(Protocol):
    """Who we are to the far side, as a bearer token."""

    async def current(self) -> str:
        """The token to send; logs in if there is none yet."""

    async def renew(self, stale: str) -> str:
        """A token other than ``stale``; raises ``AgencyLoginRefused``."""


class FixedToken:
    """A token that the agency handed out once; there is nothing to renew."""

    def __init__(self, token: str, *, endpoint: str) -> None:
        """``token`` as resolved from the endpoint's secrets."""
        self._token = token
        self._endpoint = endpoint

    async def current(self) -> str:
        """The token."""
        return self._token

    async def renew(self, stale: str) -> str:
        """Refused: another knock with the same token would change nothing."""
        raise AgencyLoginRefused(endpoint=self._endpoint)


class ClientCredentials:
    """OAuth2 client credentials: one token at a time, one login at a time.

    Systems with one active token per client revoke the first when the second is
    asked for, so callers that find theirs stale together share one new login. A
    refused login is remembered: knocking on would lock the account.
    """

    def __init__(self, http: Http, url: str, client_id: str, secret: str) -> None:
        """``url`` is the token address; nothing is asked for yet."""
        self._http = http
        self._url = url
        self._form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": secret,
        }
        self._lock = asyncio.Lock()
        self._token = ""
        self._is_refused = False

    async def current(self) -> str:
        """The token held; logs in if there is none yet."""
        return self._token or await self.renew("")

    async def renew(self, stale: str) -> str:
        """Log in unless someone else did meanwhile."""
        async with self._lock:
            if self._token and self._token != stale:
                return self._token
            if self._is_refused:
                raise AgencyLoginRefused(endpoint=self._http.endpoint)
            self._token = await self._login()
            return self._token

    async def _login(self) -> str:
        answer = await self._http.call(
            "POST",
            self._url,
            body=urlencode(self._form).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            accept_status=_LOGIN_ANSWERS,
        )
        if answer.status != HTTPStatus.OK:
            self._is_refused = True
            detail = f"HTTP {answer.status}"
            raise AgencyLoginRefused(
                endpoint=self._http.endpoint, body=answer.body, detail=detail
            )
        told = json_of(answer, endpoint=self._http.endpoint)
        token = told.get("access_token") if isinstance(told, dict) else None
        if not isinstance(token, str) or not token:
            raise AgencyAnswerUnreadable(
                "登录应答中没有 access_token",
                "The login answer holds no access_token",
                endpoint=self._http.endpoint,
            )
        return token


class Rest:
    """Calls to one address under one token; each call is made once.

    A call that the far side refuses for its token (401, or what ``is_stale`` says
    of the answer) is repeated exactly once under a new token: nothing was done.
    """

    def __init__(
        self,
        http: Http,
        address: str,
        token: Token,
        *,
        is_stale: Callable[[Answer], bool] = lambda _: False,
    ) -> None:
        """``is_stale`` knows systems that report a dead token with status 200."""
        self._http = http
        self._root = address.rstrip("/")
        self._token = token
        self._is_stale = is_stale

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Tree = None,
        accept_status: Collection[int] = (HTTPStatus.OK,),
    ) -> Answer:
        """The answer as it came; raises what ``Http.call`` raises.

        ``AgencyUnreachable`` also for an HTML page: some gateway answered.
        """
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()

        async def once(token: str) -> Answer:
            return await self._http.call(
                method,
                self._root + path,
                body=content,
                headers=_HEADERS | {"Authorization": f"Bearer {token}"},
                params=params,
                accept_status={*accept_status, HTTPStatus.UNAUTHORIZED},
            )

        token = await self._token.current()
        answer = await once(token)
        if self._is_refused(answer):
            answer = await once(await self._token.renew(token))
        if self._is_refused(answer):
            raise AgencyLoginRefused(endpoint=self._http.endpoint, body=answer.body)
        if is_page(answer):
            raise AgencyUnreachable(
                "对方返回了网页而不是 JSON（多半是网关的错误页）",
                "A web page came instead of JSON (most likely a gateway's error page)",
                endpoint=self._http.endpoint,
                body=answer.body,
            )
        return answer

    def read(self, answer: Answer) -> Tree:
        """The JSON of an answer; raises ``AgencyAnswerUnreadable``."""
        return json_of(answer, endpoint=self._http.endpoint)

    def _is_refused(self, answer: Answer) -> bool:
        return answer.status == HTTPStatus.UNAUTHORIZED or self._is_stale(answer)


def segment(text: str) -> str:
    """One path segment, whatever characters the far side's numbers hold."""
    return quote(text, safe="")


def is_page(answer: Answer) -> bool:
    """Is this a web page, whatever its status says?"""
    start = answer.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return start == b"<" or answer.media.lower().startswith("text/html")


def json_of(answer: Answer, *, endpoint: str) -> Tree:
    """The JSON of an answer; raises ``AgencyAnswerUnreadable`` with the bytes."""
    try:
        return parse_json(answer.body)
    except ValueError as error:
        raise AgencyAnswerUnreadable(
            endpoint=endpoint, body=answer.body, detail=type(error).__name__
        ) from error


def parse_json(body: bytes) -> Tree:
    """JSON as a tree; raises ``ValueError``. Fractions stay text, as written.

    UTF-8 only, with or without a byte order mark, whatever the media type claims;
    no NaN or Infinity, and nesting too deep for the parser is an error like others.
    """
    try:
        return cast(
            "Tree",
            json.loads(
                body.decode("utf-8-sig"), parse_float=str, parse_constant=_refuse
            ),
        )
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


async def in_step(
    calls: Sequence[Callable[[], Awaitable[Done]]], at_once: int
) -> list[Done]:
    """Make the calls, a few at once, results in order; the first failure is raised.

    The others of the same handful are awaited first, so none outlives its session.
    """
    done: list[Done] = []
    for start in range(0, len(calls), at_once):
        handful = [call() for call in calls[start : start + at_once]]
        for result in await asyncio.gather(*handful, return_exceptions=True):
            if isinstance(result, BaseException):
                raise result
            done.append(result)
    return done
