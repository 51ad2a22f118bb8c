"""The one room for tenacity: how long to wait, with full jitter, and when to end.

Waits of parcels are rows in the database (``next_attempt_at``), so a retry over
hours holds no worker; tenacity only says how long. What retries in process is
the worker itself, when it has lost the database.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

import tenacity
from tenacity.wait import wait_base, wait_exponential, wait_random_exponential


@dataclass(frozen=True, slots=True)
class Pace:
    """How parcels are pushed and tried again; times in seconds.

    ``batch``: parcels claimed at once. ``budget``: sends before a lane lets the
    others have their turn. ``attempts``: sends of one parcel before a person must
    look. ``knock``: how often an endpoint that is down is tried. ``lease``: how
    long a claim may be worked on without looking whether the lane is still ours.
    ``ask_first``, ``ask_longest``: waits between enquiries after a receipt.
    ``enquiries``: how many of them before the parcel is handed over once more.
    """

    batch: int = 20
    budget: int = 200
    attempts: int = 20
    first_wait: float = 1.0
    longest_wait: float = 600.0
    knock: float = 10.0
    lease: float = 20.0
    ask_first: float = 2.0
    ask_longest: float = 60.0
    enquiries: int = 6


def pause(attempt: int, first: float, longest: float) -> float:
    """Seconds to wait after the given attempt (1 for the first).

    Exponential with full jitter: anywhere between nothing and the exponential,
    so that what failed together does not come back together.
    """
    return _ask(wait_random_exponential(multiplier=first, max=longest), attempt)


def steady(attempt: int, first: float, longest: float) -> float:
    """The same without jitter: for enquiries, where one asks for one's own."""
    return _ask(wait_exponential(multiplier=first, max=longest, exp_base=1.5), attempt)


def knock_wait(pace: Pace) -> float:
    """Seconds until a closed door is tried again; lanes do not come in step."""
    return _ask(tenacity.wait_random(pace.knock / 2, pace.knock), 1)


def is_spent(attempts: int, pace: Pace) -> bool:
    """Is this the end, after so many attempts?"""
    return attempts >= pace.attempts


async def keep_at_it(
    work: Callable[[], Awaitable[None]],
    stop: asyncio.Event,
    first: float,
    longest: float,
) -> None:
    """Do the work again whenever it ends or fails, until told to stop."""

    async def rest(seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)

    def is_over(_: tenacity.RetryCallState) -> bool:
        return stop.is_set()

    again = tenacity.AsyncRetrying(
        sleep=rest,
        stop=is_over,
        wait=wait_random_exponential(multiplier=first, max=longest, min=first / 2),
        retry=tenacity.retry_always,
        retry_error_callback=lambda _: None,
    )
    await again(work)


def _ask(wait: wait_base, attempt: int) -> float:
    state = tenacity.RetryCallState(cast("tenacity.BaseRetrying", None), None, (), {})
    state.attempt_number = max(attempt, 1)
    return float(wait(state))
