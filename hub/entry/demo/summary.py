"""The end of the demonstration: what was synced, what failed, what to try next."""

from __future__ import annotations

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
) -> None:
    """Print what was synced, what failed and why, how long each hand-over took."""
    screen.title("小结", "summary")
    screen.runs([await asking.totals(client, *one) for one in before.items()])
    screen.failures(await asking.causes(client))
    if teller is not None:
        screen.handed(teller.handed)


def invite(screen: Screen, hub: str, teller: Storyteller | None) -> None:
    """Print three queries to paste and the addresses of what stays up."""
    screen.title("可直接粘贴的三个查询", "three queries to paste")
    asked_by = teller.story["asked_by"] if teller else "COURT-421381"
    number = teller.number if teller else "A4213810000002023010004"
    for agency, text in (
        (asked_by, _CASE % number),
        ("PROC-421381", _CASES),
        (asking.OPERATOR, _HEALTH),
    ):
        screen.say(f"以 {agency} 身份", f"as {agency}")
        screen.code(_pasted(hub, agency, text))
    screen.title("地址", "addresses")
    for name, path in _PATHS:
        screen.code(f"{name}  {hub}/{path}")
    screen.say(
        "控制台登录令牌：.venv/bin/hub token HUB-OPERATOR",
        "prints the token that the console asks for",
    )


_PATHS = (
    ("GraphQL", "graphql"),
    ("控制台 console", "console"),
    ("指标 metrics", "metrics"),
)


def _pasted(hub: str, agency: str, query: str) -> str:
    """A command line for any shell with curl."""
    body = '{"query": "' + " ".join(query.split()).replace('"', '\\"') + '"}'
    return (
        f"curl -s {hub}/graphql -H 'content-type: application/json' \\\n"
        f'  -H "authorization: Bearer $(.venv/bin/hub token {agency})" \\\n'
        f"  -d '{body}'"
    )
