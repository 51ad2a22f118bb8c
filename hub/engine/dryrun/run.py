"""Dry run: captured records through the rules in force and through proposed ones.

Nothing is written and no agency is asked. The bytes are those in the store, the way
is the one every record goes: read, map, project, write. A page of records is in
memory at a time, and what is computed is computed beside the event loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from hub.engine.dryrun.bench import Bench, Desk, Difference, Told, Wanted, Window
from hub.engine.dryrun.cases import compare_cases
from hub.engine.dryrun.records import compare_records
from hub.engine.hub import Hub
from hub.engine.rules import Rules
from hub.errors import RequestInvalid, Text
from hub.mapping.dryrun.candidate import candidate
from hub.store import captured


async def dry_run(
    hub: Hub,
    wanted: Wanted,
    told: Told,
    *,
    window: Window | None = None,
    after: int = 0,
) -> Difference:
    """Compare what is wanted, or the captured records of an earlier ``window``.

    ``after`` leaves out raw records up to that id. Raises ``RequestInvalid`` or
    ``NotFound`` for what cannot be compared, ``MappingInvalid`` or
    ``CodeTableMissing`` where the proposed rules are broken.
    """
    folder = folder_of(hub)
    with candidate(folder, wanted.offered) as proposed:
        rules = await asyncio.to_thread(Rules.load, proposed.folder)
        bench = Bench(hub, hub.book.now, rules, _desks(hub, rules, wanted))
        ids = await _raw_ids(bench, wanted, window, after)
        await compare_records(bench, ids, told)
        await compare_cases(bench, await _case_ids(bench, wanted), told)
        up_to = window.up_to if window else max(ids, default=0)
        return Difference(
            bench.before.digest,
            bench.after.digest,
            proposed.changed,
            dict(_unseen(bench, proposed.changed)),
            Window(wanted.endpoint, wanted.system, wanted.last, up_to),
            bench.books,
            bench.report,
        )


def folder_of(hub: Hub) -> Path:
    """The folder of the rules in force; raises ``RequestInvalid`` if they have none."""
    if hub.book.folder is None:
        raise RequestInvalid(
            "当前规则不是从文件夹读取的，无从比较",
            "The rules in force were not read from a folder; nothing can be compared",
            where="mappings",
        )
    return hub.book.folder


def _desks(hub: Hub, rules: Rules, wanted: Wanted) -> dict[str, Desk]:
    if wanted.endpoint:
        hub.registry.endpoint(wanted.endpoint)
    found = {}
    for code, endpoint in hub.registry.endpoints.items():
        if wanted.endpoint in ("", code) and wanted.system in ("", endpoint.system):
            after = rules.mappings.system(endpoint.system, code)
            adapter = hub.registry.open(code)
            found[code] = Desk(code, adapter, hub.mapping_of(code), after)
    if not found:
        raise RequestInvalid(
            "没有符合条件的接入点", "No endpoint is both of these", where="--system"
        )
    return found


async def _raw_ids(
    bench: Bench, wanted: Wanted, window: Window | None, after: int
) -> list[int]:
    """The raw records that may read otherwise; of the others that is proven."""
    up_to = window.up_to if window else None
    async with bench.hub.database.read() as connection:
        return await captured.newest(
            connection,
            bench.touched,
            bench.kinds,
            wanted.last,
            up_to=up_to,
            after=after,
        )


async def _case_ids(bench: Bench, wanted: Wanted) -> list[int]:
    if bench.before.precedence == bench.after.precedence and not _is_any(bench):
        return []
    async with bench.hub.database.read() as connection:
        return await captured.newest_cases(connection, bench.desks, wanted.last)


def _is_any(bench: Bench) -> bool:
    """Does any system read or write otherwise, also one that was not asked for?"""
    endpoints = bench.hub.registry.endpoints.items()
    return any(
        bench.before.mappings.system(one.system, code).rules
        != bench.after.mappings.system(one.system, code).rules
        for code, one in endpoints
    )


def _unseen(bench: Bench, changed: Sequence[str]) -> Iterator[tuple[str, Text]]:
    """Changed files that the comparison says nothing about."""
    endpoints = bench.hub.registry.endpoints
    systems = {one.system for one in endpoints.values()}
    tables = _tables(bench, systems)
    for place in changed:
        parts, name = PurePosixPath(place).parts, PurePosixPath(place).stem
        if parts[0] == "tables" and parts[1] not in tables:
            yield place, _NO_RULE
            continue
        speakers = {
            "overlays": endpoints.keys(),
            "tables": {*systems, "any", "names"} if len(parts) == 4 else {name},
        }.get(parts[0], {*systems, "precedence"})
        if name not in speakers:
            yield place, _NO_ENDPOINT


def _tables(bench: Bench, systems: set[str]) -> set[str]:
    return {
        table
        for rules in (bench.before, bench.after)
        for system in systems
        for table in rules.mappings.system(system).parsed.tables
    }


_NO_RULE = Text(
    "没有映射使用此代码表；它另有用途（如移送规则），此处未比较",
    "no mapping uses this table; what else it decides (rules of hand-over, names) is "
    "not compared",
)
_NO_ENDPOINT = Text(
    "没有接入点使用它，无记录可比较", "no endpoint uses it, there is nothing to compare"
)
