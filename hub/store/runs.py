"""The run book: what each sync run did, and the failures it set aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from hub.errors import Fault, HubError
from hub.store.copying import array
from hub.store.database import Connection
from hub.store.tables import sync_failure, sync_run


@dataclass(frozen=True, slots=True)
class Counts:
    """A run's books. Balanced: fetched = stored = mapped + set aside + unchanged,
    and, of the leaves of the records that were read, leaves = leaves_mapped +
    leaves_ledgered + leaves_ignored.
    """

    pages: int = 0
    fetched: int = 0
    stored: int = 0
    mapped: int = 0
    set_aside: int = 0
    unchanged: int = 0
    leaves: int = 0
    leaves_mapped: int = 0
    leaves_ledgered: int = 0
    leaves_ignored: int = 0
    remainder: Mapping[str, int] = field(default_factory=dict)

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        remainder = dict(self.remainder)
        for path, count in other.remainder.items():
            remainder[path] = remainder.get(path, 0) + count
        sums = {name: getattr(self, name) + getattr(other, name) for name in _NUMBERS}
        return replace(self, **sums, remainder=remainder)

    def as_row(self) -> dict[str, object]:
        """Column values."""
        return {name: getattr(self, name) for name in _NUMBERS} | {
            "remainder": dict(self.remainder)
        }


#: all of a run's books but the remainder, as columns
_NUMBERS = tuple(name for name in Counts.__slots__ if name != "remainder")


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that could not be used, the raw record it is in, and all its faults."""

    endpoint: str
    kind: str
    source_key: str
    raw_id: int
    faults: tuple[Fault, ...]
    rules: str


#: triggers of runs that go beside others
_BESIDE = ("ingest", "lookup")


async def start(
    connection: Connection,
    endpoint: str,
    trigger: str,
    before: Mapping[str, object],
    *,
    alone: bool = True,
) -> int:
    """Open a run; a run that a dead process left open is marked abandoned.

    A replay's book stays open: its job goes on whoever died, and closes it. A run
    that may go beside others (not ``alone``: a post's, a question's) is given some
    minutes.
    """
    is_post = sync_run.c.trigger.in_(_BESIDE)
    is_late = sync_run.c.started_at < sa.func.now() - sa.text("interval '10 minutes'")
    is_dead = is_post & is_late
    if alone:
        is_dead |= sync_run.c.trigger.not_in(["replay_job", *_BESIDE])
    await connection.execute(
        sa.update(sync_run)
        .where(sync_run.c.endpoint == endpoint, sync_run.c.state == "running")
        .where(is_dead)
        .values(state="abandoned", finished_at=sa.func.now())
    )
    values = {
        "endpoint": endpoint,
        "trigger": trigger,
        "watermark_before": dict(before),
        "watermark_after": dict(before),
    }
    statement = sa.insert(sync_run).values(values).returning(sync_run.c.id)
    return int((await connection.execute(statement)).scalar_one())


async def record(
    connection: Connection, run_id: int, counts: Counts, after: Mapping[str, object]
) -> None:
    """Write the books so far; the database refuses books that do not balance."""
    await connection.execute(
        sa.update(sync_run)
        .where(sync_run.c.id == run_id)
        .values(**counts.as_row(), watermark_after=dict(after))
    )


async def add(connection: Connection, run_id: int, counts: Counts) -> None:
    """Add a page to the books of a run that goes on over several sittings."""
    found = await connection.execute(
        sa.select(sync_run).where(sync_run.c.id == run_id).with_for_update()
    )
    row = found.one()
    before = Counts(**{name: getattr(row, name) for name in Counts.__slots__})
    await record(connection, run_id, before.plus(counts), {})


