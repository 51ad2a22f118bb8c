"""submitTransfer: hand a case over to another agency."""

from __future__ import annotations

from typing import Annotated

import strawberry

from hub.engine import command
from hub.errors import Fault, HubError, NotFound, RequestInvalid
from hub.records.transfer import TransferDraft
from schema import ids
from schema.context import Info
from schema.types.refusal import Refusal
from schema.types.transfer import Transfer


@strawberry.input(description="移送申请 / A hand-over as a caller asks for it.")
class SubmitTransferInput:
    case_number: str = strawberry.field(
        description="案号，枢纽或任一机关的 / Any number of the case."
    )
    node: str = strawberry.field(
        description="协同节点代码 / What kind of hand-over, as in INDICTMENT."
    )
    receiver: str = strawberry.field(description="接收机关代码 / The receiving agency.")
    client_key: str = strawberry.field(
        description="幂等键 / Your own key: same key and content, same transfer."
    )
    sender: str | None = strawberry.field(
        default=None, description="移送机关代码 / Yourself; no other is allowed."
    )
    persons: list[strawberry.ID] | None = strawberry.field(
        default=None, description="涉案人员标识，缺省为全部 / All if not given."
    )
    note: str = strawberry.field(default="", description="移送说明 / A note with it.")


@strawberry.type(description="移送已受理 / Committed; it will be delivered.")
class TransferSubmitted:
    transfer: Transfer = strawberry.field(description="移送 / The transfer.")
    is_repeat: bool = strawberry.field(
        description="是否重复提交 / Was the same request accepted before?"
    )


SubmitTransferResult = Annotated[
    TransferSubmitted | Refusal,
    strawberry.union(
        "SubmitTransferResult",
        description="移送结果 / Accepted for delivery, or refused with the reasons.",
    ),
]


async def submit_transfer(
    info: Info,
    input: Annotated[
        SubmitTransferInput,
        strawberry.argument(description="移送申请 / What is handed over to whom."),
    ],
) -> SubmitTransferResult:
    """Answers after the commit and not before."""
    hub, caller = info.context.hub, info.context.caller
    try:
        persons, faults = _persons(input)
        done = await command.submit(hub, caller, _draft(input, persons), faults)
        found = await info.context.loaders.transfer.load(done.transfer_id)
        if found is None:
            raise NotFound(where="transfer")
    except HubError as error:
        return Refusal.of(error)
    return TransferSubmitted(transfer=found, is_repeat=done.is_repeat)


def _persons(
    given: SubmitTransferInput,
) -> tuple[tuple[int, ...], tuple[Fault, ...]]:
    """The keys of the persons named, and one fault for each id that is none."""
    keys, faults = [], []
    for at, one in enumerate(given.persons or ()):
        where = f"persons[{at}]"
        try:
            keys.append(ids.number(ids.decode(one, "Person", where=where)[1], where))
        except RequestInvalid as error:
            faults.append(Fault(error.code, where, error.message, rule="form"))
    return tuple(keys), tuple(faults)


def _draft(given: SubmitTransferInput, persons: tuple[int, ...]) -> TransferDraft:
    return TransferDraft(
        case_number=given.case_number,
        node=given.node,
        receiver=given.receiver,
        client_key=given.client_key,
        sender=given.sender or "",
        persons=persons,
        note=given.note,
    )
