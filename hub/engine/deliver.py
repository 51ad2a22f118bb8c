"""Draining a lane: parcels go out one at a time, and every outcome is written down.

A drain takes the lane over with a fencing token, claims what is due (at most one
parcel a case), sends, writes the outcomes and claims the next in one commit. What
a dead worker was sending is unknown, not failed: the receiver is asked where it
can be asked, else it gets the parcel again under the same key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from hub.contract.adapter import Adapter, Enquires
from hub.contract.manifest import Manifest
from hub.contract.messages import Receipt
from hub.engine import door
from hub.engine.failpoint import failpoint
from hub.engine.hub import Hub
from hub.engine.joining import join_numbers
from hub.engine.retry import Pace, knock_wait
from hub.engine.verdict import answered, cut_off, failed, must_ask, silent
from hub.errors import (
    AgencyBusy,
    AgencyError,
    AgencyLoginRefused,
    DeliveryExhausted,
    HubError,
    NotFound,
)
from hub.store import jobs, lanes, outbox, receipts
from hub.store.database import Connection
from hub.store.lanes import Claim
from hub.store.receipts import Settled

_log = structlog.get_logger(__name__)

#: outcomes are written down at least this often (seconds), whatever the batch
_FLUSH = 0.25

#: a lane whose endpoint is configured no more is looked at this often (seconds)
_ORPHAN = 60.0


class _Closed(Exception):
    """The endpoint is down or closed: no parcel goes through now."""

    def __init__(self, error: AgencyError, over: Settled | None) -> None:
        super().__init__(error.code)
        self.error = error
        self.over = over


class _Overtaken(Exception):
    """Somebody else holds the lane now; nothing of ours may be written."""


@dataclass(slots=True)
class _Drain:
    """One drain of one lane, from take-over to the last commit."""

    hub: Hub
    lane: str
    endpoint: str
    fence: int
    pace: Pace
    is_stopping: Callable[[], bool]
    sent: int = 0
    accepted: int = 0

    @property
    def manifest(self) -> Manifest:
        """What the receiving system is and can do."""
        return self.hub.registry.manifest(self.endpoint)

    async def run(self, adapter: Adapter) -> None:
        """Send what is due until nothing is, or the budget is spent."""
        batch = await self._turn([])
        while batch:
            failpoint("outbox.after_claim")
            done, left = await self._send(adapter, batch)
            if left or self.sent >= self.pace.budget:
                await self._leave(done, left)
                return
            batch = await self._turn(done)

    async def _send(
        self, adapter: Adapter, batch: Sequence[Claim]
    ) -> tuple[list[Settled], Sequence[Claim]]:
        """(outcomes not yet written, claims not sent) of a batch."""
        done: list[Settled] = []
        flushed = taken = time.monotonic()
        for place, claim in enumerate(batch):
            now = time.monotonic()
            if self.is_stopping() or now - taken > self.pace.lease:
                return done, batch[place:]
            if done and now - flushed > _FLUSH:
                await self._write(done)
                done, flushed = [], now
            try:
                done.append(await self._contact(adapter, claim))
            except _Closed as closed:
                await self._close(closed, done, batch[place + 1 :])
                raise
            self.sent += 1
        return done, ()

    async def _contact(self, adapter: Adapter, claim: Claim) -> Settled:
        """Ask or send; whatever comes of it is a verdict about this one parcel."""
        sent_at: datetime | None = None
        can_ask = "enquire" in self.manifest.can
        try:
            receipt: Receipt | None = None
            asked = must_ask(claim, can_ask=can_ask, pace=self.pace)
            if asked and isinstance(adapter, Enquires):
                receipt = await adapter.enquire(claim.parcel)
                if receipt is None and claim.was == "DELIVERED":
                    return silent(claim, self.pace)
            if receipt is None:
                sent_at = datetime.now(UTC)
                receipt = await adapter.push(claim.parcel)
            failpoint("outbox.after_send_before_mark")
        except HubError as error:
            return await self._trouble(adapter, claim, error, sent_at)
        except Exception as error:  # noqa: BLE001 - a fault of one parcel's adapter
            # code must stop that parcel's case only, and be seen by a person
            _log.exception("parcel.stuck", lane=self.lane, code=type(error).__name__)
            return failed(claim, DeliveryExhausted(), sent_at, self.pace)
        return answered(claim, receipt, sent_at, self.manifest.own_numbers, self.pace)

    async def _trouble(
        self,
        adapter: Adapter,
        claim: Claim,
        error: HubError,
        sent_at: datetime | None,
    ) -> Settled:
        """Is it the parcel's trouble, or the endpoint's? Raises ``_Closed``."""
        _log.warning("parcel.failed", lane=self.lane, code=error.code)
        if isinstance(error, AgencyLoginRefused):
            raise _Closed(error, failed(claim, error, sent_at, self.pace)) from error
        closed = await door.why_closed(self.manifest, adapter, error)
        if closed is None:
            return failed(claim, error, sent_at, self.pace)
        wait = closed.retry_after or knock_wait(self.pace)
        raise _Closed(closed, cut_off(claim, error, sent_at, wait)) from error

    async def _turn(self, done: Sequence[Settled]) -> list[Claim]:
        """Write the outcomes and claim the next, in one commit."""
        async with self.hub.database.begin() as connection:
            await self._keep(connection, done)
            batch = await lanes.claim(connection, self.lane, self.fence, self._batch())
            if not batch:
                await self._set_timer(connection)
        self._count(done)
        return batch

    async def _write(self, done: Sequence[Settled]) -> None:
        async with self.hub.database.begin() as connection:
            await self._keep(connection, done)
        self._count(done)

    async def _leave(self, done: Sequence[Settled], left: Sequence[Claim]) -> None:
        """Let other lanes have their turn; this one is woken again at once."""
        async with self.hub.database.begin() as connection:
            await self._keep(connection, done)
            await lanes.release(connection, self.fence, left)
            await jobs.wake_lane(connection, self.lane)
        self._count(done)

    async def _close(
        self, closed: _Closed, done: Sequence[Settled], left: Sequence[Claim]
    ) -> None:
        """Write what is known, give the rest back, and come back later."""
        over = [closed.over] if closed.over else []
        wait = closed.error.retry_after or knock_wait(self.pace)
        async with self.hub.database.begin() as connection:
            await self._keep(connection, [*done, *over])
            await lanes.release(
                connection, self.fence, left, wait=wait, error=closed.error.code
            )
        self._count(done)

    async def _keep(self, connection: Connection, done: Sequence[Settled]) -> None:
        if not await lanes.is_held(connection, self.lane, self.fence):
            raise _Overtaken
        await join_numbers(connection, self.hub, done)
        version = self.hub.registry.adapter_version(self.manifest.system)
        await receipts.settle(connection, self.fence, done, version)

    async def _set_timer(self, connection: Connection) -> None:
        at = await lanes.next_due(connection, self.lane)
        if at is not None:
            await jobs.wake_lane_at(connection, self.lane, at)

    def _batch(self) -> int:
        """One at a time where a repeat would be a second case at the receiver."""
        return self.pace.batch if self.manifest.idempotency.honoured else 1

    def _count(self, done: Sequence[Settled]) -> None:
        if done:
            failpoint("outbox.after_mark")
        self.accepted += sum(one.state == "ACCEPTED" for one in done)


async def drain(
    hub: Hub,
    lane: str,
    pace: Pace,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Send what is due in a lane; returns how many contacts were made.

    Raises ``DatabaseNotReady`` when the database is lost; whatever was under way
    then is found as unknown by the next drain.
    """
    endpoint = lanes.endpoint_of(lane)
    async with hub.database.begin() as connection:
        fence = await lanes.take(connection, lane)
        state, code = await outbox.door(connection, endpoint)
    if state == "held" and code == AgencyLoginRefused.code:
        return 0
    work = _Drain(hub, lane, endpoint, fence, pace, is_stopping)
    try:
        if wait := _until_open(hub, endpoint):
            await door.postpone(hub, lane, wait, AgencyBusy.code)
            return 0
        async with hub.registry.open(endpoint) as adapter:
            if state == "down":
                await door.knock(hub, endpoint, adapter)
            await work.run(adapter)
    except (AgencyError, _Closed) as closed:
        error = closed.error if isinstance(closed, _Closed) else closed
        await door.shut(hub, lane, error, pace)
    except _Overtaken:
        _log.warning("lane.overtaken", lane=lane)
    except NotFound:
        _log.warning("lane.orphaned", lane=lane)
        await door.postpone(hub, lane, _ORPHAN, NotFound.code)
    else:
        if work.sent:
            await door.opened(hub, endpoint, with_news=work.accepted > 0)
    return work.sent


def _until_open(hub: Hub, endpoint: str) -> float:
    """Seconds until the endpoint's hours begin; 0 while it is open."""
    now = datetime.now(UTC)
    return (hub.registry.hours(endpoint).opening(now) - now).total_seconds()
