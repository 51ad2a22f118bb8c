"""cancelTransfer: take back a hand-over that was not sent yet."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine import command
from hub.errors import HubError, NotFound
from schema import ids
from schema.context import Info
from schema.types.refusal import Refusal
from schema.types.transfer import Transfer


@strawberry.input(description="撤销申请 / Which transfer, and why.")
class CancelTransferInput:
    id: strawberry.ID = strawberry.field(description="移送标识 / Id of the transfer.")
    reason: str = strawberry.field(description="理由 / Why it is cancelled.")


@strawberry.type(description="移送已撤销 / It will not be sent.")
class TransferCancelled:
    transfer: Transfer = strawberry.field(description="移送 / The transfer.")


CancelTransferResult = Annotated[
    TransferCancelled | Refusal,
    strawberry.union(
        "CancelTransferResult",
        description="撤销结果 / Cancelled, or refused with the reasons.",
    ),
]


async def cancel_transfer(
    info: Info,
    input: Annotated[
        CancelTransferInput,
        strawberry.argument(description="撤销申请 / Which transfer, and why."),
    ],
) -> CancelTransferResult:
    """The sender or an operator may; not once it is under way."""
    hub, caller = info.context.hub, info.context.caller
    try:
        key = ids.uuid(ids.decode(input.id, "Transfer")[1])
        await command.cancel(hub, caller, key, input.reason)
        found = await info.context.loaders.transfer.load(key)
        if found is None:
            raise NotFound(where="id")
    except HubError as error:
        return Refusal.of(error)
    return TransferCancelled(transfer=found)
