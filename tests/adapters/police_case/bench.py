"""How the contract tests reach the simulated police."""

from __future__ import annotations

from hub.contract.endpoint import Endpoint
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
