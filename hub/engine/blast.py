"""How far a wrong value went: the values that changed, who read them, who got them.

Runs inside the transaction that changes the values. What they were before is read
by a second connection, which sees only what is committed: the cases are held by
now, so that is exactly what callers were shown until this moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from hub.contract.messages import Record, Tree
from hub.engine.carried import carried, concerns
from hub.engine.differences import Difference, differences, values
from hub.engine.hub import Hub
from hub.store import corrections, readlog, records, replay_changes
from hub.store.corrections import Changed, Notice
from hub.store.database import Connection
from hub.store.facets import Facet
from hub.store.readlog import Reading
from hub.store.replay_changes import NewChange, Past, Sent

#: what a caller who was shown a facet's whole body has read
FACETS = "facets"

_UNKNOWN = (datetime(1970, 1, 1, tzinfo=UTC), "")


@dataclass(frozen=True, slots=True)
class Turned:
    """A source record that says something else now.

    ``reread``: what the bytes of before say by the rules of now, where newer bytes
    took their place and they can still be read.
    """

    key: str
    before: Facet | None
    after: Facet
    reread: Record | None = None

    @property
    def was(self) -> Record:
        """What it said before; nothing at first."""
        return self.before.body if self.before else {}

    @property
    def mended(self) -> Record | None:
        """The bytes of before by the rules of now."""
        is_same = self.before and self.before.raw_id == self.after.raw_id
        return self.after.body if is_same else self.reread


@dataclass(slots=True)
class Effect:
    """One case as it was shown, and the case it is shown as now."""

    case_id: int
    home: int
    read_as: Sequence[int]
    before: Record
    after: Record
    sent: Sequence[Sent]
    turned: Sequence[Turned] = field(default_factory=list)


async def reckon(
    connection: Connection,
    hub: Hub,
    job_id: int,
    rules: str,
    turned: Sequence[Turned],
) -> int:
    """Write down every value that changed and tell everybody concerned.

    Returns how many notices are new.
    """
    if not turned:
        return 0
    effects, past = await _effects(connection, hub, turned)
    changes: list[tuple[NewChange, list[UUID], list[str]]] = []
    for effect in effects:
        changes += _changes(hub, effect, past, rules)
    if not changes:
        return 0
    news = [one for one, _, _ in changes]
    ids = await replay_changes.keep_changes(connection, job_id, news)
    pairs = list(zip(ids, changes, strict=True))
    gone = [(key, one) for key, (_, sent, _) in pairs for one in sent]
    await replay_changes.keep_transfers(connection, gone)
    told = [
        Changed(key, job_id, new.case_id, new.read_as, new.path, new.wrong_since)
        for key, (new, _, _) in pairs
    ]
    notices = _Notices(job_id)
    for change, (_, (_, _, receivers)) in zip(told, pairs, strict=True):
        notices.received(change, receivers)
    await readlog.close_door(connection)
    await _add_readers(connection, notices, told)
    return await corrections.issue(connection, notices.all)


async def tell_late(
    connection: Connection, change_ids: Sequence[int], caller: str
) -> None:
    """Tell a caller whose operation was under way while these changes were made."""
    told = await corrections.changed(connection, change_ids)
    for job_id in sorted({one.job_id for one in told}):
        mine = [one for one in told if one.job_id == job_id]
        notices = _Notices(job_id)
        await _add_readers(connection, notices, mine, only=caller)
        await corrections.issue(connection, notices.all)


async def _add_readers(
    connection: Connection, notices: _Notices, told: Sequence[Changed], only: str = ""
) -> None:
    ids = sorted({case_id for one in told for case_id in one.read_as})
    since = min(one.wrong_since for one in told)
    readings = await readlog.readings(connection, ids, since)
    by_case: dict[int, list[Reading]] = {}
    for reading in readings:
        if not only or reading.caller == only:
            by_case.setdefault(reading.case_id, []).append(reading)
    for change in told:
        for case_id in change.read_as:
            for reading in by_case.get(case_id, ()):
                if reading.at >= change.wrong_since and _has_read(reading, change.path):
                    notices.read(change, reading)


def _has_read(reading: Reading, path: str) -> bool:
    if path in reading.paths:
        return True
    return path.startswith(f"{FACETS}.") and FACETS in reading.paths


class _Notices:
    """What each caller is to be told of each case, put together change by change."""

    def __init__(self, job_id: int) -> None:
        self._job_id = job_id
        self._found: dict[tuple[int, str], Notice] = {}

    @property
    def all(self) -> list[Notice]:
        return list(self._found.values())

    def read(self, change: Changed, reading: Reading) -> None:
        notice = self._of(change, reading.caller)
        if notice.read_at is None or reading.at > notice.read_at:
            notice.read_at = reading.at

    def received(self, change: Changed, receivers: Iterable[str]) -> None:
        for receiver in receivers:
            self._of(change, receiver).was_received = True

    def _of(self, change: Changed, caller: str) -> Notice:
        key = (change.case_id, caller)
        notice = self._found.setdefault(key, Notice(self._job_id, *key))
        notice.changes.add(change.id)
        return notice


async def _effects(
    connection: Connection, hub: Hub, turned: Sequence[Turned]
) -> tuple[list[Effect], Mapping[str, list[Past]]]:
    """The cases concerned as they were and are, and the history of the records."""
    now = {one.after.case_id for one in turned}
    joined = await replay_changes.merged(connection, sorted(now))
    lost = {was: home for home, many in joined.items() for was in many}
    ids = sorted(now | set(lost) | {one.before.case_id for one in turned if one.before})
    keys = [one.key for one in turned]
    async with hub.database.read() as past:
        before = await records.load_records(past, ids)
        merged = await replay_changes.merged(past, ids)
        sent = await replay_changes.sent(past, ids)
        history = await replay_changes.facets_past(past, turned[0].after.endpoint, keys)
    after = await records.load_records(connection, sorted(now))
    gone = {was for many in merged.values() for was in many}
    effects = [
        Effect(
            case_id,
            lost.get(case_id, case_id),
            [case_id, *merged[case_id]],
            before[case_id],
            after[lost.get(case_id, case_id)],
            sent[case_id],
            [one for one in turned if _home(one) == case_id],
        )
        for case_id in ids
        if case_id in before and case_id not in gone
    ]
    return effects, history


def _home(one: Turned) -> int:
    """The case a record told of until now."""
    return (one.before or one.after).case_id


def _changes(
    hub: Hub, effect: Effect, past: Mapping[str, list[Past]], rules: str
) -> Iterator[tuple[NewChange, list[UUID], list[str]]]:
    """Each changed value, the hand-overs that carried it, and their receivers."""
    shown = differences(effect.before, effect.after)
    parcels = [
        (one, carried(hub, one, effect.before, effect.after))
        for one in (effect.sent if shown else ())
    ]
    for one in shown:
        stood = _stood(one.path, effect, past)
        went = [
            sent
            for sent, told in parcels
            if concerns(one.path, told) and sent.submitted_at >= stood[0]
        ]
        change = _change(effect, one, one.place, rules, stood)
        yield change, [sent.id for sent in went], [sent.receiver for sent in went]
    for turn in effect.turned:
        for one in differences(turn.was, turn.after.body):
            stood = _stood(one.path, effect, past)
            place = f"{FACETS}[{turn.after.endpoint}].{one.place}"
            yield _change(effect, one, place, rules, stood), [], []


def _change(
    effect: Effect, one: Difference, place: str, rules: str, stood: tuple[datetime, str]
) -> NewChange:
    path = one.path if place == one.place else f"{FACETS}.{one.path}"
    return NewChange(
        case_id=effect.home,
        read_as=effect.read_as,
        place=place,
        path=path,
        before=one.before,
        after=one.after,
        rules_before=stood[1],
        rules_after=rules,
        wrong_since=stood[0],
    )


def _stood(
    path: str, effect: Effect, past: Mapping[str, list[Past]]
) -> tuple[datetime, str]:
    """Since when the value of before stood, and by which rules it was read.

    A value that no record tells otherwise changed with others of its record: whom a
    person is taken for, or the stage of the whole case. It is as old as they are.
    """
    told = [
        _since(turn, path, past[turn.key])
        for turn in effect.turned
        if _differs(turn.was, turn.after.body, path)
    ]
    rest = [
        _since(turn, one.path, past[turn.key])
        for turn in (() if told else effect.turned)
        for one in differences(turn.was, turn.after.body)
    ]
    known = [one for one in told if one[1]]
    return min(known or told or rest or [_UNKNOWN])


def _since(turn: Turned, path: str, past: Sequence[Past]) -> tuple[datetime, str]:
    """Since when one record told what is wrong at a path, and by which rules.

    Where nothing was told before, or what was told is still what those older bytes
    say, it should have been as it is since the newer bytes were there.
    """
    if turn.before is None:
        return turn.after.fetched_at, ""
    line = [one for one in past if one.id <= turn.before.id]
    mended = turn.mended
    if mended is None or not _differs(turn.before.body, mended, path):
        return turn.after.fetched_at, line[0].rules
    old, new = values(turn.before.body, path), values(mended, path)
    return _begin(line, path, old, new), line[0].rules


def _differs(one: Record, other: Record, path: str) -> bool:
    return values(one, path) != values(other, path)


def _begin(
    line: Sequence[Past], path: str, old: Sequence[Tree], new: Sequence[Tree]
) -> datetime:
    """When the oldest facet in one line that had the fault became current."""
    gone = [one for one in old if one not in new]
    came = [one for one in new if one not in old]
    begin = line[0].mapped_at
    for facet in line[1:]:
        there = values(facet.body, path)
        if gone:
            is_wrong = any(one in there for one in gone)
        elif came:
            is_wrong = any(one not in there for one in came)
        else:
            is_wrong = there == old
        if not is_wrong:
            break
        begin = facet.mapped_at
    return begin
