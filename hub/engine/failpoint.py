"""Named places where a test may pull the plug. Nothing happens unless one is armed."""

from __future__ import annotations

import os

#: every place there is; each has a kill test
NAMES = (
    "submit.after_validate",
    "submit.after_insert_before_commit",
    "submit.after_commit_before_reply",
    "outbox.after_claim",
    "outbox.after_send_before_mark",
    "outbox.after_mark",
    "replay.before_commit",
    "replay.after_page",
)

_armed: dict[str, int] = {}


def arm(order: str) -> None:
    """Arm ``NAME`` or ``NAME:N``: the process dies when it passes for the Nth time."""
    name, _, count = order.partition(":")
    if name not in NAMES:
        raise ValueError(name)
    _armed[name] = int(count or 1)


def failpoint(name: str) -> None:
    """Die here, at once and without any farewell, if this place is armed."""
    if not _armed or name not in _armed:
        return
    _armed[name] -= 1
    if _armed[name] == 0:
        os._exit(137)
