"""A page's own question, executed in process with the rights of whoever looks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hub.engine.hub import Hub
from hub.errors import HubError, leaf
from hub.records.caller import Caller
from schema.execute import execute

HOME = Path(__file__).parent / "pages"

Told = dict[str, Any]


@cache
def document(name: str) -> str:
    """The GraphQL document beside the template of the same name."""
    return (HOME / f"{name}.graphql").read_text("utf-8")


async def ask(
    hub: Hub, caller: Caller, page: str, variables: Mapping[str, object] | None = None
) -> Told:
    """The page's data; raises the leaf of ``HubError`` that the schema answered."""
    answer = await execute(hub, caller, document(page), variables or {})
    if answer.errors:
        raise _error(answer.errors[0].get("extensions", {}))
    return answer.data or {}


async def order(
    hub: Hub, caller: Caller, page: str, given: Mapping[str, object]
) -> Told:
    """Have a mutation done; raises the refusal it came to as its leaf."""
    told = await ask(hub, caller, page, {"input": given})
    result: Told = told["result"]
    refuse(result)
    return result


def refuse(result: Any) -> None:
    """Raise the leaf that a mutation was refused with, if it was."""
    if result["__typename"] == "Refusal":
        message = result["message"]
        raise leaf(result["code"])(message["zh"], message["en"], where=result["where"])


def _error(told: Mapping[str, Any]) -> HubError:
    return leaf(str(told.get("code", "")))(
        str(told.get("messageZh", "")),
        str(told.get("messageEn", "")),
        where=str(told.get("where", "")),
    )
