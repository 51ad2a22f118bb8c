"""Login tickets of system 1.5, and the account that locks after three refusals."""

from __future__ import annotations

import secrets
import time
from typing import Any

from tests.simulators.state import State

LIFE = 20 * 60
MOST_REFUSALS = 3


class Tickets:
    """The tickets that are alive. A restart forgets them all, as the real one does."""

    def __init__(
        self, state: State, login: tuple[str, str], calls: int, faults: dict[str, Any]
    ) -> None:
        """A ticket dies after ``calls`` calls; 0: only of old age."""
        self._state = state
        self._login = login
        self._calls = calls
        self._faults = faults
        self._alive: dict[str, tuple[float, int]] = {}

    def log_in(self, account: str, password: str) -> tuple[str, str]:
        """(code, ticket)."""
        self._count("logins")
        if int(self._state.setting("refused") or 0) >= MOST_REFUSALS:
            return "1003", ""
        if self._faults.get("login_refused") or (account, password) != self._login:
            self._count("refused")
            return "1001", ""
        ticket = f"SIM-{secrets.token_hex(16)}"
        self._alive[ticket] = (time.monotonic() + LIFE, self._calls or 1_000_000_000)
        return "0", ticket

    def is_good(self, ticket: str) -> bool:
        """Use the ticket for one call."""
        self._expire_on_order()
        until, left = self._alive.get(ticket, (0.0, 0))
        if left <= 0 or time.monotonic() > until:
            self._alive.pop(ticket, None)
            return False
        self._alive[ticket] = (until, left - 1)
        return True

    def _expire_on_order(self) -> None:
        """The fault ``expire_ticket_after: n`` kills every ticket after n calls."""
        left = self._faults.get("expire_ticket_after")
        if left is None:
            return
        if int(left) <= 0:
            self._alive.clear()
            del self._faults["expire_ticket_after"]
        else:
            self._faults["expire_ticket_after"] = int(left) - 1

    def _count(self, name: str) -> None:
        self._state.set(name, str(int(self._state.setting(name) or 0) + 1))
