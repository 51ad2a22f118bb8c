"""Who we are to a REST system: a bearer token, held or asked for."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Protocol
from urllib.parse import urlencode

from hub.errors import AgencyAnswerUnreadable, AgencyLoginRefused
from hub.wire.answer import json_of
from hub.wire.http import Http

_LOGIN_ANSWERS = (
    HTTPStatus.OK,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
)


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
