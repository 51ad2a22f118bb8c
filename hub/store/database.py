"""The way to PostgreSQL: one pool, transactions, and what every session is set to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import orjson
import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from hub.errors import DatabaseNotReady

Connection = AsyncConnection

#: A frozen worker must not keep row locks; a black-holed link must not hang for ever.
_SESSION = {
    "application_name": "agency-hub",
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,
    "options": "-c idle_in_transaction_session_timeout=30s -c jit=off -c timezone=UTC",
}


class Database:
    """The hub's PostgreSQL. Everything that is kept goes through here."""

    def __init__(self, engine: AsyncEngine, url: str) -> None:
        """Use ``open``."""
        self._engine = engine
        self.url = url

    @classmethod
    def open(cls, url: str, *, pool: int = 10) -> Self:
        """A pool on the database at a SQLAlchemy address; connects on first use."""
        engine = create_async_engine(
            url,
            pool_size=pool,
            max_overflow=pool,
            pool_timeout=15,
            pool_pre_ping=True,
            connect_args=_SESSION,
            json_deserializer=orjson.loads,
        )
        return cls(engine, url)

    @property
    def dsn(self) -> str:
        """The address in libpq's own words, for LISTEN and the job engine."""
        return self.url.replace("postgresql+psycopg://", "postgresql://", 1)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Connection]:
        """One transaction: commits at the end, rolls back on any exception."""
        try:
            async with self._engine.begin() as connection:
                yield connection
        except (DBAPIError, PoolTimeout, psycopg.Error) as error:
            raise _translated(error) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """One read-only look at one moment (repeatable read)."""
        try:
            async with self._engine.connect() as connection:
                looking = await connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                async with looking.begin():
                    yield looking
        except (DBAPIError, PoolTimeout, psycopg.Error) as error:
            raise _translated(error) from error

    @asynccontextmanager
    async def listen(self, channel: str) -> AsyncIterator[psycopg.AsyncConnection]:
        """A connection of its own that hears NOTIFY on a channel."""
        link = await psycopg.AsyncConnection.connect(self.dsn, autocommit=True)
        try:
            await link.execute(
                psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel))
            )
            yield link
        finally:
            await link.close()

    async def ping(self) -> None:
        """Prove that the database answers; raises ``DatabaseNotReady``."""
        async with self.read() as connection:
            await connection.execute(sa.text("select 1"))

    async def close(self) -> None:
        """Give every connection back."""
        await self._engine.dispose()


def _translated(error: Exception) -> Exception:
    """A lost or absent database becomes the hub's own error; the rest stays.

    COPY goes past SQLAlchemy, so its errors are the driver's own.
    """
    cause = error.orig if isinstance(error, DBAPIError) else error
    is_lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if is_lost or isinstance(cause, PoolTimeout | psycopg.OperationalError):
        return _not_ready(error)
    return error


def _not_ready(error: Exception) -> DatabaseNotReady:
    return DatabaseNotReady(
        "无法连接数据库", "The database cannot be reached", detail=type(error).__name__
    )
