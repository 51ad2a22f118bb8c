"""Another agency's database views: read only, in one snapshot, under a deadline.

The one place outside ``hub.store`` that knows SQLAlchemy. PostgreSQL through
psycopg and MariaDB through aiomysql; statements are text with bound parameters.
A value leaves this room as plain JSON: dates and times in ISO form without a zone
(the far side's local clock), decimals as text, column names in capitals, since
one engine folds them down and the other does not.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType, TracebackType
from typing import Any, Self

from sqlalchemy import bindparam, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from hub.contract.messages import Tree
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyLoginRefused,
    AgencyUnreachable,
    SettingInvalid,
)
from hub.wire.listening import Heard, is_heard, tell

Row = dict[str, Tree]
Value = str | int | datetime | list[str]

_REFUSED = "账号或权限不被对方数据库接受", "The database refuses our account or grant"
_BUSY = "对方数据库连接已满", "The database has no connection left"
_SLOW = "对方数据库未在时限内应答", "The database did not answer in time"
_CHANGED = "对方视图或字段已改变", "A view or column is gone or has changed"

#: SQLSTATE or MariaDB error number -> leaf and sentence; the rest is unreachable
TABLE: Mapping[str, tuple[type[AgencyError], tuple[str, str]]] = MappingProxyType(
    {
        **dict.fromkeys(("28000", "28P01", "42501"), (AgencyLoginRefused, _REFUSED)),
        **dict.fromkeys(("1044", "1045"), (AgencyLoginRefused, _REFUSED)),
        **dict.fromkeys(("1142", "1143", "1698"), (AgencyLoginRefused, _REFUSED)),
        **dict.fromkeys(("53300", "1040", "1203", "1226"), (AgencyBusy, _BUSY)),
        **dict.fromkeys(("57014", "1969", "3024"), (AgencyUnreachable, _SLOW)),
        **dict.fromkeys(
            ("42P01", "42703", "3F000", "42883", "42601"),
            (AgencyAnswerUnreadable, _CHANGED),
        ),
        **dict.fromkeys(
            ("1054", "1064", "1146", "1049"), (AgencyAnswerUnreadable, _CHANGED)
        ),
    }
)


class Snapshot:
    """One read-only transaction: everything read in it is of the same moment."""

    def __init__(self, connection: AsyncConnection, views: Views) -> None:
        """Made by ``Views.snapshot`` only."""
        self._connection = connection
        self._views = views

    async def rows(self, statement: str, **values: Value) -> list[Row]:
        """The rows of a statement; a list value fills ``IN :name``.

        Raises ``AgencyAnswerUnreadable`` beyond ``max_rows``: a cut-off result
        would look like a smaller agency.
        """
        lists = [name for name, value in values.items() if isinstance(value, list)]
        query = text(statement).bindparams(
            *(bindparam(name, expanding=True) for name in lists)
        )
        result = await self._connection.execute(query, values)
        names = [name.upper() for name in result.keys()]  # noqa: SIM118 - not a dict
        found = result.fetchmany(self._views.max_rows + 1)
        endpoint = self._views.endpoint
        if len(found) > self._views.max_rows:
            raise AgencyAnswerUnreadable(
                f"对方一次返回超过 {self._views.max_rows} 行",
                f"More than {self._views.max_rows} rows came at once",
                endpoint=endpoint,
            )
        rows = [
            dict(zip(names, (plain(value, endpoint) for value in row), strict=True))
            for row in found
        ]
        if is_heard():
            tell(_heard(statement, values, rows))
        return rows


class Views:
    """A door to one agency's views; enter it before reading."""

    def __init__(
        self, url: str, *, endpoint: str, deadline: float = 15.0, max_rows: int = 10_000
    ) -> None:
        """``deadline`` in seconds for a whole snapshot and for each statement.

        Raises ``SettingInvalid`` for an address no driver of ours understands.
        """
        self.endpoint = endpoint
        self.deadline = deadline
        self.max_rows = max_rows
        self._engine = _engine(url, endpoint, deadline)

    async def __aenter__(self) -> Self:
        """Nothing to open yet; the first snapshot connects."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Snapshot]:
        """A repeatable-read, read-only transaction; raises leaves of AgencyError."""
        try:
            async with asyncio.timeout(self.deadline), self._engine.begin() as open_:
                yield Snapshot(open_, self)
        except AgencyError:
            raise
        except (SQLAlchemyError, OSError) as error:
            raise translate(error, endpoint=self.endpoint) from error


def _heard(statement: str, values: Mapping[str, Value], rows: list[Row]) -> Heard:
    """A statement and its rows for whoever listens."""
    said = " ".join(statement.split())
    sent = json.dumps(values, ensure_ascii=False, default=str).encode()
    body = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()
    told = Heard("sql", said, f"{len(rows)} rows", body=body)
    return replace(told, sent=sent) if values else told


def _engine(url: str, endpoint: str, deadline: float) -> AsyncEngine:
    try:
        engine = create_async_engine(
            url,
            pool_size=2,
            max_overflow=2,
            pool_timeout=deadline,
            pool_pre_ping=True,
            isolation_level="REPEATABLE READ",
            hide_parameters=True,
        )
        prepare = _PREPARE[engine.dialect.name]
    except (ArgumentError, NoSuchModuleError, ImportError, KeyError) as error:
        raise SettingInvalid(
            "数据库地址须为 postgresql+psycopg:// 或 mysql+aiomysql:// 形式",
            "Write the database address as postgresql+psycopg:// or mysql+aiomysql://",
            where=f"endpoints.{endpoint}.options.database",
        ) from error
    event.listen(engine.sync_engine, "connect", prepare(deadline))
    return engine


def _prepare_postgres(deadline: float) -> Callable[[Any, Any], None]:
    def prepare(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("SET default_transaction_read_only = on")
        cursor.execute(f"SET statement_timeout = {int(deadline * 1000)}")
        cursor.close()
        connection.commit()

    return prepare


def _prepare_mariadb(deadline: float) -> Callable[[Any, Any], None]:
    def prepare(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute("SET SESSION TRANSACTION READ ONLY")
        cursor.execute(f"SET SESSION max_statement_time = {deadline}")
        cursor.close()

    return prepare


_PREPARE = {"postgresql": _prepare_postgres, "mysql": _prepare_mariadb}
_PREPARE["mariadb"] = _prepare_mariadb


def translate(error: BaseException, *, endpoint: str) -> AgencyError:
    """The leaf for a driver's exception; its text may quote rows and stays out."""
    code = _code(error)
    found = TABLE.get(code, (AgencyUnreachable, ("", "")))
    kind, sentence = TABLE["57014"] if isinstance(error, TimeoutError) else found
    detail = f"{type(error).__name__} {code}".strip()
    return kind(*sentence, endpoint=endpoint, detail=detail)


def _code(error: BaseException) -> str:
    """MariaDB's number or PostgreSQL's SQLSTATE; empty where there is neither."""
    origin = error.orig if isinstance(error, DBAPIError) else error
    number = origin.args[0] if origin is not None and origin.args else ""
    if isinstance(number, int):
        return str(number)
    told = str(origin)
    if "password authentication failed" in told or "no pg_hba.conf entry" in told:
        return "28P01"  # psycopg gives no SQLSTATE while it connects
    if "role" in told and ("does not exist" in told or "not permitted" in told):
        return "28000"
    return str(getattr(origin, "sqlstate", None) or "")


def plain(value: object, endpoint: str = "") -> Tree:
    """A database value as JSON; raises ``AgencyAnswerUnreadable`` for others."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, datetime):
        return value.replace(microsecond=0, tzinfo=None).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (Decimal, float)):
        return f"{Decimal(str(value)).normalize():f}"
    raise AgencyAnswerUnreadable(
        f"视图中有无法处理的类型 {type(value).__name__}",
        f"A view holds the unexpected type {type(value).__name__}",
        endpoint=endpoint,
    )
