"""Root fields about transfers."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine.answers import transfers as answer_transfers
from hub.records import page
from hub.records import timeline as records
from schema import ids, inputs
from schema.context import Info
from schema.types.page import After, Connection, First
from schema.types.transfer import Transfer


@strawberry.type(description="移送查询 / Root fields about transfers.")
class TransferAsks:
    @strawberry.field(description="移送 / One transfer; null if there is none to see.")
    async def transfer(
        self,
        info: Info,
        id: Annotated[
            strawberry.ID, strawberry.argument(description="移送标识 / Its id.")
        ],
    ) -> Transfer | None:
        _, key = ids.decode(id, "Transfer")
        hub, caller = info.context.hub, info.context.caller
        found = await answer_transfers.transfer(hub, caller, ids.uuid(key))
        return Transfer.of(found) if found else None

    @strawberry.field(
        description="移送列表 / Those the caller sends or receives, newest first."
    )
    async def transfers(
        self,
        info: Info,
        filter: Annotated[
            inputs.TransferFilter | None,
            strawberry.argument(description="筛选 / Which ones."),
        ] = None,
        first: First = 20,
        after: After = None,
    ) -> Connection[Transfer]:
        hub, caller = info.context.hub, info.context.caller
        ask = page.ask(first, after, "transfer", descending=True)
        wanted = inputs.wanted(records.TransferFilter, filter)
        found = await answer_transfers.transfers(hub, caller, wanted, ask)

        async def total() -> int:
            return await answer_transfers.transfer_total(hub, caller, wanted)

        return Connection.of(found, Transfer.of, total, is_continued=after is not None)