async def finish(
    connection: Connection,
    run_id: int,
    error: HubError | None,
    doubt: HubError | None = None,
) -> None:
    """Close a run, with its error if it failed, or with what is doubtful about it."""
    values: dict[str, object] = {
        "state": "failed" if error else "finished",
        "finished_at": sa.func.now(),
    }
    told = error or doubt
    if told:
        values |= {
            "error_code": told.code,
            "error_zh": told.message.zh,
            "error_en": told.message.en,
        }
    await connection.execute(
        sa.update(sync_run)
        .where(sync_run.c.id == run_id, sync_run.c.state == "running")
        .values(**values)
    )


async def set_aside(
    connection: Connection, run_id: int, found: Sequence[SetAside]
) -> None:
    """Open a failure for each, or add an attempt to the one that is open."""
    if not found:
        return
    statement = insert(sync_failure)
    told: dict[str, object] = {
        name: statement.excluded[name]
        for name in ("run_id", "raw_id", "code", "cause", "faults", "rules")
    }
    told |= {"attempts": sync_failure.c.attempts + 1, "tried_at": sa.func.now()}
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["endpoint", "kind", "source_key"],
            index_where=sa.text("state = 'open'"),
            set_=told,
        ),
        [_row(run_id, one) for one in found],
    )


async def close(
    connection: Connection,
    endpoint: str,
    kind: str,
    proofs: Mapping[str, int | None],
    closed_by: str,
) -> list[int]:
    """Close the open failures of these keys; the proof is the facet that came.

    Returns the ids of the failures that were closed.
    """
    if not proofs:
        return []
    rows = await connection.execute(
        _CLOSE,
        {
            "endpoint": endpoint,
            "kind": kind,
            "by": closed_by,
            "keys": array(proofs),
            "proofs": array(proofs.values()),
        },
    )
    return [int(row.id) for row in rows]


_CLOSE = sa.text(
    "update sync_failure set state = 'closed', closed_at = now(), closed_by = :by,"
    " proof_facet_id = told.proof"
    " from unnest(cast(:keys as text[]), cast(:proofs as bigint[]))"
    " as told (key, proof)"
    " where state = 'open' and endpoint = :endpoint and kind = :kind"
    " and source_key = told.key returning sync_failure.id"
)


@dataclass(frozen=True, slots=True)
class OpenFailure:
    """What a replay needs to know of a failure."""

    id: int
    endpoint: str
    kind: str
    source_key: str
    raw_id: int
    state: str


async def failure(connection: Connection, failure_id: int) -> OpenFailure | None:
    """One failure, locked against a second replay at the same time."""
    columns = [sync_failure.c[name] for name in OpenFailure.__slots__]
    row = (
        await connection.execute(
            sa.select(*columns).where(sync_failure.c.id == failure_id).with_for_update()
        )
    ).one_or_none()
    return OpenFailure(*row) if row else None


async def endpoint_of(connection: Connection, failure_id: int) -> str | None:
    """The endpoint whose record failed, without holding anything."""
    found = await connection.execute(
        sa.select(sync_failure.c.endpoint).where(sync_failure.c.id == failure_id)
    )
    endpoint: str | None = found.scalar_one_or_none()
    return endpoint


def cause_of(endpoint: str, faults: Sequence[Fault]) -> str:
    """What groups failures of one cause: endpoint, code, rule, place without index."""
    first = faults[0]
    place = "".join(part for part in first.where if not part.isdigit())
    return "|".join((endpoint, first.code, first.rule, place))


def _row(run_id: int, one: SetAside) -> dict[str, object]:
    return {
        "endpoint": one.endpoint,
        "kind": one.kind,
        "source_key": one.source_key,
        "run_id": run_id,
        "raw_id": one.raw_id,
        "code": one.faults[0].code,
        "cause": cause_of(one.endpoint, one.faults),
        "faults": [_fault(fault) for fault in one.faults],
        "rules": one.rules,
    }


def _fault(fault: Fault) -> dict[str, str]:
    return {
        "code": fault.code,
        "where": fault.where,
        "source": fault.source,
        "rule": fault.rule,
        "zh": fault.message.zh,
        "en": fault.message.en,
    }
