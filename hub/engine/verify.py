"""Verify: does what the hub answers still say what the stored bytes say?

For every current facet the bytes are held against their digest, and each of its values
against its own rule on its own raw place. Bytes that changed on disk, or a value that
was written past the rules, are named one by one.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from hub.contract.adapter import Adapter
from hub.contract.messages import RawRecord
from hub.engine.hub import Hub
from hub.errors import RecordError
from hub.mapping.load import SystemMapping
from hub.mapping.prove import unproven
from hub.mapping.trace import leaves
from hub.store import raw, reads_lineage
from hub.store.reads_lineage import Made

_PAGE = 200


@dataclass(frozen=True, slots=True)
class Broken:
    """A record that does not prove what is told of it.

    ``is_changed``: its bytes are not those of the digest. ``paths`` are the values
    that its raw record does not give, in the facet's own paths.
    """

    endpoint: str
    source_key: str
    raw_id: int
    is_changed: bool
    paths: tuple[str, ...]


@dataclass(slots=True)
class Verified:
    """What was looked at: records and values, those made by older rules, the broken."""

    records: int = 0
    values: int = 0
    older: int = 0
    broken: list[Broken] = field(default_factory=list)


async def verify(hub: Hub, endpoint: str, most: int = 0) -> Verified:
    """Verify what an endpoint tells; ``most`` records at most, 0 for all.

    Records that were read by other rules than those in force are counted as older:
    their values are proven after a replay. Raises ``NotFound`` for an unknown endpoint.
    """
    hub.registry.endpoint(endpoint)
    found = Verified()
    async for page in _pages(hub, endpoint, most):
        await _look(hub, page, found)
    return found


async def _pages(hub: Hub, endpoint: str, most: int) -> AsyncIterator[Sequence[Made]]:
    after, left = 0, most or None
    while True:
        many = _PAGE if left is None else min(_PAGE, left)
        async with hub.database.read() as connection:
            page = await reads_lineage.made_after(connection, endpoint, after, many)
        if page:
            yield page
        if len(page) < many or (left is not None and left <= len(page)):
            return
        after = page[-1].id
        left = None if left is None else left - len(page)


async def _look(hub: Hub, page: Sequence[Made], found: Verified) -> None:
    endpoint = page[0].endpoint
    async with hub.database.read() as connection:
        kept = await raw.load_all(connection, [one.raw_id for one in page])
    records = {one.id: one.record for one in kept}
    mapping, adapter = hub.mapping_of(endpoint), hub.registry.open(endpoint)
    for made in page:
        record = records[made.raw_id]
        is_older = made.rules != mapping.rules
        found.records += 1
        found.older += is_older
        found.values += sum(1 for _ in leaves(made.body))
        is_changed = raw.digest(record.body) != bytes(made.raw_digest)
        paths = () if is_older else _unproven(adapter, mapping, record, made)
        if is_changed or paths:
            key = made.source_key
            broken = Broken(endpoint, key, made.raw_id, is_changed, paths)
            found.broken.append(broken)


def _unproven(
    adapter: Adapter, mapping: SystemMapping, record: RawRecord, made: Made
) -> tuple[str, ...]:
    try:
        return unproven(mapping, record.kind, adapter.read(record), made.body)
    except RecordError:
        return tuple(sorted(place for place, _ in leaves(made.body)))
