"""What an answer of the system says: well, a fault, a receipt, a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

from hub.contract.messages import Outcome, Receipt, Record, Tree
from hub.errors import AgencyAnswerUnreadable, AgencyError
from hub.wire.answer import json_of
from hub.wire.business import BusinessFaults
from hub.wire.http import Answer

NOT_FOUND, CURSOR_GONE = "NOT_FOUND", "CURSOR_GONE"
#: statuses by which it tells a code of its own
SPOKEN = (
    HTTPStatus.OK,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.GONE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)


@dataclass(frozen=True, slots=True)
class Answers:
    """Reads answers of one endpoint by its ``faults.yaml``."""

    endpoint: str
    faults: BusinessFaults

    def opened(self, answer: Answer) -> Record:
        """The answer as an object; raises ``AgencyAnswerUnreadable``."""
        told = json_of(answer, endpoint=self.endpoint)
        if not isinstance(told, dict) or (answer.status != HTTPStatus.OK) != bool(
            code_of(told)
        ):
            raise self.unreadable(answer, f"HTTP {answer.status} without its code")
        return told

    def well(self, answer: Answer) -> Record:
        """The answer, if all is well; raises the fault it tells."""
        told = self.opened(answer)
        if code_of(told):
            raise self.error(told, answer)
        return told

    def is_of_record(self, told: Record) -> bool:
        """Is all well, or only the one record at fault? Then its bytes are kept."""
        code = code_of(told)
        return not code or self.faults.concerns_record(code)

    def receipt(self, answer: Answer) -> Receipt:
        """The receiver's yes or no; raises what is neither."""
        told = self.opened(answer)
        error = told.get("error")
        text = str(error.get("message") or "") if isinstance(error, dict) else ""
        refusal = self.faults.reason(code_of(told), text)
        if refusal is None and code_of(told):
            raise self.error(told, answer)
        if refusal is None and not told.get("jjbh"):
            raise self.unreadable(answer, "neither taken nor refused")
        return Receipt(
            Outcome.RETURNED if refusal else Outcome.ACCEPTED,
            reasons=(refusal,) if refusal else (),
            body=answer.body,
            media=answer.media,
            received_at=datetime.now(UTC),
        )

    def error(self, told: Record, answer: Answer) -> AgencyError:
        """The leaf for a fault code."""
        code = code_of(told)
        return self.faults.error(code, endpoint=self.endpoint, body=answer.body)

    def unreadable(self, answer: Answer, detail: str) -> AgencyAnswerUnreadable:
        """The leaf for an answer of another shape."""
        return AgencyAnswerUnreadable(
            endpoint=self.endpoint, body=answer.body, detail=detail
        )


def code_of(told: Tree) -> str:
    """``error.code``; empty where all is well."""
    error = told.get("error") if isinstance(told, dict) else None
    return str(error.get("code") or "") if isinstance(error, dict) else ""
