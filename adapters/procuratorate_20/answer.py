"""What an answer of the system says: well, a fault, a receipt, a refusal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from hub.contract.messages import Outcome, Reason, Receipt, Tree
from hub.errors import AgencyAnswerUnreadable, AgencyError
from hub.wire.answer import json_of, parse_json
from hub.wire.business import BusinessFaults
from hub.wire.http import Answer

#: "all is well": text "0" in lists, number 0 in details, "200" in hand-overs
WELL = ("0", "200")
NOT_THERE = "1404"
_DEAD_TOKEN = "9401"  # noqa: S105 - a fault code

Row = dict[str, Tree]


@dataclass(frozen=True, slots=True)
class Answers:
    """Reads answers of one endpoint by its ``faults.yaml``."""

    endpoint: str
    faults: BusinessFaults

    def well(self, answer: Answer) -> Row:
        """The answer as an object that says all is well; raises the fault it tells."""
        told = json_of(answer, endpoint=self.endpoint)
        code = ret_code(told)
        if not isinstance(told, dict) or not code:
            raise self.unreadable(answer, "no retCode")
        if code not in WELL:
            raise self.error(code, answer)
        return told

    def concerns_record(self, code: str) -> bool:
        """Is all well, or only the one record at fault? Then its bytes are kept."""
        return code in WELL or self.faults.concerns_record(code)

    def receipt(self, answer: Answer) -> Receipt:
        """The receiver's yes or no; raises what is neither."""
        told = json_of(answer, endpoint=self.endpoint)
        text = str(told.get("retMsg") or "") if isinstance(told, dict) else ""
        refusal = self.faults.reason(ret_code(told), text)
        receipt = Receipt(
            Outcome.RETURNED,
            reasons=(refusal,) if refusal else (),
            body=answer.body,
            media=answer.media,
            received_at=datetime.now(UTC),
        )
        return receipt if refusal else self._verdict(answer, receipt)

    def _verdict(self, answer: Answer, receipt: Receipt) -> Receipt:
        data = self.well(answer).get("data")
        told = data if isinstance(data, dict) else {}
        if told.get("jszt") == "1" and told.get("bmsah") and told.get("tysah"):
            numbers = {"department": str(told["bmsah"]), "unified": str(told["tysah"])}
            return replace(receipt, outcome=Outcome.ACCEPTED, numbers=numbers)
        reasons = told.get("thyy")
        if told.get("jszt") == "2" and isinstance(reasons, list) and reasons:
            return replace(receipt, reasons=tuple(map(self._reason, reasons)))
        raise self.unreadable(answer, "neither taken nor sent back")

    def _reason(self, told: Tree) -> Reason:
        row = told if isinstance(told, dict) else {}
        text = str(row.get("ms") or "")
        found = self.faults.reason(str(row.get("dm") or ""), text)
        return found or self.faults.reason_in(text)

    def error(self, code: str, answer: Answer) -> AgencyError:
        """The leaf for a fault code."""
        return self.faults.error(code, endpoint=self.endpoint, body=answer.body)

    def unreadable(self, answer: Answer, detail: str) -> AgencyAnswerUnreadable:
        """The leaf for an answer of another shape."""
        return AgencyAnswerUnreadable(
            endpoint=self.endpoint, body=answer.body, detail=detail
        )


def ret_code(told: Tree) -> str:
    """The answer's ``retCode`` as text; empty where there is none."""
    code = told.get("retCode") if isinstance(told, dict) else None
    return str(code) if isinstance(code, (str, int)) else ""


def tells_dead(answer: Answer) -> bool:
    """A dead token told with status 200; such answers are short."""
    if len(answer.body) > 500:
        return False
    try:
        return ret_code(parse_json(answer.body)) == _DEAD_TOKEN
    except ValueError:
        return False
