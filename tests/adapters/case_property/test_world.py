"""The centre's own words against what was seized: traps change nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from adapters.case_property.adapter import CaseProperty
from hub.contract.messages import RawRecord
from hub.errors import RecordUnreadable
from hub.mapping.load import Mappings
from tests.adapters import facts
from tests.adapters.case_property import words
from tests.adapters.subject import Subject
from tests.simulators import world

MINE = [case for case in world.build(7, 300) if words.belongs(case)]


def _facts(case: world.Case) -> dict[str, Any]:
    told: dict[str, Any] = {
        "police_number": case.police_number,
        "title": case.title,
        "investigator": f"POLICE-{case.division}",
        "handler": f"PROPERTY-{case.division}",
        "items": [_item(one) for one in words.things(case, 7)],
        "documents": [
            {
                "type": "SEIZURE_LIST",
                "name": "扣押清单",
                "number": words.seizure_number(case),
                "issued_on": case.filed.isoformat(),
            }
        ],
    }
    if case.reached("PROSECUTION"):
        told["unified_number"] = case.unified_number
    if case.reached("TRIAL"):
        told["court_number"] = facts.court_number(case)
    return told


def _item(one: words.Thing) -> dict[str, Any]:
    left = {"left_on": one.left.isoformat()} if one.left else {}
    return {
        "number": one.number,
        "name": one.name,
        "quantity": f"{one.quantity:f}".removesuffix(".0"),
        "unit": one.unit,
        "value": f"{one.value}.00",
        "owner": one.owner,
        "seized_on": one.seized.isoformat(),
        "store": one.store,
        **left,
    }


@pytest.mark.parametrize("subject", ["case_property"], indirect=True)
async def test_every_clean_account_says_exactly_what_was_seized(
    subject: Subject,
) -> None:
    records, _ = await subject.pulled()
    held = {record.key: record for record in records}
    adapter = subject.open()
    clean = [case for case in MINE if not words.planted(7, case.index)]
    assert len(clean) > 100
    for case in clean:
        tree = adapter.read(held[words.account(case)])
        mapped = subject.mapping.read("case", tree)
        assert facts.without(mapped.body, "modified_at") == _facts(case)


def test_the_seeds_carry_every_trap_and_every_kind_of_dirt() -> None:
    many = [case for case in world.build(7, 1000) if words.belongs(case)]
    assert {words.planted(7, case.index) for case in many} == {"", *words.KINDS}
    goods = [one for case in MINE for one in words.form(case, 7)["cwlb"]]
    quantities = [one["sl"] for one in goods]
    assert any("dw" in one for one in goods)
    assert any(" " in told for told in quantities)
    assert any(told[0] > "９" or "０" <= told[0] <= "９" for told in quantities)
    assert any(told[0] in "壹贰叁肆伍陆柒捌玖" for told in quantities)
    assert {"万" in one["gz"] for one in goods} == {True, False}
    assert any("仟" in one["gz"] for one in goods)


@pytest.mark.parametrize("kind", words.KINDS)
def test_each_kind_of_dirt_ends_as_the_failure_it_declares(
    kind: str, mappings: Mappings
) -> None:
    adapter = CaseProperty.__new__(CaseProperty)
    for case in MINE[:30]:
        form = words.soil(words.form(case, 7), kind)
        if kind == "gone":
            form = {"error": {"code": "NOT_FOUND", "message": ""}}
        body = json.dumps(form, ensure_ascii=False).encode()
        cut = len(body) * 2 // 3 if kind == "truncated" else len(body)
        try:
            tree = adapter.read(RawRecord("case", "K", body[:cut], "application/json"))
            mapped = mappings.system("case_property").read("case", tree)
            codes = {fault.code for fault in mapped.faults}
        except RecordUnreadable as error:
            codes = {error.code}
        assert codes == {words.KINDS[kind]}
