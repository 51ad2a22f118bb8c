"""What dry runs showed and who approved it: kept, looked up, listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from hub.records.actor import Actor
from hub.records.approval import RuleApproval
from hub.records.page import Ask, Found
from hub.store import reads
from hub.store.database import Connection
from hub.store.tables_approval import rule_approval, rule_diff

#: one transaction at a time says which rules were there first (arbitrary)
_LOCK = 4_213_813


@dataclass(frozen=True, slots=True)
class StoredDiff:
    """A difference that somebody was shown; ``proposed_by`` is who ran it first."""

    digest: str
    rules_before: str
    rules_after: str
    body: Mapping[str, Any]
    proposed_by: str
    proposed_account: str
    proposed_at: datetime


async def keep_diff(
    connection: Connection,
    digest: str,
    rules: tuple[str, str],
    body: Mapping[str, object],
    who: Actor,
) -> StoredDiff:
    """Keep what was shown; the same seen again stays with who saw it first."""
    values = {
        "digest": digest,
        "rules_before": rules[0],
        "rules_after": rules[1],
        "body": dict(body),
        "proposed_by": who.name,
        "proposed_account": who.account,
    }
    await connection.execute(insert(rule_diff).values(values).on_conflict_do_nothing())
    found = await load_diff(connection, digest)
    assert found is not None  # noqa: S101 - just written
    return found


async def load_diff(connection: Connection, digest: str) -> StoredDiff | None:
    """What was shown under a digest, or its beginning where only one has it."""
    rows = await connection.execute(
        sa.select(*(rule_diff.c[name] for name in StoredDiff.__slots__))
        .where(rule_diff.c.digest.startswith(digest, autoescape=True))
        .limit(2)
    )
    found = rows.all()
    return StoredDiff(*found[0]) if len(found) == 1 else None


async def approve(
    connection: Connection, diff: StoredDiff, who: Actor, reason: str
) -> int:
    """Write an approval down; returns its id."""
    values = {
        "diff": diff.digest,
        "rules_before": diff.rules_before,
        "rules_after": diff.rules_after,
        "approved_by": who.name,
        "approved_account": who.account,
        "reason": reason,
    }
    made = await connection.execute(
        sa.insert(rule_approval).values(values).returning(rule_approval.c.id)
    )
    return int(made.scalar_one())


async def is_approved(connection: Connection, rules: str) -> bool:
    """Do approvals lead from the first rules to those of this digest?

    Each began where another ended: what a comparison showed says nothing about what
    had been put into the files before without being looked at.
    """
    good = (
        sa.select(rule_approval.c.rules_after.label("rules"))
        .where(rule_approval.c.diff.is_(None))
        .cte("good", recursive=True)
    )
    step = sa.select(rule_approval.c.rules_after).join(
        good, good.c.rules == rule_approval.c.rules_before
    )
    good = good.union(step)
    wanted = sa.select(sa.exists().where(good.c.rules == rules))
    return bool((await connection.execute(wanted)).scalar_one())


async def begin(connection: Connection, rules: str, who: Actor, reason: str) -> None:
    """Take these rules for the first ones, unless there were first ones already."""
    await connection.execute(sa.text(f"select pg_advisory_xact_lock({_LOCK})"))
    wanted = sa.select(sa.exists().where(rule_approval.c.diff.is_(None)))
    if (await connection.execute(wanted)).scalar_one():
        return
    values = {
        "rules_before": rules,
        "rules_after": rules,
        "approved_by": who.name,
        "approved_account": who.account,
        "reason": reason,
    }
    await connection.execute(sa.insert(rule_approval).values(values))


async def page(connection: Connection, ask: Ask) -> Found[RuleApproval]:
    """One page of the approvals."""
    sort = reads.Sort(rule_approval.c.id)
    return await reads.page(connection, RuleApproval, _all(), sort, ask)


async def total(connection: Connection) -> int:
    """How many approvals there are."""
    return await reads.total(connection, _all())


def _all() -> sa.Select[Any]:
    return sa.select(
        *reads.columns(RuleApproval, rule_approval),
        *(
            rule_diff.c[name]
            for name in ("proposed_by", "proposed_account", "proposed_at", "body")
        ),
    ).outerjoin(rule_diff, rule_diff.c.digest == rule_approval.c.diff)
