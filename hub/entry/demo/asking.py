"""The demonstration's own questions to the hub, asked as any agency would."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from hub.entry.demo.client import Client, Json
from hub.errors import AgencyUnreachable, RequestInvalid, TransferNotAcceptable

OPERATOR = "HUB-OPERATOR"
_LOOK = 0.1
_PATIENCE = 180.0

_SUBMIT = """
mutation ($input: SubmitTransferInput!) {
  submitTransfer(input: $input) {
    __typename
    ... on TransferSubmitted { transfer { id } isRepeat }
    ... on Refusal {
      code message { zh en } where problems { where message { zh en } }
    }
  }
}"""

_TRANSFER = """
query ($id: ID!) {
  transfer(id: $id) {
    state receiverNumber
    steps { state errorCode at }
    receipts { outcome numbers { scheme value } }
  }
}"""

_RUNS = """
query ($endpoint: String) {
  syncRuns(endpoint: $endpoint, first: 1) {
    nodes {
      id state fetched mapped setAside unchanged error { code } endpoint { code }
    }
  }
}"""

_ALL_RUNS = """
query ($endpoint: String) {
  syncRuns(endpoint: $endpoint, first: 100) {
    nodes { id state fetched stored mapped setAside unchanged }
  }
}"""

_RUN_SYNC = """
mutation ($input: RunSyncInput!) {
  runSync(input: $input) {
    __typename
    ... on Refusal { code message { zh en } }
  }
}"""

_CAUSES = """
{ failureCauses { endpointCode count cause code message { zh en } remedy { zh en } } }
"""


async def submit(
    client: Client, sender: str, *, number: str, node: str, receiver: str, key: str
) -> str:
    """Hand a case over; returns the transfer's id or raises what was refused."""
    given = {
        "caseNumber": number,
        "node": node,
        "receiver": receiver,
        "clientKey": key,
    }
    data = await client.ask(sender, _SUBMIT, input=given)
    found = data["submitTransfer"]
    if found["__typename"] == "Refusal":
        problems = "; ".join(
            f"{one['where']}: {one['message']['zh']}" for one in found["problems"]
        )
        message = found["message"]
        raise TransferNotAcceptable(
            f"{message['zh']} {problems}", f"{message['en']} {problems}", where=node
        )
    return str(found["transfer"]["id"])


async def transfer(client: Client, agency: str, transfer_id: str) -> Json:
    """Where a transfer stands, with its steps and receipts."""
    found: Json = (await client.ask(agency, _TRANSFER, id=transfer_id))["transfer"]
    return found


async def last_runs(client: Client, endpoints: Sequence[str]) -> list[Json]:
    """The newest sync run of each endpoint."""
    found = []
    for endpoint in endpoints:
        data = await client.ask(OPERATOR, _RUNS, endpoint=endpoint)
        found += data["syncRuns"]["nodes"]
    return found


async def run_ids(client: Client, endpoint: str) -> set[str]:
    """The newest runs of an endpoint so far."""
    data = await client.ask(OPERATOR, _ALL_RUNS, endpoint=endpoint)
    return {run["id"] for run in data["syncRuns"]["nodes"]}


async def totals(client: Client, endpoint: str, before: set[str]) -> Json:
    """The books of an endpoint's runs that are not in ``before``, added up."""
    data = await client.ask(OPERATOR, _ALL_RUNS, endpoint=endpoint)
    found = [run for run in data["syncRuns"]["nodes"] if run["id"] not in before]
    names = ("fetched", "stored", "mapped", "setAside", "unchanged")
    sums: Json = {name: sum(run[name] for run in found) for name in names}
    failed = sum(run["state"] == "FAILED" for run in found)
    return sums | {"endpoint": endpoint, "runs": len(found), "failed": failed}


async def sync(client: Client, endpoint: str) -> Json:
    """Have an endpoint synced and wait until a run that began after this ended.

    A run that was under way may have passed the change already, so one that was
    there before does not count.
    """
    before = {run["id"] for run in await last_runs(client, [endpoint])}
    data = await client.ask(OPERATOR, _RUN_SYNC, input={"endpoint": endpoint})
    if data["runSync"]["__typename"] == "Refusal":
        message = data["runSync"]["message"]
        raise RequestInvalid(message["zh"], message["en"], where=endpoint)
    return await until_run(client, endpoint, before)


async def until_run(client: Client, endpoint: str, before: set[str]) -> Json:
    """Wait for the end of a run of the endpoint that is not one of ``before``."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        for run in await last_runs(client, [endpoint]):
            if run["id"] not in before and run["state"] != "RUNNING":
                return run
        await asyncio.sleep(_LOOK)
    raise AgencyUnreachable(
        f"接入点 {endpoint} 的同步没有完成",
        f"The sync of {endpoint} did not end",
        endpoint=endpoint,
    )


async def causes(client: Client) -> list[Json]:
    """Open failures grouped by cause."""
    found: list[Json] = (await client.ask(OPERATOR, _CAUSES))["failureCauses"]
    return found
