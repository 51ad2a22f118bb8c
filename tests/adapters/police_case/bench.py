"""How the contract tests reach the simulated police."""

from __future__ import annotations

from pathlib import Path

from hub.contract.endpoint import Endpoint
from hub.contract.messages import RawRecord, Tree
from tests.adapters.police_case.simulator import ACCOUNT, SECRET
from tests.simulators.launch import Running


def endpoint(running: Running, secret: str = SECRET) -> Endpoint:
    """The endpoint of a running simulator."""
    return Endpoint(
        code="police-suizhou",
        system="police_case",
        agency="POLICE-421300",
        address=running.address,
        serves=("POLICE-421381", "POLICE-421303", "POLICE-421321"),
        options={"account": ACCOUNT},
        secrets={"secret": secret},
    )


#: faults by which it answers with a code that faults.yaml lacks
STRANGE = {"code": "7777"}


def touch(record: RawRecord, _: Tree) -> dict[str, str]:
    """The order by which an officer saves this case."""
    return {"do": "touch", "police_number": record.key}


def settings(data: Path) -> dict[str, str]:
    """Nobody saves a case while the questions are asked: each comes once a pull."""
    return {"shifts": "0"}
