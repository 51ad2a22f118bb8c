"""The dirt planted in the court's rows: what is wrong and what it must cause."""

from __future__ import annotations

from tests.adapters.court_case.words import Row, row_id
from tests.simulators import dirt

SYSTEM = "court_case"

#: kind of dirt -> the code of the failure it must cause
KINDS = {
    "orphan": "RECORD_UNREADABLE",
    "role": "CODE_UNKNOWN",
    "result": "CODE_UNKNOWN",
    "term": "RECORD_INVALID",
    "number": "RECORD_INVALID",
    "identity": "RECORD_INVALID",
}


def kind_of(seed: int, index: int) -> str:
    """The dirt this case carries; empty for a clean one."""
    if not dirt.is_dirty(seed, SYSTEM, index):
        return ""
    return dirt.pick(seed, SYSTEM, index, tuple(KINDS))


def soil(rows: dict[str, list[Row]], kind: str) -> None:
    """Plant it in the rows of one case."""
    case, party, judgments = rows["t_aj"][0], rows["t_dsr"][0], rows["t_pj"]
    if kind == "orphan":
        judgments[0]["c_dsrbh"] = row_id("nobody", judgments[0]["c_dsrbh"])
    elif kind == "role":
        party["n_ssdw"] = 77
    elif kind == "result":
        judgments[-1]["n_pjjg"] = 99
    elif kind == "term":
        judgments[-1]["c_xq"] = "有期徒刑若干"
    elif kind == "number":
        case["c_ah"] = "（2023）鄂刑初号"
    elif kind == "identity":
        party["c_zjhm"] = "421381190001010019"  # its check digit would be 0
