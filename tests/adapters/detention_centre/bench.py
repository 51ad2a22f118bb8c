"""How the questions of the contract tests reach the simulated detention centre."""

from __future__ import annotations

from hub.contract.endpoint import Endpoint
from hub.contract.messages import RawRecord, Tree
from tests.adapters.detention_centre import words
from tests.adapters.detention_centre.simulator import ACCOUNT, KEY
from tests.simulators import world
from tests.simulators.launch import Running

#: faults by which it answers with a code that faults.yaml lacks
STRANGE = {"fhm": "7777"}


def endpoint(running: Running) -> Endpoint:
    """The endpoint of a running simulator."""
    return Endpoint(
        code="detention-test",
        system="detention_centre",
        agency="DETENTION-421300",
        address=running.address,
        serves=("DETENTION-421381", "DETENTION-421300"),
        # whatever the clock on the wall of whoever runs the tests shows
        options={"account": ACCOUNT, "hours": "00:00-24:00"},
        secrets={"key": KEY},
    )


def touch(record: RawRecord, _: Tree) -> dict[str, str]:
    """The order by which somebody saves this record."""
    return {"do": "touch", "number": record.key}


def eligible(node: str, case: world.Case) -> bool:
    """All its persons are held, their term runs, and the register has them right."""
    held = list(words.held(case))
    dirty = any(words.planted(7, case, place) for place, _ in held)
    return (
        len(held) == len(case.persons)
        and not dirty
        and not words.is_released(case)
        and not words.is_overdue(case)
    )
