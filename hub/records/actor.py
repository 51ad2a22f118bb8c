"""Who does something at the machine itself, where no token says who it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """The name that was told, and the account at the machine (操作人).

    The name is a claim and nothing more; the account is what the system says.
    """

    name: str
    account: str
