"""The receiver's own number joins the case, and two halves of a case become one.

A pull may have seen the receiver's new case before its receipt was written down,
and opened a case for it. The receipt shows that both are one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.engine.hub import Hub
from hub.engine.project import project
from hub.store import events, facets, linking, numbers, projection
from hub.store.database import Connection
from hub.store.receipts import Settled


async def join_numbers(
    connection: Connection, hub: Hub, settled: Sequence[Settled]
) -> None:
    """Give each case the numbers of its receipt; merge what turns out to be one.

    Comes before anything else in its transaction: numbers are locked first, then
    cases, then transfers, by everyone.
    """
    told = [
        (one, one.receipt.numbers)
        for one in settled
        if one.receipt is not None and any(one.receipt.numbers.values())
    ]
    await linking.lock_numbers(connection, [given for _, given in told])
    for one, given in told:
        await _join(connection, hub, one, given)


async def _join(
    connection: Connection, hub: Hub, one: Settled, given: Mapping[str, str]
) -> None:
    claim = one.claim
    found = {*await numbers.cases_of(connection, given), claim.case_id}
    # the claim is older than the answer: its case may have been merged meanwhile
    homes = await linking.hold(connection, found)
    kept, *lost = sorted(set(homes.values()))
    for case_id in lost:
        await linking.merge(connection, case_id, kept)
        body = {"into": kept, "endpoint": claim.endpoint}
        await events.announce(connection, "case.merged", case_id=case_id, body=body)
    await numbers.join(connection, kept, claim.endpoint, given)
    if lost:
        told = await facets.of_cases(connection, [kept])
        current = told.get(kept)
        if current:
            await projection.write(connection, {kept: project(current, hub.precedence)})
