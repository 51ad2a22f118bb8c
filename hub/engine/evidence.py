"""What stands at the places a failure names: for the one person who has to mend it.

Failures, logs and pages never show a record's values. Whoever holds the settings
file of the deployment may look here; every look is written down first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from hub.contract.messages import RawRecord, Tree
from hub.contract.place import at
from hub.engine.hub import Hub
from hub.errors import Fault, NotFound, RecordError
from hub.mapping.value import as_text
from hub.store import events, raw, reads_runs
from hub.store.database import Connection


@dataclass(frozen=True, slots=True)
class Sight:
    """One place of the raw record and what stands there; ``None``: nothing."""

    where: str
    source: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The bytes of a record that was set aside, and what its faults point at.

    ``sights`` are empty where the bytes cannot even be taken apart.
    """

    endpoint: str
    record: RawRecord
    sights: tuple[Sight, ...]


async def look(hub: Hub, failure_id: int, who: str, place: str = "") -> Evidence:
    """What stands at the faulty places, or at ``place``, a raw path.

    Raises ``NotFound`` for an unknown failure. The event ``raw.seen`` names the
    failure and who looked, and is committed before anything is shown.
    """
    async with hub.database.begin() as connection:
        found = await reads_runs.failure_by_id(connection, failure_id)
        if found is None:
            raise NotFound(
                f"没有编号为 {failure_id} 的失败记录",
                f"There is no failure {failure_id}",
                where="FAILURE",
            )
        record = await _record(connection, found.raw_id)
        body = {"failure": failure_id, "by": who}
        await events.announce(connection, "raw.seen", body=body)
    sights: tuple[Sight, ...] = ()
    if found.kind == "record":
        sights = _sights(hub, found.endpoint, record, found.faults, place)
    return Evidence(found.endpoint, record, sights)


async def _record(connection: Connection, raw_id: int) -> RawRecord:
    kept = await raw.load(connection, raw_id)
    if kept is None:
        raise NotFound(where="raw_record")
    return kept.record


def _sights(
    hub: Hub, endpoint: str, record: RawRecord, faults: Sequence[Fault], place: str
) -> tuple[Sight, ...]:
    try:
        tree = hub.registry.open(endpoint).read(record)
    except RecordError:
        return ()
    if place:
        return (Sight("", place, _told(tree, place)),)
    wanted = dict.fromkeys((one.where, one.source) for one in faults if one.source)
    return tuple(Sight(where, at, _told(tree, at)) for where, at in wanted)


def _told(tree: Tree, place: str) -> str | None:
    found = at(tree, place)
    if isinstance(found, dict | list):
        return orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()
    return None if found is None else as_text(found)
