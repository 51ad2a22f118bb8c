"""What officers of the simulated police do in their own system."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.adapters.police_case import words
from tests.simulators.state import State
from tests.simulators.world import DIVISIONS, Measure, Person, police_unit

SHANGHAI = ZoneInfo("Asia/Shanghai")
Order = dict[str, Any]

#: what has to be in the file before a case can be handed over
_TO_FINISH = (
    ("PROSECUTION_OPINION", "起诉意见书", "诉"),
    ("DOSSIER_INDEX", "电子卷宗目录", ""),
    ("FILING_DECISION", "立案决定书", "立"),
    ("INTERROGATION_RECORD", "讯问笔录", ""),
    ("HOUSEHOLD_PROOF", "户籍证明", ""),
    ("CRIMINAL_RECORD_CHECK", "违法犯罪记录查询", ""),
    ("ARRIVAL_STATEMENT", "到案经过", ""),
    ("RIGHTS_NOTICE_SUSPECT", "犯罪嫌疑人诉讼权利义务告知书", ""),
)


def now() -> str:
    """The police system's clock."""
    return datetime.now(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def obey(state: State, order: Order) -> Order:
    """Do what the order says; raises ``ValueError`` for one nobody knows."""
    known: dict[str, Callable[[State, Order], Order]] = {
        "file": file,
        "finish": finish,
        "touch": touch,
    }
    found = known.get(str(order.get("do")))
    if found is None:
        raise ValueError(f"do one of: {', '.join(known)}")
    return found(state, order)


def save(state: State, body: Order, at: str = "") -> None:
    """Write a case with the clock's time on it; ``at``: a commit that took long."""
    at = at or now()
    state.put("case", body["AJBH"], at, body | {"XGSJ": at})


def file(state: State, order: Order) -> Order:
    """A new case is filed; answers its number."""
    case = order["case"]
    filed = date.fromisoformat(case["filed"])
    number = _new_number(state, case["division"], filed)
    unit = police_unit(case["division"])
    people = [
        words.person_words(_person(told, case), f"{number[13:19]}{place:04d}", _plain())
        for place, told in enumerate(case["persons"], 1)
    ]
    for person in people:
        for measure in person["QZCS"]:
            measure["JDJG"] = unit
    body = {
        "AJBH": number,
        "AJMC": case["title"],
        "BADW": unit,
        "JYAQ": case["summary"],
        "LASJ": f"{filed:%Y%m%d}",
        "AJJD": words.FILED,
        "RYLB": people,
        "WSLB": [_paper(told) for told in case.get("documents", [])],
    }
    save(state, body)
    return {"police_number": number}


def finish(state: State, order: Order) -> Order:
    """Investigation is over: the file is made complete and ready to go.

    ``on`` is the day on the new documents, today if it is not told.
    """
    number, body = _case(state, order)
    body["WSLB"] += [_paper(told) for told in order.get("documents", [])]
    held = {paper["WSDM"] for paper in body["WSLB"]}
    told = order.get("on")
    day = date.fromisoformat(told) if told else datetime.now(SHANGHAI).date()
    unit = DIVISIONS.get(body["BADW"][:6], "随州")[0] + "公（刑）"
    for kind, name, word in _TO_FINISH:
        if words.local("document_type")[kind] not in held:
            wording = f"{unit}{word}字〔{day.year}〕{number[-4:]}号" if word else ""
            body["WSLB"].append(words.document(kind, name, wording, day))
    body["AJJD"] = words.TRANSFERRED
    save(state, body)
    return {"police_number": number, "documents": len(body["WSLB"])}


def touch(state: State, order: Order) -> Order:
    """Somebody saves the case; nothing but its time changes."""
    number, body = _case(state, order)
    save(state, body, str(order.get("at") or ""))
    return {"police_number": number}


def _case(state: State, order: Order) -> tuple[str, Order]:
    number = str(order["police_number"])
    body = state.get("case", number)
    if body is None:
        raise LookupError(f"no case {number}")
    return number, body


def _new_number(state: State, division: str, filed: date) -> str:
    sequence = int(state.setting("sequence") or 9000) + 1
    state.set("sequence", str(sequence))
    return f"A{police_unit(division)}{filed:%Y%m}{sequence:04d}"


def _person(told: Order, case: Order) -> Person:
    return Person(
        name=told["name"],
        sex=told["sex"],
        birth=date.fromisoformat(told["birth"]),
        id_number=told["id_number"],
        ethnic_group=told.get("ethnic_group", "01"),
        education=told.get("education", "71"),
        household=told.get("household") or case["division"],
        address=told.get("address", ""),
        occupation=told.get("occupation", ""),
        crimes=tuple(told.get("crimes") or case["crimes"]),
        measures=tuple(
            Measure(
                measure["kind"],
                date.fromisoformat(measure["start"]),
                date.fromisoformat(measure["end"]),
            )
            for measure in told.get("measures", [])
        ),
    )


def _paper(told: Order) -> Order:
    issued = date.fromisoformat(told["issued"])
    return words.document(told["type"], told["name"], told.get("number", ""), issued)


def _plain() -> random.Random:
    """A die that never rolls a trap: what officers type today is tidy."""

    class _Tidy(random.Random):
        def random(self) -> float:
            return 0.999

    return _Tidy(0)
