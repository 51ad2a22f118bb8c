"""What officers of the simulated procuratorate do in system 1.5."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.adapters.procuratorate_15 import words
from tests.simulators.state import State

SHANGHAI = ZoneInfo("Asia/Shanghai")
Order = dict[str, Any]


def now() -> str:
    """The system's clock."""
    return datetime.now(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def obey(state: State, order: Order) -> Order:
    """Do what the order says; raises ``ValueError`` for one nobody knows."""
    known: dict[str, Callable[[State, Order], Order]] = {
        "indict": indict,
        "delete": delete,
        "touch": touch,
        "account": account,
        "unlock": unlock,
    }
    found = known.get(str(order.get("do")))
    if found is None:
        raise ValueError(f"do one of: {', '.join(known)}")
    return found(state, order)


def save(state: State, body: Order, at: str = "") -> None:
    """Write an acceptance with the clock's time; ``at``: a commit that took long."""
    at = at or now()
    card = body["AJXX"] | {"ZHXGSJ": at}
    state.put("case", card["BMSAH"], at, body | {"AJXX": card})


def indict(state: State, order: Order) -> Order:
    """The indictment is signed: documents, stage and closing date."""
    body = _case(state, order)
    papers = order.get("documents") or [
        {"type": "INDICTMENT_DOC", "name": "起诉书"},
        {"type": "SENTENCING_RECOMMENDATION_DOC", "name": "量刑建议书"},
    ]
    today = datetime.now(SHANGHAI).date()
    for told in papers:
        issued = date.fromisoformat(told["issued"]) if told.get("issued") else today
        number = told.get("number", "")
        body["WSXX"].append(words.paper_words(told["name"], number, issued))
    body["AJXX"] |= {
        "AJZT": words.local("stage")["S200_COURT_INTAKE"],
        "BJRQ": words.slashed(today),
    }
    save(state, body)
    return {"department_number": body["AJXX"]["BMSAH"]}


def delete(state: State, order: Order) -> Order:
    """An acceptance is deleted, which here means: marked."""
    body = _case(state, order)
    body["AJXX"] |= {"SFSC": "Y"}
    save(state, body)
    return {"department_number": body["AJXX"]["BMSAH"]}


def touch(state: State, order: Order) -> Order:
    """Somebody saves the case; nothing but its time changes."""
    body = _case(state, order)
    save(state, body, str(order.get("at") or ""))
    return {"department_number": body["AJXX"]["BMSAH"]}


def account(state: State, _: Order) -> Order:
    """How our account stands."""
    return {
        "logins": int(state.setting("logins") or 0),
        "refused": int(state.setting("refused") or 0),
    }


def unlock(state: State, _: Order) -> Order:
    """The administrator unlocks our account."""
    state.set("refused", "0")
    return {"refused": 0}


def _case(state: State, order: Order) -> Order:
    number = str(order["department_number"])
    body = state.get("case", number)
    if body is None:
        raise LookupError(f"no acceptance {number}")
    return body
