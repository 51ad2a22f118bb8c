"""Who we are to a REST system: a bearer token, held or asked for (RFC 6749, 4.4)."""

from __future__ import annotations

import asyncio
import re
import time
from base64 import b64encode
from http import HTTPStatus
from typing import Literal, Protocol
from urllib.parse import quote_plus, urlencode

from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyLoginRefused,
)
from hub.wire.answer import json_of, parse_json
from hub.wire.http import Answer, Http

_LOGIN_ANSWERS = (
    HTTPStatus.OK,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
)
#: what OAuth2 servers say when another time will do
_FOR_NOW = frozenset({"temporarily_unavailable", "server_error", "slow_down"})
#: what may stand in a header after ``Bearer`` (RFC 6750)
_TOKEN = re.compile(r"[\x21-\x7e]{1,8000}")


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
    refused login is remembered: knocking on would lock the account. A token whose end
    is told is renewed a little before it.
    """

    def __init__(
        self,
        http: Http,
        url: str,
        client_id: str,
        secret: str,
        *,
        scope: str = "",
        by: Literal["form", "header"] = "form",
    ) -> None:
        """``url`` is the token address; nothing is asked for yet.

        ``by``: whether id and secret travel in the form or as HTTP Basic.
        """
        self._http = http
        self._url = url
        self._form = {"grant_type": "client_credentials"}
        self._form |= {"scope": scope} if scope else {}
        self._headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self._headers["Accept"] = "application/json"
        if by == "form":
            self._form |= {"client_id": client_id, "client_secret": secret}
        else:
            pair = f"{quote_plus(client_id)}:{quote_plus(secret)}".encode()
            self._headers["Authorization"] = f"Basic {b64encode(pair).decode()}"
        self._lock = asyncio.Lock()
        self._token = ""
        self._ends = float("inf")
        self._is_refused = False

    async def current(self) -> str:
        """The token held; logs in if there is none yet, or it is about to end."""
        if self._token and time.monotonic() < self._ends:
            return self._token
        return await self.renew(self._token)

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
            headers=self._headers,
            accept_status=_LOGIN_ANSWERS,
        )
        if answer.status != HTTPStatus.OK:
            raise self._refusal(answer)
        told = json_of(answer, endpoint=self._http.endpoint)
        if not isinstance(told, dict):
            told = {}
        token = told.get("access_token")
        kind = str(told.get("token_type") or "bearer").lower()
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise self._unreadable("access_token")
        if kind != "bearer":
            raise self._unreadable("token_type")
        self._ends = time.monotonic() + _lifetime(told.get("expires_in"))
        return token

    def _refusal(self, answer: Answer) -> AgencyError:
        """Why we get no token: for now, or until somebody mends it."""
        try:
            told = parse_json(answer.body)
        except ValueError:
            told = None
        said = told.get("error") if isinstance(told, dict) else ""
        if answer.status == HTTPStatus.BAD_REQUEST and said in _FOR_NOW:
            return AgencyBusy(endpoint=self._http.endpoint, body=answer.body)
        self._is_refused = True
        detail = f"HTTP {answer.status}"
        return AgencyLoginRefused(
            endpoint=self._http.endpoint, body=answer.body, detail=detail
        )

    def _unreadable(self, name: str) -> AgencyAnswerUnreadable:
        return AgencyAnswerUnreadable(
            f"登录应答中没有可用的 {name}",
            f"The login answer holds no {name} of use",
            endpoint=self._http.endpoint,
        )


def _lifetime(told: object) -> float:
    """Seconds to go on with a token: a tenth less than told, half a minute at most."""
    try:
        seconds = float(str(told)[:12]) if told else float("inf")
    except ValueError:
        return float("inf")
    return seconds - min(seconds / 10, 30.0) if seconds > 0 else float("inf")
