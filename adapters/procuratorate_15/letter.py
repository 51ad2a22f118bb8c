"""A parcel as the XML letter that system 1.5 takes inside a string."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hub.contract.messages import Parcel, Record
from hub.contract.window import STAMP
from hub.wire.trees import tree_xml

_SHANGHAI = ZoneInfo("Asia/Shanghai")
#: the system wants this line even though the text travels inside UTF-8
_DECLARATION = '<?xml version="1.0" encoding="GBK"?>'


def letter(parcel: Parcel) -> str:
    """HEAD and what the mapping wrote. The same for every attempt."""
    head: Record = {
        "SJBS": parcel.message_id,
        "FSDWBH": _unit(parcel.sender),
        "JSDWBH": _unit(parcel.receiver),
        "FSSJ": parcel.submitted_at.astimezone(_SHANGHAI).strftime(STAMP),
        "SJLX": "1",
    }
    return _DECLARATION + tree_xml("ROOT", {"HEAD": head, **parcel.body})


def _unit(agency: str) -> str:
    """Police units have 12 digits in this system, all others 6."""
    kind, _, place = agency.partition("-")
    return place[:6] + ("000000" if kind == "POLICE" else "")
