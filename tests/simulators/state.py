"""A simulated agency's own data: rows in a SQLite file on disk.

Every simulator keeps its cases and what it received here, so it forgets nothing
when it is killed and started again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_SCHEMA = """
create table if not exists record (
  kind text not null, key text not null, modified text not null, body text not null,
  primary key (kind, key)
);
create index if not exists by_modified on record (kind, modified, key);
create table if not exists received (
  id integer primary key, message_id text not null, digest text not null,
  answer text not null, body text not null, at text not null default current_timestamp
);
create index if not exists by_message on received (message_id);
create table if not exists setting (name text primary key, value text not null);
"""

Body = dict[str, Any]


class State:
    """The disk of one simulated agency. Commits on every write."""

    def __init__(self, folder: Path) -> None:
        """Open or make ``state.sqlite`` in the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._db = sqlite3.connect(folder / "state.sqlite", isolation_level=None)
        self._db.execute("pragma journal_mode=wal")
        self._db.execute("pragma synchronous=normal")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def is_new(self) -> bool:
        """Has nothing been seeded yet?"""
        return self.setting("seeded") is None

    def seed(self, rows: Iterator[tuple[str, str, str, Body]], mark: str) -> None:
        """Fill an empty state with (kind, key, modified, body) rows, at once."""
        self._db.execute("begin")
        for kind, key, modified, body in rows:
            self.put(kind, key, modified, body)
        self.set("seeded", mark)
        self._db.execute("commit")

    def put(self, kind: str, key: str, modified: str, body: Body) -> None:
        """Write one record of the agency's own."""
        self._db.execute(
            "insert into record values (?, ?, ?, ?) on conflict (kind, key)"
            " do update set modified = excluded.modified, body = excluded.body",
            (kind, key, modified, json.dumps(body, ensure_ascii=False)),
        )

    def get(self, kind: str, key: str) -> Body | None:
        """One record, or nothing."""
        row = self._db.execute(
            "select body from record where kind = ? and key = ?", (kind, key)
        ).fetchone()
        return json.loads(row[0]) if row else None

    def changes(
        self, kind: str, since: str, limit: int, offset: int
    ) -> list[tuple[str, str, Body]]:
        """(key, modified, body) of what changed at or after ``since``, in order."""
        rows = self._db.execute(
            "select key, modified, body from record where kind = ? and modified >= ?"
            " order by modified, key limit ? offset ?",
            (kind, since, limit, offset),
        ).fetchall()
        return [(key, modified, json.loads(body)) for key, modified, body in rows]

    def count(self, kind: str) -> int:
        """How many records of a kind there are."""
        row = self._db.execute(
            "select count(*) from record where kind = ?", (kind,)
        ).fetchone()
        return int(row[0])

    def receive(self, message_id: str, digest: str, answer: Body, body: str) -> None:
        """Keep a message that was taken in, with the answer given to it."""
        self._db.execute(
            "insert into received (message_id, digest, answer, body) values (?,?,?,?)",
            (message_id, digest, json.dumps(answer, ensure_ascii=False), body),
        )

    def answered(self, message_id: str) -> tuple[str, Body] | None:
        """(digest, answer) of the first message with this id."""
        row = self._db.execute(
            "select digest, answer from received where message_id = ? order by id",
            (message_id,),
        ).fetchone()
        return (row[0], json.loads(row[1])) if row else None

    def received(self) -> list[Body]:
        """Everything that was taken in, for whoever asks."""
        rows = self._db.execute(
            "select message_id, digest, answer, body, at from received order by id"
        ).fetchall()
        names = ("message_id", "digest", "answer", "body", "at")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def setting(self, name: str) -> str | None:
        """A small value kept on disk."""
        row = self._db.execute(
            "select value from setting where name = ?", (name,)
        ).fetchone()
        return row[0] if row else None

    def set(self, name: str, value: str) -> None:
        """Keep a small value."""
        self._db.execute(
            "insert into setting values (?, ?) on conflict (name)"
            " do update set value = excluded.value",
            (name, value),
        )
