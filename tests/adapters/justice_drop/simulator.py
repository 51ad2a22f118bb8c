"""A simulated justice bureau: a pair of directories and somebody who looks in.

``out/`` is what it leaves for the hub (register ZIPs and receipts), ``in/`` is what
the hub leaves for it. It looks every 0.3 s, or only on the order ``batch`` when
started with ``--set batch=manual``. What it took lies in ``in/done/``.
"""

from __future__ import annotations

import itertools
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from tests.adapters.justice_drop import intake
from tests.adapters.justice_drop.planted import DIRT
from tests.adapters.justice_drop.register import (
    EXPECTED,
    UNDER_CORRECTION,
    Card,
    card_of,
    digest,
    drop,
    message_id,
)
from tests.simulators import world
from tests.simulators.dirt import Dirt, is_dirty
from tests.simulators.service import Options
from tests.simulators.state import State

NAME = "justice_drop"
CHINA = timezone(timedelta(hours=8))
EVERY = 0.3


def open_agency(options: Options, faults: dict[str, Any]) -> Bureau:
    """Open the bureau's desk, seed its register once, start looking in."""
    bureau = Bureau(options, faults)
    bureau.open()
    return bureau


class Bureau:
    """The bureau: its folders, its register and its slow colleagues."""

    def __init__(self, options: Options, faults: dict[str, Any]) -> None:
        """``--set outbox=DIR inbox=DIR``; by default both lie in the data folder."""
        self.state = State(options.data)
        self.outbox = Path(options.value("outbox") or options.data / "out")
        self.inbox = Path(options.value("inbox") or options.data / "in")
        self._options = options
        self._faults = faults
        self._manual = options.value("batch") == "manual"
        self._later: list[tuple[Path, bytes]] = []  # files that are finished next time
        self._lock = threading.Lock()

    def open(self) -> None:
        """Make the folders, seed, and look in from time to time."""
        for folder in (self.outbox, self.inbox / "done"):
            _come_back(folder if folder.name != "done" else folder.parent)
            folder.mkdir(parents=True, exist_ok=True)
        if self.state.is_new():
            self._seed()
        threading.Thread(target=self._watch, daemon=True).start()

    def routes(self) -> Sequence[BaseRoute]:
        """No network interface of its own; only a page for the curious."""

        async def look(_: Request) -> Response:
            return JSONResponse(
                {"out": len(list(self.outbox.glob("*.ok"))), "cases": self._count()}
            )

        return [Route("/", look)]

    def declared(self) -> Sequence[Dirt]:
        """The planted dirt by message number."""
        return [Dirt(card["SJBS"], DIRT[kind][0], kind) for card, kind in self._dirty()]

    def act(self, order: dict[str, Any]) -> dict[str, Any]:
        """``batch``; ``report`` (a person turned up); ``look`` at a case."""
        with self._lock:
            match order["do"]:
                case "batch":
                    return {"processed": self._tick(self.state, every_drop=True)}
                case "report":
                    return self._report(self.state, order["correction_number"])
                case "look":
                    return self._card(self.state, order["correction_number"])
        raise ValueError(f"cannot {order['do']}")

    # --- the register -------------------------------------------------------------

    def _cases(self) -> Iterator[world.Case]:
        for case in world.build(self._options.seed, self._options.cases):
            if case.reached("EXECUTION"):
                yield case

    def _dirty(self) -> Iterator[tuple[Card, str]]:
        """The dirty cards; the kinds take turns, so that every one occurs."""
        seed = self._options.seed
        dirty = (case for case in self._cases() if is_dirty(seed, NAME, case.index))
        for case, kind in zip(dirty, itertools.cycle(DIRT), strict=False):
            yield card_of(case, seed), kind

    def _seed(self) -> None:
        dirty = {card["SJBS"]: kind for card, kind in self._dirty()}
        cards = [card_of(case, self._options.seed) for case in self._cases()]
        for card in cards:
            kind = dirty.get(card["SJBS"])
            body = DIRT[kind][1](card) if kind else drop(card)
            self._leave(card["SJBS"], body, _moment(card["FSSJ"]))
        rows = [("card", card["JZBH"], card["FSSJ"], card) for card in cards]
        rows += [
            (
                "by_court",
                card["AH"],
                card["FSSJ"],
                {k: card[k] for k in ("JZBH", "SJBS")},
            )
            for card in cards
        ]
        self.state.seed(iter(rows), "register")

    def _count(self) -> int:
        return self.state.count("card")

    def _card(self, state: State, number: str) -> Card:
        card = state.get("card", number)
        if card is None:
            raise LookupError(number)
        return card

    def _report(self, state: State, number: str) -> dict[str, Any]:
        card = self._card(state, number)
        return {"dropped": self._register(state, card | {"ZT": UNDER_CORRECTION})}

    def _register(self, state: State, card: Card) -> str:
        """Write a card into the register and leave its ZIP for the hub."""
        count = int(state.setting("dropped") or "0") + 1
        state.set("dropped", str(count))
        fresh = card | {
            "SJBS": message_id("drop", self._options.seed, card["JZBH"], count),
            "FSSJ": f"{datetime.now(CHINA):%Y-%m-%d %H:%M:%S}",
            "style": 2 + count,
        }
        state.put("card", fresh["JZBH"], fresh["FSSJ"], fresh)
        self._deliver(fresh["SJBS"], drop(fresh))
        return str(fresh["SJBS"])

    # --- the folders --------------------------------------------------------------

    def _watch(self) -> None:
        state = State(self._options.data)  # a connection of this thread's own
        while True:
            time.sleep(EVERY)
            # what the hub takes away under our eyes is looked for again next time
            with self._lock, suppress(FileNotFoundError):
                self._tick(state, every_drop=not self._manual)

    def _tick(self, state: State, *, every_drop: bool) -> int:
        self._mount()
        if self._faults.get("down") or not every_drop:
            return 0
        for path, body in self._later:
            _write(path, body)
        self._later.clear()
        return sum(self._take(state, marker) for marker in self._waiting())

    def _mount(self) -> None:
        for folder in (self.outbox, self.inbox):
            if self._faults.get("down") and folder.exists():
                folder.rename(_away(folder))
            if not self._faults.get("down"):
                _come_back(folder)

    def _waiting(self) -> list[Path]:
        slow = float(self._faults.get("slow", 0))
        return sorted(
            marker
            for marker in self.inbox.glob("*.ok")
            if time.time() - marker.stat().st_mtime >= slow
        )

    def _spend(self, *names: str) -> bool:
        """Is one of these faults on? Uses up one of its times."""
        for name in names:
            left = int(self._faults.get(name, 0))
            if left > 0:
                self._faults[name] = left - 1
                return True
        return False

    def _deliver(self, name: str, body: bytes) -> None:
        """Leave a register ZIP, as badly as the switched-on fault says."""
        if self._spend("half_written"):
            self._leave(name, body[: len(body) // 2])
            self._later.append((self.outbox / f"{name}.zip", body))
        elif self._spend("marker_first"):
            _write(self.outbox / f"{name}.ok", b"")
            self._later.append((self.outbox / f"{name}.zip", body))
        else:
            self._leave(name, body)
            if self._spend("duplicate"):
                self._later.append((self.outbox / f"{name}.zip", body))
                self._later.append((self.outbox / f"{name}.ok", b""))

    def _leave(self, name: str, body: bytes, at: float | None = None) -> None:
        for path, part in ((f"{name}.zip", body), (f"{name}.ok", b"")):
            _write(self.outbox / path, part)
            if at is not None:
                os.utime(self.outbox / path, (at, at))

    # --- the inbox ----------------------------------------------------------------

    def _take(self, state: State, marker: Path) -> int:
        package = marker.with_suffix(".zip")
        if not package.exists():
            return 0
        body = package.read_bytes()
        package.replace(self.inbox / "done" / package.name)
        (self.inbox / "done" / package.name).touch()
        marker.unlink(missing_ok=True)  # the hub may be leaving it anew
        self._answer(marker.stem, body, self._judge(state, marker.stem, body))
        return 1

    def _judge(self, state: State, name: str, body: bytes) -> dict[str, Any]:
        """The answer to a message; the same message gets the same answer."""
        known = state.answered(name)
        if known is not None:
            text = "同一报文标识已用于不同内容"
            return known[1] if known[0] == digest(body) else _no(("E06", text))
        try:
            found = intake.check(name, body)
            answer = {"JZBH": self._take_over(state, found)}
        except intake.Refused as refused:
            return {"CW": [asdict(item) for item in refused.objections]}
        state.receive(name, digest(body), answer, found.head["AH"])
        return answer

    def _take_over(self, state: State, found: intake.Handover) -> str:
        """Take a case over, once: killed in the middle, it goes on next time."""
        court = found.head["AH"].replace("(", "（").replace(")", "）")
        known = state.get("by_court", court)
        if known and known["SJBS"] != found.head["SJBS"]:
            raise intake.Refused(intake.Objection(0, "E07", "该案已接收"))
        now = datetime.now(CHINA)
        count = state.count("by_court") + 10_001
        number = known["JZBH"] if known else f"SJ{found.division}{now.year}{count:05d}"
        entry = _entry({"JZBH": number, "SJBS": found.head["SJBS"]})
        state.put("by_court", court, f"{now:%Y-%m-%d %H:%M:%S}", entry)
        if state.get("card", number) is None:
            self._register(state, _new_card(found, court, number, now))
        return str(number)

    def _answer(self, name: str, body: bytes, answer: dict[str, Any]) -> None:
        if self._spend("lost_receipts", "silent_after_commit"):
            return
        accepted = "JZBH" in answer
        lines = [f"SJBS={name}", f"MD5={digest(body)}"]
        lines += [f"JSSJ={datetime.now(CHINA):%Y-%m-%d %H:%M:%S}"]
        lines += [f"JZBH={answer['JZBH']}"] if accepted else []
        lines += [
            f"CW={item['line']}|{item['code']}|{item['text']}"
            for item in answer.get("CW", [])
        ]
        text = "".join(f"{line}\r\n" for line in lines).encode("gbk")
        if self._spend("garbage"):
            text = b"\xff\xfe<html>\x00 gap device error"
        _write(self.outbox / f"{name}.{'ack' if accepted else 'err'}", text)


def _new_card(
    found: intake.Handover, court: str, number: str, now: datetime
) -> dict[str, Any]:
    begin = now.date()
    persons = []
    for position, row in enumerate(found.rows, start=1):
        end = begin + timedelta(days=30 * int(row["缓刑考验期"]))
        own = f"JZ{number[2:]}{position:02d}"
        persons.append(intake.person_of(row, own, begin.isoformat(), end.isoformat()))
    return {
        "JZBH": number,
        "division": found.division,
        "AJMC": found.head["AJMC"],
        "AH": court,
        "GAAJBH": found.head.get("GAAJBH", ""),
        "TYSAH": found.head.get("TYSAH", ""),
        "ZT": EXPECTED,
        "FSSJ": f"{now:%Y-%m-%d %H:%M:%S}",
        "persons": persons,
    }


def _entry(card: Card) -> dict[str, Any]:
    """What the bureau finds under a court number: who brought it, what it became."""
    return {name: card[name] for name in ("JZBH", "SJBS")}


def _no(*reasons: tuple[str, str]) -> dict[str, Any]:
    return {"CW": [{"line": 0, "code": code, "text": text} for code, text in reasons]}


def _write(path: Path, body: bytes) -> None:
    part = path.with_name(f".{path.name}.tmp")
    part.write_bytes(body)
    part.replace(path)


def _away(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.away")


def _come_back(folder: Path) -> None:
    if _away(folder).exists() and not folder.exists():
        _away(folder).rename(folder)


def _moment(stamp: str) -> float:
    local = datetime.strptime(stamp, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    return local.astimezone(UTC).timestamp()
