"""The receipt files ``.ack`` and ``.err``: lines KEY=VALUE in GBK."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from hub.contract.messages import Outcome, Reason, Receipt
from hub.errors import AgencyAnswerUnreadable, RecordUnreadable
from hub.wire.business import BusinessFaults
from hub.wire.decode import decode

MEDIA = "text/plain; charset=gbk"


@dataclass(frozen=True, slots=True)
class Answer:
    """A receipt and the MD5 of the ZIP that it answers."""

    digest: str
    receipt: Receipt


def read_receipt(body: bytes, faults: BusinessFaults, endpoint: str) -> Answer:
    """Take a receipt file apart.

    Raises ``AgencyAnswerUnreadable`` (its bytes are in the error) and
    ``AgencyFaultUnknown`` for a code that ``faults.yaml`` lacks.
    """
    try:
        lines = [line.partition("=") for line in decode(body, "gbk").splitlines()]
    except RecordUnreadable as error:
        raise _unreadable(body, endpoint) from error
    told = {name: value for name, _, value in lines}
    objections = [value.split("|", 2) for name, _, value in lines if name == "CW"]
    if not told.get("MD5") or bool(told.get("JZBH")) == bool(objections):
        raise _unreadable(body, endpoint)
    if objections:
        reasons = tuple(_reason(row, body, faults, endpoint) for row in objections)
        return Answer(told["MD5"].lower(), _receipt(Outcome.RETURNED, body, reasons))
    numbers = {"correction": told["JZBH"]}
    return Answer(
        told["MD5"].lower(), _receipt(Outcome.ACCEPTED, body, numbers=numbers)
    )


def _reason(
    row: list[str], body: bytes, faults: BusinessFaults, endpoint: str
) -> Reason:
    if len(row) != 3:
        raise _unreadable(body, endpoint)
    line, code, text = row
    place = "" if line == "0" else f"第{line}行："
    reason = faults.reason(code, f"{place}{text}")
    if reason is None:
        raise faults.error(code, endpoint=endpoint, body=body)
    return reason


def _receipt(
    outcome: Outcome,
    body: bytes,
    reasons: tuple[Reason, ...] = (),
    numbers: dict[str, str] | None = None,
) -> Receipt:
    return Receipt(outcome, numbers or {}, reasons, body, MEDIA, datetime.now(UTC))


def _unreadable(body: bytes, endpoint: str) -> AgencyAnswerUnreadable:
    return AgencyAnswerUnreadable(
        "回执文件无法解读",
        "A receipt file cannot be read",
        endpoint=endpoint,
        body=body,
    )
