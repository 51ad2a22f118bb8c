"""How the questions of the contract tests reach the simulated court."""

from __future__ import annotations

import json
import urllib.request

from hub.contract.endpoint import Endpoint
from hub.contract.messages import RawRecord, Tree
from tests.adapters.court_case.simulator import TOKEN
from tests.simulators import world
from tests.simulators.launch import Running


def endpoint(running: Running) -> Endpoint:
    """The endpoint of a running simulator; it tells its reader's address itself."""
    place = f"{running.address}/_sim/database"
    with urllib.request.urlopen(place) as answer:
        told = json.load(answer)
    return Endpoint(
        code="court-test",
        system="court_case",
        agency="COURT-421300",
        address=running.address,
        serves=("COURT-421381", "COURT-421303", "COURT-421321"),
        options={"database": told["url"], "schema": told["schema"]},
        secrets={"token": TOKEN},
    )


EXEMPT = {
    "contract.unknown_code": "it has no fault codes: it refuses in words, or by HTTP",
}


def touch(_: RawRecord, tree: Tree) -> dict[str, str]:
    """The order by which a clerk saves this case."""
    assert isinstance(tree, dict)
    return {"do": "touch", "court_number": str(tree["C_AH"])}


def eligible(node: str, case: world.Case) -> bool:
    """An indictment is taken in once: the court must not have the case yet."""
    return node == "INDICTMENT" and case.reach == "PROSECUTION"
