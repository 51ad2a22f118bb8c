"""JSON over HTTP, by a token or signed: the body is kept, the login renewed once.

Built on ``Http``, so deadlines, size caps and foreign exceptions are its business.
What this room adds: who we are (``Token``, ``Signer``), and what counts as an answer
at all: an HTML page with status 200 does not.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import quote

from yarl import URL

from hub.contract.messages import Tree
from hub.errors import AgencyLoginRefused, AgencyUnreachable
from hub.wire.answer import is_page, json_of
from hub.wire.http import Answer, Http
from hub.wire.login import Token
from hub.wire.signing import Signer

_HEADERS = {
    "Accept": "application/json",
    "Content-Type": "application/json; charset=utf-8",
}

Done = TypeVar("Done")


class Rest:
    """Calls to one address under one token; each call is made once.

    A call that the far side refuses for its token (401, or what ``is_stale`` says
    of the answer) is repeated exactly once under a new token: nothing was done.
    """

    def __init__(
        self,
        http: Http,
        address: str,
        token: Token | None,
        *,
        is_stale: Callable[[Answer], bool] = lambda _: False,
        signer: Signer | None = None,
    ) -> None:
        """``is_stale`` knows systems that report a dead token with status 200.

        ``signer`` signs every request; where there is a ``token`` too, the signer
        must leave ``Authorization`` to it.
        """
        self._http = http
        self._root = address.rstrip("/")
        self._token = token
        self._is_stale = is_stale
        self._signer = signer

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Tree = None,
        headers: Mapping[str, str] | None = None,
        accept_status: Collection[int] = (HTTPStatus.OK,),
        may_cut: bool = False,
    ) -> Answer:
        """The answer as it came; raises what ``Http.call`` raises.

        ``may_cut``: an answer that is too large comes back cut, to be kept as a record.

        ``AgencyUnreachable`` also for an HTML page: some gateway answered.
        """
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        url = URL(self._root + path).update_query(params or {})
        extra = dict(headers or {})

        async def once(token: str) -> Answer:
            return await self._http.call(
                method,
                str(url),
                body=content,
                headers=self._headers(method, url, content, token) | extra,
                accept_status={*accept_status, HTTPStatus.UNAUTHORIZED},
                may_cut=may_cut,
            )

        token = await self._token.current() if self._token else ""
        answer = await once(token)
        if self._token is not None and self._is_refused(answer):
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

    def _headers(
        self, method: str, url: URL, content: bytes, token: str
    ) -> dict[str, str]:
        made = dict(_HEADERS)
        if self._signer is not None:
            made |= self._signer.headers(method, url.raw_path_qs, content)
        if token:
            made["Authorization"] = f"Bearer {token}"
        return made

    def _is_refused(self, answer: Answer) -> bool:
        return answer.status == HTTPStatus.UNAUTHORIZED or self._is_stale(answer)


def segment(text: str) -> str:
    """One path segment, whatever characters the far side's numbers hold."""
    return quote(text, safe="")


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
