"""What a person decides of a drift: a crosswalk row is meant, or it is nothing.

A row is tried on a copy of the rules first, on the very records that wait: what is
told to pass has passed there. Only then is it written.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.engine.drift.find import CODE_NEW
from hub.engine.hub import Hub
from hub.engine.rules import Rules
from hub.errors import NotFound, RecordError, RequestInvalid
from hub.mapping.code_tables import crosswalk_row
from hub.mapping.code_tables.tables import ANY, Walk
from hub.mapping.coded import coded
from hub.mapping.load import SystemMapping
from hub.mapping.veil import is_shape
from hub.records.drift import Drift
from hub.store import drifts, events, raw
from hub.store.database import Connection

#: failures that a row is tried on at most
MOST = 5_000
_LOCAL = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Row:
    """What a person confirms: the meaning of a drift's raw code.

    ``anyone``: the row is for every system (``any.tsv``) and not for this one alone.
    """

    code: str
    relation: str
    by: str
    anyone: bool = False


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of it: the line, the file, and of the records that wait for the table
    (``tried``) how many a replay would bring in now (``passing``).
    """

    line: str
    file: Path
    tried: int
    passing: int
    failures: tuple[int, ...]


async def confirm(
    hub: Hub, drift_id: int, row: Row, *, write: bool = True
) -> Confirmed:
    """Try the row and, unless ``write`` is false, write it into the crosswalk.

    Raises ``NotFound``, ``RequestInvalid`` for a drift or a row for which that cannot
    be done, ``MappingInvalid`` where the rules with it are broken.
    """
    await hub.book.renew()
    async with hub.database.begin() as connection:
        kept = await _undecided(connection, drift_id)
        walk, file = _walk(hub, kept, row)
        with tempfile.TemporaryDirectory(prefix="hub-rules-") as folder:
            rules = await asyncio.to_thread(_with_row, hub, file, walk, Path(folder))
        found = await _tried(connection, hub, kept, rules)
        told = Confirmed(crosswalk_row.line(walk), file, *found)
        if write:
            await asyncio.to_thread(_write, file, walk)
            reason = f"{walk.relation} {walk.code}".strip()
            await drifts.decide(connection, drift_id, "confirmed", row.by, reason)
            await _announce(connection, kept, "drift.confirmed", row.by)
    if write:
        await hub.book.renew()
    return told


async def dismiss(hub: Hub, drift_id: int, by: str, reason: str) -> Drift:
    """Write down that a drift is nothing, and why.

    Raises ``NotFound`` for an unknown drift, ``RequestInvalid`` for one that ended.
    """
    if not reason.strip():
        raise RequestInvalid("请写明理由", "Say why", where="reason")
    async with hub.database.begin() as connection:
        kept = await _undecided(connection, drift_id)
        await drifts.decide(connection, drift_id, "dismissed", by, reason)
        await _announce(connection, kept, "drift.dismissed", by)
    return kept


async def _undecided(connection: Connection, drift_id: int) -> Drift:
    kept = await drifts.one(connection, drift_id, lock=True)
    if kept is None:
        raise NotFound(
            f"没有编号为 {drift_id} 的漂移", f"There is no drift {drift_id}", where="id"
        )
    if kept.state != "open":
        raise RequestInvalid(
            f"该漂移的状态为 {kept.state}，无需再处理",
            f"This drift is {kept.state}; there is nothing to decide",
            where="id",
        )
    return kept


def _walk(hub: Hub, kept: Drift, row: Row) -> tuple[Walk, Path]:
    if kept.drift != CODE_NEW or is_shape(kept.code):
        raise RequestInvalid(
            "只有未知代码可以用对照行确认；其余请改映射文件，或说明理由后驳回",
            "Only an unknown code is confirmed by a row; for anything else change the "
            "mapping, or dismiss it with a reason",
            where="id",
        )
    if hub.book.folder is None:
        raise RequestInvalid("没有映射文件夹", "There is no folder of mappings")
    if not row.by.strip():
        raise RequestInvalid("请写明确认人", "Say who confirms", where="by")
    day = datetime.now(_LOCAL).date()
    note = f"{row.by} {day} 确认 / confirmed (drift {kept.id})"
    walk = Walk(kept.code, row.code, row.relation, note)
    system = ANY if row.anyone else kept.system
    crosswalk_row.check(hub.tables, system, kept.table, walk)
    file = crosswalk_row.place(hub.book.folder, kept.table, system)
    if not file.exists():
        raise RequestInvalid(
            "该代码表没有这个对照文件", "The table has no such crosswalk", where="table"
        )
    return walk, file


def _with_row(hub: Hub, file: Path, walk: Walk, folder: Path) -> Rules:
    """The rules as they will be; raises ``MappingInvalid`` where they are broken."""
    home = hub.book.folder
    assert home is not None  # noqa: S101 - asked for before
    copy = folder / "mappings"
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns(".*"))
    crosswalk_row.put(copy / file.relative_to(home), walk)
    return Rules.load(copy)


def _write(file: Path, walk: Walk) -> None:
    try:
        crosswalk_row.put(file, walk)
    except OSError as error:
        raise RequestInvalid(
            "对照文件不可写；请在可写的副本中加入该行",
            "The crosswalk cannot be written; add the row where it can",
            where=f"{file.parent.parent.name}/crosswalk/{file.name}",
        ) from error


async def _tried(
    connection: Connection, hub: Hub, kept: Drift, rules: Rules
) -> tuple[int, int, tuple[int, ...]]:
    """(records that wait for the table, how many pass by these rules, which)."""
    mapping = rules.mappings.system(kept.system, kept.endpoint)
    if not any(kept.code in told for told in _meanings(mapping, kept)):
        raise RequestInvalid(
            "该字段不经对照表读取（by 或专用规则），写入对照行不会生效",
            "This field is not read by the crosswalk (by: or a rule of its own); a row "
            "there would change nothing",
            where="table",
        )
    endpoints = [
        code
        for code, one in hub.registry.endpoints.items()
        if one.system == kept.system
    ]
    waiting = await drifts.waiting(connection, endpoints, kept.table, MOST)
    passing = [
        failure
        for failure, endpoint, raw_id in waiting
        if await _passes(connection, hub, rules, endpoint, raw_id)
    ]
    return len(waiting), len(passing), tuple(passing)


def _meanings(mapping: SystemMapping, kept: Drift) -> list[Mapping[str, str]]:
    record = mapping.parsed.records.get(kept.kind)
    readers = coded(record).readers if record is not None else []
    return [
        one.meanings
        for one in readers
        if (one.path, one.table) == (kept.path, kept.table)
    ]


async def _passes(
    connection: Connection, hub: Hub, rules: Rules, endpoint: str, raw_id: int
) -> bool:
    kept = await raw.load(connection, raw_id)
    if kept is None:
        return False
    try:
        tree = hub.registry.open(endpoint).read(kept.record)
    except RecordError:
        return False
    system = hub.registry.endpoint(endpoint).system
    return (
        not rules.mappings.system(system, endpoint).read(kept.record.kind, tree).faults
    )


async def _announce(connection: Connection, kept: Drift, kind: str, by: str) -> None:
    body = {"endpoint": kept.endpoint, "drift": kept.id, "by": by}
    await events.announce(connection, kind, body=body)
