"""Transfers: hand-overs between agencies, their timeline and receipts."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from hub.errors import Text
from hub.records import timeline as records
from schema import ids
from schema.context import Info
from schema.shown import coded, shown
from schema.types.agency import Agency, Endpoint, Trouble, agency, endpoint
from schema.types.code import Code
from schema.types.node import Node

if TYPE_CHECKING:
    from schema.types.case import Case


@strawberry.enum(description="移送状态 / Where a transfer stands.")
class TransferState(Enum):
    QUEUED = strawberry.enum_value("QUEUED", description="待送达 / Waits to be sent.")
    SENDING = strawberry.enum_value(
        "SENDING", description="送达中 / Is being sent, or its outcome is unknown."
    )
    DELIVERED = strawberry.enum_value(
        "DELIVERED", description="已送达 / Taken over, the answer comes later."
    )
    ACCEPTED = strawberry.enum_value(
        "ACCEPTED", description="已接收 / The receiver accepted it."
    )
    RETURNED = strawberry.enum_value(
        "RETURNED", description="已退回 / The receiver returned it with reasons."
    )
    DEAD = strawberry.enum_value(
        "DEAD", description="死信 / Attempts are spent; an operator may replay it."
    )
    CANCELLED = strawberry.enum_value(
        "CANCELLED", description="已撤销 / Cancelled before it was sent."
    )


@strawberry.enum(description="回执结果 / What a receiver said.")
class ReceiptOutcome(Enum):
    ACCEPTED = strawberry.enum_value("ACCEPTED", description="接收 / Accepted.")
    RETURNED = strawberry.enum_value(
        "RETURNED", description="退回 / Returned, with reasons."
    )
    PENDING = strawberry.enum_value(
        "PENDING", description="待复 / Taken over, the answer comes later."
    )


@strawberry.type(description="移送步骤 / One line of a transfer's timeline.")
class TransferStep:
    state: TransferState = strawberry.field(description="状态 / The state entered.")
    at: datetime = strawberry.field(description="时间 / When.")
    error_code: str | None = strawberry.field(
        description="错误码 / Code of what went wrong."
    )
    error: Trouble | None = strawberry.field(description="故障 / What went wrong.")
    note: str = strawberry.field(description="备注 / A note on it.")

    @classmethod
    def of(cls, record: records.TransferStep) -> TransferStep:
        """A step as read."""
        return cls(
            state=TransferState(record.state),
            at=record.at,
            error_code=record.error_code,
            error=Trouble.of(record.error_code) if record.error_code else None,
            note=record.note,
        )


@strawberry.type(description="退回理由 / Why a transfer was returned.")
class ReturnReason:
    record: strawberry.Private[records.ReceiptReason]
    reason: Code | None = coded(
        "code", "return_reason", "理由代码 / The reason by its code."
    )
    text: str = strawberry.field(description="说明 / In the receiver's words.")

    @classmethod
    def of(cls, record: records.ReceiptReason) -> ReturnReason:
        """A reason as read."""
        return cls(record=record, text=record.text)


@strawberry.type(description="回执中的编号 / A number the receiver gave.")
class ReceiptNumber:
    scheme: str = strawberry.field(description="编号体系 / Its scheme.")
    value: str = strawberry.field(description="号码 / The number.")


@strawberry.type(description="回执 / The receiver's answer, yes or no.")
class Receipt:
    outcome: ReceiptOutcome = strawberry.field(description="结果 / Yes or no.")
    numbers: list[ReceiptNumber] = strawberry.field(
        description="对方编号 / The receiver's own numbers of the case."
    )
    reasons: list[ReturnReason] = strawberry.field(
        description="退回理由 / Why it was returned."
    )
    received_at: datetime = strawberry.field(description="收到时间 / When it came.")
    raw_digest: str = strawberry.field(
        description="原始字节摘要 / SHA-256 of the bytes received."
    )

    @classmethod
    def of(cls, record: records.ReceiptRecord) -> Receipt:
        """A receipt as read."""
        numbers = sorted(record.numbers.items())
        return cls(
            outcome=ReceiptOutcome(record.outcome),
            numbers=[
                ReceiptNumber(scheme=name, value=value) for name, value in numbers
            ],
            reasons=[ReturnReason.of(one) for one in record.reasons],
            received_at=record.received_at,
            raw_digest=record.raw_digest.hex(),
        )


_HELD = Text(
    "接收方系统拒绝登录，接入点停用待查；运维处理之前不再重试",
    "The receiver's system refuses our login and the endpoint is held; it is not "
    "tried again until an operator acts",
)


def _trouble(record: records.TransferRecord, *, waits: bool) -> Trouble | None:
    """Why it waits or died."""
    if not record.error_code:
        return None
    is_held = waits and record.next_attempt_at is None
    return Trouble.of(record.error_code, _HELD if is_held else None)


@strawberry.type(description="移送 / A case handed from one agency to another.")
class Transfer(Node):
    record: strawberry.Private[records.TransferRecord]
    node: Code | None = coded("node", "node", "协同节点 / What kind of hand-over.")
    round: int = strawberry.field(
        description="次数 / How many times this hand-over was made."
    )
    state: TransferState = strawberry.field(description="状态 / Where it stands.")
    attempts: int = strawberry.field(description="尝试次数 / Attempts to send it.")
    next_attempt_at: datetime | None = strawberry.field(
        description="下次尝试 / When it is tried again; null once it is settled, "
        "or while only an operator can help."
    )
    error_code: str | None = strawberry.field(
        description="错误码 / Code of why it waits or died."
    )
    error: Trouble | None = strawberry.field(description="故障 / Why it waits or died.")
    note: str = strawberry.field(
        description="移送说明 / The sender's note; empty for an operator."
    )
    receiver_number: str | None = strawberry.field(
        description="对方案号 / The number the receiver gave the case."
    )
    client_key: str | None = strawberry.field(
        description="幂等键 / The caller's own key; shown to that caller only."
    )
    submitted_at: datetime = strawberry.field(description="提交时间 / When submitted.")
    delivered_at: datetime | None = strawberry.field(
        description="送达时间 / When the receiver had it."
    )
    answered_at: datetime | None = strawberry.field(
        description="答复时间 / When the receiver answered."
    )

    @classmethod
    def of(cls, record: records.TransferRecord) -> Transfer:
        """A transfer as read."""
        waits = record.state in {"QUEUED", "SENDING", "DELIVERED"}
        return shown(
            cls,
            record,
            id=ids.encode("Transfer", record.id),
            record=record,
            state=TransferState(record.state),
            next_attempt_at=record.next_attempt_at if waits else None,
            error=_trouble(record, waits=waits),
            client_key=record.client_key or None,
        )

    @strawberry.field(description="案件 / The case; null for whoever may not see it.")
    async def case(
        self, info: Info
    ) -> Annotated[Case, strawberry.lazy("schema.types.case")] | None:
        return await info.context.loaders.case.load(self.record.case_id)

    @strawberry.field(description="移送机关 / Who sends.")
    def sender(self, info: Info) -> Agency:
        return agency(info, self.record.sender)

    @strawberry.field(description="接收机关 / Who receives.")
    def receiver(self, info: Info) -> Agency:
        return agency(info, self.record.receiver)

    @strawberry.field(description="提交方 / Who submitted it.")
    def submitted_by(self, info: Info) -> Agency:
        return agency(info, self.record.submitted_by)

    @strawberry.field(
        description="送达接入点 / Through which endpoint; null once not configured."
    )
    async def endpoint(self, info: Info) -> Endpoint | None:
        return await endpoint(info, self.record.endpoint)

    @strawberry.field(description="时间线 / Its states in the order of time.")
    async def steps(self, info: Info) -> list[TransferStep]:
        return await info.context.loaders.steps.load(self.record.id)

    @strawberry.field(description="回执 / What the receiver answered.")
    async def receipts(self, info: Info) -> list[Receipt]:
        return await info.context.loaders.receipts.load(self.record.id)
