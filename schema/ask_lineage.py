"""The root field about where a value comes from."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine import lineage as engine
from hub.engine import policy
from schema import ids
from schema.context import Info
from schema.types.lineage import Lineage

_ID = "标识 / Id of the case, person, charge, measure or document."
_PATH = "字段路径 / The field from there on, as in persons[0].birthDate or birthDate."
_ENDPOINT = "接入点代码 / What this endpoint tells of it, also where it lost."


@strawberry.type(description="血缘查询 / The root field about origins.")
class LineageAsks:
    @strawberry.field(
        description="血缘 / Where a value comes from; null if nobody tells it."
    )
    async def lineage(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description=_ID)],
        path: Annotated[str, strawberry.argument(description=_PATH)],
        endpoint: Annotated[
            str | None, strawberry.argument(description=_ENDPOINT)
        ] = None,
    ) -> Lineage | None:
        hub, caller = info.context.hub, info.context.caller
        policy.allow(caller, "lineage")
        place = await _place(info, id)
        if place is None:
            return None
        case_id, ahead = place
        found = await engine.lineage(hub, caller, case_id, ahead + path, endpoint or "")
        return Lineage.of(found) if found else None


async def _place(info: Info, text: str) -> tuple[int, str] | None:
    """The case of a thing and the path to it there; ``None``: none to see."""
    kind, key = ids.decode(text, "Case", "Person", "Charge", "Measure", "Document")
    number = ids.number(key)
    if kind == "Case":
        return number, ""
    hub, caller = info.context.hub, info.context.caller
    return await engine.place_of(hub, caller, kind.lower(), number)
