"""How the questions of the contract tests reach the simulated property centre."""

from __future__ import annotations

from hub.contract.endpoint import Endpoint
from hub.contract.messages import RawRecord, Tree
from tests.adapters.case_property import words
from tests.adapters.case_property.simulator import TOKEN
from tests.simulators import world
from tests.simulators.launch import Running

#: faults by which it answers with a code that faults.yaml lacks
STRANGE = {"code": "SOMETHING_NEW"}


def endpoint(running: Running) -> Endpoint:
    """The endpoint of a running simulator."""
    return Endpoint(
        code="property-test",
        system="case_property",
        agency="PROPERTY-421300",
        address=running.address,
        serves=("PROPERTY-421381", "PROPERTY-421303", "PROPERTY-421321"),
        secrets={"token": TOKEN},
    )


def touch(record: RawRecord, _: Tree) -> dict[str, str]:
    """The order by which somebody saves this record."""
    return {"do": "touch", "account": record.key}


def eligible(node: str, case: world.Case) -> bool:
    """A list is taken over once, for things that are here and told right."""
    return words.belongs(case) and not words.planted(7, case.index)
