"""The hub put together from its settings: the only place where all rooms meet."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from hub.engine.dryrun import approval
from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.engine.rules import RuleBook
from hub.entry.place import ADAPTERS, MAPPINGS, ROOT
from hub.entry.settings import Settings
from hub.errors import DatabaseNotReady, SettingInvalid
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings
from hub.store import migrate
from hub.store.database import Database
from hub.store.embedded import embedded_postgres

__all__ = [
    "ADAPTERS",
    "MAPPINGS",
    "ROOT",
    "database_address",
    "load_dictionary",
    "open_hub",
    "rest_in_memory",
]


@contextmanager
def database_address(settings: Settings) -> Iterator[str]:
    """The configured database, or the embedded one, started for as long as needed.

    Raises ``SettingInvalid`` where nothing at all was configured: an empty database
    made on the spot would tell an operator in the wrong folder that all is well.
    """
    if not settings.database and not settings.source:
        raise SettingInvalid(
            "此处没有配置文件，也没有设置 HUB_DATABASE；请用 --config 指定，"
            "或在演示所在目录中运行",
            "There is no settings file here and HUB_DATABASE is not set; name one with "
            "--config, or run this where the demonstration runs",
            where=str(Path.cwd()),
        )
    if settings.database:
        yield settings.database
        return
    with embedded_postgres(settings.data_dir.resolve() / "postgres") as address:
        yield address


def load_dictionary() -> tuple[Tables, Mappings]:
    """Code tables and mappings; raises ``MappingInvalid`` or ``CodeTableMissing``."""
    tables = Tables.load(MAPPINGS / "tables")
    return tables, Mappings.load(MAPPINGS, tables)


@asynccontextmanager
async def open_hub(
    settings: Settings, *, pool: int = 10, guarded: bool = True
) -> AsyncIterator[Hub]:
    """Everything a door hands to the engine. Closes what it opened.

    The embedded database is brought to the newest schema by itself: nobody
    administers a laptop. Any other must have it already (``DatabaseNotReady``).
    Where ``rules.approval`` asks for it, rules nobody approved are refused
    (``RulesNotApproved``); not ``guarded``: whoever compares and approves may look.
    """
    book = RuleBook.open(MAPPINGS)
    registry = Registry.load(ADAPTERS, settings.endpoints)
    with database_address(settings) as address:
        await asyncio.to_thread(_make_ready, address, embedded=not settings.database)
        database = Database.open(address, pool=pool)
        try:
            rest_in_memory()
            hub = Hub(database, book, registry)
            if guarded and settings.rules.approval == "required":
                await approval.guard(hub)
            yield hub
        finally:
            await database.close()


def rest_in_memory() -> None:
    """Take what was loaded for good out of the garbage collector's sight.

    Tables and mappings are half a million objects, and a page of records makes tens
    of thousands that die with it; walking them all again and again was a third of a
    sync's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _make_ready(address: str, *, embedded: bool) -> None:
    if embedded:
        migrate.upgrade(address)
        return
    there, newest = migrate.check(address)
    if there != newest:
        raise DatabaseNotReady(
            f"数据库结构版本为 {there or '空'}，需要 {newest}",
            f"The database schema is at {there or 'nothing'}, {newest} is needed",
        )
