"""How the questions of the contract tests reach the simulated system 1.5."""

from __future__ import annotations

from hub.contract.endpoint import Endpoint
from hub.contract.messages import RawRecord, Tree
from tests.adapters.procuratorate_15.simulator import ACCOUNT, PASSWORD
from tests.simulators import world
from tests.simulators.launch import Running


def endpoint(running: Running, password: str = PASSWORD) -> Endpoint:
    """The endpoint of a running simulator."""
    return Endpoint(
        code="proc15-suizhou",
        system="procuratorate_15",
        agency="PROC-421300",
        address=running.address,
        serves=("PROC-421381", "PROC-421303", "PROC-421321"),
        accepts_new=False,
        options={"account": ACCOUNT},
        secrets={"password": password},
    )


#: faults by which it answers with a code that faults.yaml lacks
STRANGE = {"code": "7777"}


def touch(record: RawRecord, _: Tree) -> dict[str, str]:
    """The order by which an officer saves this case."""
    return {"do": "touch", "department_number": record.key}


def eligible(node: str, case: world.Case) -> bool:
    """New cases are taken in once; a judgment only for a case that is here."""
    if node == "PROSECUTION_TRANSFER":
        return not case.reached("PROSECUTION")
    return case.reached("TRIAL") and case.in_15
