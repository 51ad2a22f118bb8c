"""Talks to the justice bureau: takes file sets, leaves file sets, finds receipts."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.justice_drop.message import read_message, spot, write_message
from adapters.justice_drop.receipt import read_receipt
from adapters.justice_drop.shelf import Shelf
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import (
    Health,
    Outcome,
    Page,
    Parcel,
    RawRecord,
    Receipt,
    Tree,
    Watermark,
)
from hub.contract.place import Spot
from hub.errors import AgencyUnreachable, RecordUnreadable, SettingInvalid
from hub.wire.archive import md5
from hub.wire.business import BusinessFaults
from hub.wire.drop import Folder, Left

MEDIA = "application/zip"
#: seconds until a receipt that did not come is asked for by dropping again
PATIENCE = 4 * 3600.0


class JusticeDrop:
    """The adapter of one directory pair.

    Options: ``outbox`` (the bureau leaves, we read), ``inbox`` (we leave),
    ``patience`` (seconds until a missing receipt is asked for), ``settle``
    (seconds until a broken file set counts as broken for good).
    """

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        """Take the endpoint; its directories are asked for when it is entered."""
        self._endpoint = endpoint
        self._limits = manifest.limits
        options = endpoint.options
        self._settle = float(options.get("settle", manifest.increment.lag_seconds))
        self._patience = float(options.get("patience", PATIENCE))
        self._faults = BusinessFaults.load(Path(__file__).with_name("faults.yaml"))

    def _folder(self, option: str) -> Folder:
        path = self._endpoint.options.get(option, "")
        if not path:
            raise SettingInvalid(
                f"接入点 {self._endpoint.code} 缺少目录配置 {option}",
                f"Endpoint {self._endpoint.code} has no directory {option}",
                where=f"endpoint.{self._endpoint.code}.options.{option}",
            )
        return Folder(
            Path(path),
            endpoint=self._endpoint.code,
            deadline=self._limits.deadline_seconds,
            max_bytes=self._limits.max_bytes,
        )

    async def __aenter__(self) -> Self:
        """Find the directories; raises ``SettingInvalid`` where none are named."""
        self._outbox = self._folder("outbox")
        self._inbox = self._folder("inbox")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to close."""

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        """File sets that are new or were written again, oldest first."""
        shelf = Shelf.resume(watermark)
        left = await self._outbox.left()
        if not left and shelf.seen and await self._outbox.is_bare():
            # an unmounted mount point is an empty folder, not an empty source
            raise AgencyUnreachable(
                "交换目录突然为空，可能未挂载",
                "The exchange folder is suddenly bare; it may not be mounted",
                endpoint=self._endpoint.code,
            )
        kept = shelf.watermark()
        shelf = shelf.only(left)
        fresh = shelf.unseen(left)
        for start in range(0, len(fresh), self._limits.page_size):
            batch = fresh[start : start + self._limits.page_size]
            shelf, records = await self._taken(shelf, batch)
            kept = shelf.watermark()
            yield Page(records, kept)
        if shelf.watermark() != kept:
            yield Page((), shelf.watermark())

    async def _taken(
        self, shelf: Shelf, batch: tuple[Left, ...]
    ) -> tuple[Shelf, tuple[RawRecord, ...]]:
        records = []
        for left in batch:
            body = await self._outbox.take(f"{left.name}.zip")
            now = time.time()
            record = _record(left, body or b"")
            is_whole = body is not None and await asyncio.to_thread(self._reads, record)
            if is_whole or shelf.is_final(left, now, self._settle):
                shelf = shelf.see(left)
                records.append(record)
            else:
                shelf = shelf.wait(left, now)
        return shelf, tuple(records)

    def _reads(self, record: RawRecord) -> bool:
        try:
            self.read(record)
        except RecordUnreadable:
            return False
        return True

    def read(self, raw: RawRecord) -> Tree:
        """``head``, ``rows/row`` (one a person) and ``files/file`` of a ZIP."""
        return read_message(raw.body)

    def locate(self, raw: RawRecord, place: str) -> Spot:
        """The member of the ZIP, and the XPath or the row and column in it."""
        return spot(raw.body, place)

    async def push(self, parcel: Parcel) -> Receipt:
        """Leave the parcel; the answer comes later, if it comes."""
        body = await asyncio.to_thread(write_message, parcel)
        await self._inbox.put(parcel.message_id, body)
        return _pending()

    async def enquire(self, parcel: Parcel) -> Receipt | None:
        """Look for the receipt of exactly this content.

        Where the bureau took the parcel and its receipt is overdue, the same ZIP
        is left again: that is how this bureau is asked to repeat a receipt.
        """
        body = await asyncio.to_thread(write_message, parcel)
        receipt = await self._receipt(parcel.message_id, md5(body))
        if receipt is not None:
            return receipt
        name = f"{parcel.message_id}.zip"
        marker = f"{parcel.message_id}.ok"
        if await self._inbox.touched(marker) and await self._inbox.touched(name):
            return _pending()
        taken = await self._inbox.touched(f"done/{name}")
        if taken is None:
            return None
        if time.time() - taken >= self._patience:
            await self._inbox.put(parcel.message_id, body)
        return _pending()

    async def _receipt(self, message_id: str, digest: str) -> Receipt | None:
        for ending in (".err", ".ack"):
            body = await self._outbox.take(f"{message_id}{ending}")
            if body:
                found = read_receipt(body, self._faults, self._endpoint.code)
                if found.digest == digest:
                    return found.receipt
        return None

    async def probe(self) -> Health:
        """Are both directories there and open to us?"""
        await self._outbox.check(writable=False)
        await self._inbox.check(writable=True)
        return Health()


def _record(left: Left, body: bytes) -> RawRecord:
    modified = datetime.fromtimestamp(left.touched, UTC).isoformat(timespec="seconds")
    return RawRecord("case", left.name, body, MEDIA, modified)


def _pending() -> Receipt:
    return Receipt(Outcome.PENDING, received_at=datetime.now(UTC))
