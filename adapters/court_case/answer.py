"""What an answer of the court's application says: alive, a receipt, a refusal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hub.contract.messages import Health, Outcome, Receipt
from hub.contract.window import STAMP
from hub.errors import AgencyAnswerUnreadable
from hub.wire.answer import json_of
from hub.wire.business import BusinessFaults
from hub.wire.http import Answer

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Answers:
    """Reads answers of one endpoint; refusals in words by its ``faults.yaml``."""

    endpoint: str
    faults: BusinessFaults

    def health(self, answer: Answer) -> Health:
        """Version and clock."""
        told = json_of(answer, endpoint=self.endpoint)
        row = told if isinstance(told, dict) else {}
        try:
            clock = datetime.strptime(str(row["sj"]), STAMP)  # noqa: DTZ007 - local
        except (KeyError, ValueError) as error:
            raise self._unreadable(answer, type(error).__name__) from error
        moment = clock.replace(tzinfo=SHANGHAI).astimezone(UTC)
        return Health(str(row.get("bb") or ""), moment)

    def receipt(self, answer: Answer) -> Receipt:
        """The court's yes or no; raises what is neither."""
        told = json_of(answer, endpoint=self.endpoint)
        row = told if isinstance(told, dict) else {}
        receipt = Receipt(
            Outcome.RETURNED,
            body=answer.body,
            media=answer.media,
            received_at=datetime.now(UTC),
        )
        if row.get("accepted") is True and row.get("ah"):
            numbers = {"court": _folded(str(row["ah"]))}
            return replace(receipt, outcome=Outcome.ACCEPTED, numbers=numbers)
        if row.get("accepted") is False:
            reason = self.faults.reason_in(str(row.get("text") or ""))
            return replace(receipt, reasons=(reason,))
        raise self._unreadable(answer, "neither accepted nor refused")

    def _unreadable(self, answer: Answer, detail: str) -> AgencyAnswerUnreadable:
        return AgencyAnswerUnreadable(
            endpoint=self.endpoint, body=answer.body, detail=detail
        )


def _folded(number: str) -> str:
    """A court number with half-width brackets, the hub's form."""
    return number.strip().translate(str.maketrans("（）", "()"))
