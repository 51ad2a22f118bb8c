"""How the questions of the contract tests reach the simulated system 2.0."""

from __future__ import annotations

from hub.contract.endpoint import Endpoint
from hub.contract.messages import RawRecord, Tree
from tests.adapters.procuratorate_20 import dirty, dossier, words
from tests.adapters.procuratorate_20.simulator import CLIENT_ID, CLIENT_SECRET
from tests.simulators import world
from tests.simulators.launch import Running


def endpoint(running: Running) -> Endpoint:
    """The endpoint of a running simulator."""
    return Endpoint(
        code="proc20-test",
        system="procuratorate_20",
        agency="PROC-421300",
        address=running.address,
        serves=("PROC-421381", "PROC-421303", "PROC-421321"),
        options={"client_id": CLIENT_ID},
        secrets={"client_secret": CLIENT_SECRET},
    )


#: faults by which it answers with a code that faults.yaml lacks
STRANGE = {"ret_code": "7777"}


def touch(record: RawRecord, _: Tree) -> dict[str, str]:
    """The order by which an officer saves this case."""
    return {"do": "touch", "department_number": record.key}


def file(running: Running) -> tuple[str, bytes]:
    """The scan of a document that a clean case lists."""
    for case in world.build(7, 60):
        form = words.detail(case, 7)
        has_file = not case.in_15 and case.reached("PROSECUTION")
        if has_file and not dirty.kind_of(7, case.index) and dossier.numbers(form):
            number = dossier.numbers(form)[0]
            place = f"{case.department_number}/{number}"
            return place, dossier.scan(case.department_number, number)
    raise LookupError("no case of the world lists a document")


def eligible(node: str, case: world.Case) -> bool:
    """New cases are taken in once; a judgment only for a case that is here."""
    if node == "PROSECUTION_TRANSFER":
        return case.in_15 or not case.reached("PROSECUTION")
    return case.reached("TRIAL") and not case.in_15
