"""The login ticket of system 1.5: one at a time, renewed once for all who wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from hub.errors import AgencyLoginRefused


class Ticket:
    """Who we are, for some minutes. Three refused logins lock the account.

    So a refused login is remembered and never repeated while this adapter is
    open, and calls that find their ticket dead together share one new login.
    """

    def __init__(self, login: Callable[[], Awaitable[str]], *, endpoint: str) -> None:
        """``login`` answers a ticket or raises ``AgencyLoginRefused``."""
        self._login = login
        self._endpoint = endpoint
        self._lock = asyncio.Lock()
        self._ticket = ""
        self._is_refused = False

    async def current(self) -> str:
        """The ticket held; logs in if there is none."""
        return self._ticket or await self.renew("")

    async def renew(self, dead: str) -> str:
        """A ticket other than the dead one, unless someone got it meanwhile."""
        async with self._lock:
            if self._ticket and self._ticket != dead:
                return self._ticket
            if self._is_refused:
                raise AgencyLoginRefused(endpoint=self._endpoint)
            try:
                self._ticket = await self._login()
            except AgencyLoginRefused:
                self._is_refused = True
                raise
            return self._ticket
