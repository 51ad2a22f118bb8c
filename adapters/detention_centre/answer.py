"""What an answer of the register says: well, closed, a fault, a receipt, a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from hub.contract.messages import Outcome, Receipt, Record
from hub.contract.window import STAMP
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    RecordUnreadable,
)
from hub.wire.business import BusinessFaults
from hub.wire.http import Answer
from hub.wire.soap_envelope import charset
from hub.wire.trees import element_name, element_tree, xml_element

WELL, NOT_THERE, CLOSED = "0000", "1404", "9001"
#: the element around every answer
_ROOT = "YD"
#: no centre is closed for longer than this many seconds
_LONGEST = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Answers:
    """Reads answers of one endpoint by its ``faults.yaml``."""

    endpoint: str
    faults: BusinessFaults

    def opened(self, answer: Answer) -> Record:
        """The answer taken apart; raises ``AgencyAnswerUnreadable``."""
        try:
            return envelope(answer.body, answer.media)
        except RecordUnreadable as error:
            raise self.unreadable(answer, error.detail) from error

    def well(self, answer: Answer) -> Record:
        """The answer, if it says that all is well; raises the fault it tells."""
        told = self.opened(answer)
        if code_of(told) != WELL:
            raise self.error(told, answer)
        return told

    def is_of_record(self, told: Record) -> bool:
        """Is all well, or only the one record at fault? Then its bytes are kept."""
        code = code_of(told)
        return code == WELL or self.faults.concerns_record(code)

    def receipt(self, answer: Answer) -> Receipt:
        """The receiver's yes or no; raises what is neither."""
        told = self.opened(answer)
        refusal = self.faults.reason(code_of(told), str(told.get("FHXX") or ""))
        if refusal is None and (code_of(told) != WELL or not told.get("HZBH")):
            raise self.error(told, answer)
        return Receipt(
            Outcome.RETURNED if refusal else Outcome.ACCEPTED,
            reasons=(refusal,) if refusal else (),
            body=answer.body,
            media=answer.media,
            received_at=datetime.now(UTC),
        )

    def error(self, told: Record, answer: Answer) -> AgencyError:
        """The leaf for what is neither well nor a refusal."""
        code = code_of(told)
        if code == WELL:
            return self.unreadable(answer, "well, but without a receipt")
        if code == CLOSED:
            return self._closed(told, answer)
        return self.faults.error(code, endpoint=self.endpoint, body=answer.body)

    def _closed(self, told: Record, answer: Answer) -> AgencyBusy:
        """Closed is not broken: busy until it opens, by the centre's own clock."""
        opens = str(told.get("KFSJ") or "")
        here, there = moment(str(told.get("FWQSJ") or "")), moment(opens)
        wait = None
        if here is not None and there is not None:
            wait = min(max((there - here).total_seconds(), 1.0), _LONGEST)
        return AgencyBusy(
            f"对方不在服务时间{f'，{opens} 开放' if there else ''}",
            f"The system is closed at this hour{f'; opens {opens}' if there else ''}",
            endpoint=self.endpoint,
            retry_after=wait,
            body=answer.body,
        )

    def unreadable(self, answer: Answer, detail: str) -> AgencyAnswerUnreadable:
        """The leaf for an answer of another shape."""
        return AgencyAnswerUnreadable(
            endpoint=self.endpoint, body=answer.body, detail=detail
        )


def envelope(body: bytes, media: str) -> Record:
    """An answer's tree; raises ``RecordUnreadable`` where it is no answer of theirs."""
    root = xml_element(body, charset(media))
    tree = element_tree(root)
    if element_name(root) != _ROOT or not isinstance(tree, dict) or "FHM" not in tree:
        raise RecordUnreadable(
            "应答不是看守所系统的报文",
            "The answer is no message of this system",
            detail=f"root {element_name(root)[:32]}",
        )
    return tree


def code_of(told: Record) -> str:
    """The answer's ``FHM``."""
    return str(told.get("FHM") or "")


def moment(text: str) -> datetime | None:
    """A time of the centre's clock, without a zone."""
    try:
        return datetime.strptime(text, STAMP)  # noqa: DTZ007 - the centre's local clock
    except ValueError:
        return None
