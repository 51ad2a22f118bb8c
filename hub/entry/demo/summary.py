"""The end of the demonstration: what was synced, what failed, what to try next."""

from __future__ import annotations

import time
from collections.abc import Mapping

from hub.entry.demo import asking
from hub.entry.demo.client import Client
from hub.entry.demo.screen import Screen
from hub.entry.demo.story import Storyteller

_CASE = """{ case(number: "%s") {
  hubNumber title stage { nameZh } isStale
  numbers { scheme value }
  persons { name stage { nameZh } charges { crime { nameZh } }
            measures { kind { nameZh } startedOn } }
  disagreements { path chosen others { value } }
  transfers { node { nameZh } state receiverNumber steps { state at } } } }"""

_CASES = """{ cases(first: 5, filter: { stage: "S110_PROSECUTION_REVIEW" }) {
  totalCount
  edges { node { hubNumber title filedOn persons { name birthDate } } }
  pageInfo { hasNextPage endCursor } } }"""

_HEALTH = """{ endpoints { code state isStale syncedAt openFailures waitingTransfers }
  failureCauses { endpoint { code } count code message { zh } remedy { zh } } }"""


async def show(
    screen: Screen,
    client: Client,
    before: Mapping[str, set[str]],
    teller: Storyteller | None,
    *,
    began: float,
) -> None:
    """Print the summary, three queries to paste, and the addresses."""
    hub = client.hub
    screen.title("小结", "summary")
    screen.runs([await asking.totals(client, *one) for one in before.items()])
    screen.failures(await asking.causes(client))
    if teller is not None:
        screen.handed(teller.handed)
    screen.title("可直接粘贴的三个查询", "three queries to paste")
    asked_by = teller.story["asked_by"] if teller else "COURT-421381"
    number = teller.number if teller else "A4213810000002023010001"
    for agency, text in (
        (asked_by, _CASE % number),
        ("PROC-421381", _CASES),
        (asking.OPERATOR, _HEALTH),
    ):
        screen.say(f"以 {agency} 身份", f"as {agency}")
        screen.code(_pasted(hub, agency, text))
    screen.title("地址", "addresses")
    for name, path in (
        ("GraphQL", "graphql"),
        ("控制台", "console"),
        ("指标", "metrics"),
    ):
        screen.code(f"{name}  {hub}/{path}")
    screen.say("控制台登录令牌：hub token HUB-OPERATOR", "console login: that token")
    screen.say(f"用时 {time.monotonic() - began:.1f} 秒", "seconds in all")


def _pasted(hub: str, agency: str, query: str) -> str:
    """A command line for any shell with curl."""
    body = '{"query": "' + " ".join(query.split()).replace('"', '\\"') + '"}'
    return (
        f"curl -s {hub}/graphql -H 'content-type: application/json' \\\n"
        f'  -H "authorization: Bearer $(.venv/bin/hub token {agency})" \\\n'
        f"  -d '{body}'"
    )
