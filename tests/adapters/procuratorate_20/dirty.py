"""The dirt planted in the simulated system: what is wrong and what it must cause."""

from __future__ import annotations

import json
from typing import Any

from tests.simulators import dirt

SYSTEM = "procuratorate_20"

#: kind of dirt -> the code of the failure it must cause
KINDS = {
    "truncated": "RECORD_UNREADABLE",
    "pseudo": "RECORD_UNREADABLE",
    "crime": "CODE_UNKNOWN",
    "measure": "CODE_UNKNOWN",
    "date": "RECORD_INVALID",
    "identity": "RECORD_INVALID",
}


def kind_of(seed: int, index: int) -> str:
    """The dirt this case carries; empty for a clean one."""
    if not dirt.is_dirty(seed, SYSTEM, index):
        return ""
    return dirt.pick(seed, SYSTEM, index, tuple(KINDS))


def soil(form: dict[str, Any], kind: str) -> None:
    """Plant it in a detail form; ``truncated`` is done when it is sent."""
    person = form["xyrxx"][0]
    if kind == "pseudo":
        form["xxnr"] = form["xxnr"].replace("null}", "'D:", 1)
    elif kind == "crime":
        person["zmxx"][0]["zmdm"] = "1403999999999"
    elif kind == "measure":
        person["qzcsxx"][0]["qzcs"] = "其他措施"
    elif kind == "date":
        form["slsj" if "slsj" in form else "slrq"] = "2023-02-30 00:00:00"
    elif kind == "identity":
        person["zjhm"] = "421381190001010019"  # its check digit would be 0


def sent(answer: dict[str, Any], kind: str) -> bytes:
    """The bytes of a detail answer; a truncated one ends in the middle."""
    body = json.dumps(answer, ensure_ascii=False).encode()
    return body[: len(body) * 2 // 3] if kind == "truncated" else body
