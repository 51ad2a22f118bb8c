"""A strict receiver of parcels that counts: for tests of delivery alone.

It is no agency of the city. It takes parcels as JSON, opens one case a key, gives
the old answer to a repeat, refuses a key that comes with other content, and keeps
every call in a ledger on disk, so that it forgets nothing when it is killed.
Start: ``python -m tests.simulators.receiver --port N --data FOLDER``.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import sqlite3
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

_SCHEMA = """
create table if not exists ledger (
  id integer primary key, key text not null, lane_case text not null,
  digest text not null, kind text not null);
create table if not exists opened (
  key text primary key, digest text not null, number text not null,
  lane_case text not null, place integer not null);
"""
_FIELDS = {"key", "message_id", "node", "numbers", "body"}


class Receiver:
    """The receiver's disk and its moods."""

    def __init__(self, folder: Path) -> None:
        """Open or make its disk."""
        folder.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(folder / "receiver.sqlite", isolation_level=None)
        self.db.execute("pragma journal_mode=wal")
        self.db.execute("pragma synchronous=off")
        self.db.executescript(_SCHEMA)
        self.mood: dict[str, Any] = {}

    async def push(self, request: Request) -> Response:
        """Take a parcel."""
        refused = await self._refusal()
        if refused is not None:
            return refused
        parcel = json.loads(await request.body())
        if set(parcel) != _FIELDS or len(parcel["message_id"]) != 32:
            return JSONResponse({"error": "FORM"}, 400)
        if parcel["body"].get("title") in self.mood.get("poison", ()):
            return _silence()
        answer = self._take(parcel)
        if self._uses_up("silent_after_commit"):
            return _silence()
        return answer

    async def enquire(self, request: Request) -> Response:
        """Has this key arrived?"""
        refused = await self._refusal()
        if refused is not None:
            return refused
        key = request.query_params["key"]
        self._note(key, "", "", "enquire")
        found = self.db.execute(
            "select number from opened where key = ?", (key,)
        ).fetchone()
        if found is None or self._uses_up("forgets"):
            return JSONResponse({"known": False}, 404)
        return JSONResponse({"outcome": "ACCEPTED", "number": found[0]})

    async def health(self, _: Request) -> Response:
        """Is it open?"""
        if self.mood.get("probe_fine"):
            return JSONResponse({"version": "1"})
        return await self._refusal() or JSONResponse({"version": "1"})

    async def ledger(self, _: Request) -> Response:
        """Everything that ever came, for the checker."""
        calls = self.db.execute(
            "select key, lane_case, kind from ledger order by id"
        ).fetchall()
        opened = self.db.execute(
            "select key, lane_case, number from opened order by place"
        ).fetchall()
        return JSONResponse({"calls": calls, "opened": opened})

    async def fault(self, request: Request) -> Response:
        """Change the mood."""
        self.mood = json.loads(await request.body())
        return JSONResponse(self.mood)

    async def _refusal(self) -> Response | None:
        if self.mood.get("down"):
            return JSONResponse({"error": "DOWN"}, 503)
        if self.mood.get("login_refused"):
            return JSONResponse({"error": "LOGIN"}, 401)
        if self.mood.get("busy"):
            return JSONResponse({"retry_after": self.mood["busy"]}, 429)
        if self._uses_up("garbage"):
            return Response(b"<html>oops", 200)
        if self.mood.get("slow"):
            await asyncio.sleep(self.mood["slow"])
        return None

    def _take(self, parcel: dict[str, Any]) -> Response:
        key, case = parcel["key"], parcel["numbers"]["hub"]
        text = json.dumps([parcel["body"], parcel["numbers"]], sort_keys=True)
        digest = hashlib.sha256(text.encode()).hexdigest()
        self._note(key, case, digest, "push")
        if parcel["body"].get("title") in self.mood.get("returns", ()):
            reasons = [{"code": "R02", "text": "法律文书缺失"}]
            return JSONResponse({"outcome": "RETURNED", "reasons": reasons})
        found = self.db.execute(
            "select digest, number from opened where key = ?", (key,)
        ).fetchone()
        if found is not None and found[0] != digest:
            return JSONResponse({"error": "OTHER_CONTENT"}, 409)
        number = found[1] if found else self._open(key, digest, case)
        if self.mood.get("pending"):
            return JSONResponse({"outcome": "PENDING"})
        return JSONResponse({"outcome": "ACCEPTED", "number": number})

    def _open(self, key: str, digest: str, case: str) -> str:
        place = self.db.execute("select count(*) from opened").fetchone()[0]
        number = f"T{place + 1:06d}"
        self.db.execute(
            "insert into opened values (?, ?, ?, ?, ?)",
            (key, digest, number, case, place),
        )
        return number

    def _note(self, key: str, case: str, digest: str, kind: str) -> None:
        self.db.execute(
            "insert into ledger (key, lane_case, digest, kind) values (?, ?, ?, ?)",
            (key, case, digest, kind),
        )

    def _uses_up(self, name: str) -> bool:
        left = int(self.mood.get(name, 0))
        if left <= 0:
            return False
        self.mood[name] = left - 1
        return True

    def app(self) -> Starlette:
        """Its interface."""
        return Starlette(
            routes=[
                Route("/parcels", self.push, methods=["POST"]),
                Route("/parcels", self.enquire, methods=["GET"]),
                Route("/health", self.health),
                Route("/_sim/ledger", self.ledger),
                Route("/_sim/fault", self.fault, methods=["POST"]),
            ]
        )


class _Silence(Response):
    """Takes everything in and never says a word: the connection just ends."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ConnectionResetError


def _silence() -> Response:
    return _Silence()


def main() -> None:
    """Answer on loopback until killed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    found = parser.parse_args()
    app = Receiver(found.data).app()
    uvicorn.run(
        app, host="127.0.0.1", port=found.port, log_level="critical", access_log=False
    )


if __name__ == "__main__":
    main()
