"""What only this system can be asked: cursors that are lost, lists handed over."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.case_property.adapter import CaseProperty
from hub.contract.manifest import load_manifest
from hub.contract.messages import (
    Outcome,
    Page,
    Parcel,
    RawRecord,
    Receipt,
    Watermark,
)
from hub.entry.assembly import ADAPTERS
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyError,
    AgencyFaultUnknown,
    AgencyLoginRefused,
    AgencyUnreachable,
    SettingInvalid,
)
from hub.mapping.load import Mappings
from tests.adapters import handover
from tests.adapters.case_property import bench, words
from tests.simulators import world
from tests.simulators.launch import Running, launch

MANIFEST = load_manifest(ADAPTERS / "case_property" / "manifest.yaml")
CASES = [case for case in world.build(7, 120) if words.belongs(case)]


class Centre:
    """A running simulator and a hand on its switches."""

    def __init__(self, running: Running) -> None:
        self.running = running

    def open(self, **limits: Any) -> CaseProperty:
        """A fresh adapter, with other limits where named."""
        found = MANIFEST.limits.model_copy(update=limits)
        manifest = MANIFEST.model_copy(update={"limits": found})
        return CaseProperty(bench.endpoint(self.running), manifest)

    async def pull(
        self, watermark: Watermark | None = None, **limits: Any
    ) -> tuple[list[RawRecord], Watermark]:
        """Everything since a watermark, and the last watermark."""
        mark, found = watermark or Watermark(), []
        async with self.open(**limits) as adapter:
            async for page in adapter.pull(mark):
                found += page.records
                mark = page.watermark
        return found, mark

    def order(self, path: str, **body: Any) -> None:
        """``fault`` or ``act`` of the test bench."""
        address = f"{self.running.address}/_sim/{path}"
        urllib.request.urlopen(address, json.dumps(body).encode()).close()


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """A simulator of its own for each test."""
    opened = Centre(launch("case_property", tmp_path, cases=120))
    yield opened
    opened.running.stop()


def _keys() -> list[str]:
    return sorted(words.account(case) for case in CASES)


@pytest.mark.parametrize("losses", [1, 2, 3])
async def test_a_cursor_that_is_lost_costs_no_row_and_brings_none_twice(
    centre: Centre, losses: int
) -> None:
    centre.order("fault", cursor_gone=losses)
    records, mark = await centre.pull(page_size=4)
    assert sorted(record.key for record in records) == _keys()
    assert (await centre.pull(mark, page_size=4))[0] == []


async def test_a_cursor_that_is_always_lost_is_gone_without(centre: Centre) -> None:
    centre.order("fault", cursor_gone=1000)
    records, _ = await centre.pull(page_size=4)
    assert sorted(record.key for record in records) == _keys()


async def test_no_way_on_ends_the_pull_and_not_its_pages(centre: Centre) -> None:
    centre.order("fault", cursor_gone=1000)
    kept: list[Page] = []
    async with centre.open(page_size=1) as adapter:
        with pytest.raises(AgencyUnreachable):
            await _kept(adapter, kept)
    centre.order("fault")
    rest, _ = await centre.pull(kept[-1].watermark)
    found = {record.key for page in kept for record in page.records}
    assert sorted(found | {record.key for record in rest}) == _keys()


async def _kept(adapter: CaseProperty, pages: list[Page]) -> None:
    """Gather into the caller's list, which keeps them when the pull breaks off."""
    async for page in adapter.pull(Watermark()):
        pages += [page]


async def test_an_account_that_changes_while_we_page_comes_again(
    centre: Centre,
) -> None:
    async with centre.open(page_size=4) as adapter:
        pages = adapter.pull(Watermark())
        first = await anext(pages)
        centre.order("act", do="touch", account=first.records[0].key)
        rest = [page async for page in pages]
    again, _ = await centre.pull(rest[-1].watermark)
    assert [record.key for record in again] == [first.records[0].key]


@pytest.mark.parametrize(
    ("fault", "leaf"),
    [
        ({"html": 9}, AgencyUnreachable),
        ({"down": True}, AgencyBusy),
        ({"busy": 9}, AgencyBusy),
        ({"garbage": 9}, AgencyAnswerUnreadable),
        ({"login_refused": True}, AgencyLoginRefused),
        ({"code": "MAINTENANCE"}, AgencyBusy),
        ({"code": "STORE_OFFLINE"}, AgencyUnreachable),
        ({"code": "SOMETHING_NEW"}, AgencyFaultUnknown),
    ],
)
async def test_each_fault_ends_in_its_leaf(
    centre: Centre, mappings: Mappings, fault: dict[str, Any], leaf: type[AgencyError]
) -> None:
    centre.order("fault", **fault)
    parcel = _parcel(mappings)
    async with centre.open() as adapter:
        for call in (
            adapter.probe,
            lambda: adapter.push(parcel),
            lambda: anext(adapter.pull(Watermark())),
        ):
            with pytest.raises(leaf) as caught:
                await call()
            assert caught.value.endpoint == "property-test"


def _parcel(mappings: Mappings) -> Parcel:
    case = next(
        case
        for case in CASES
        if case.reach == "PROSECUTION" and not words.planted(7, case.index)
    )
    record = handover.record(case, "PROPERTY_TRANSFER")
    written = mappings.system("case_property").write("PROPERTY_TRANSFER", record)
    assert written.faults == ()
    return Parcel(
        key="talk/1",
        message_id="ab" * 16,
        node="PROPERTY_TRANSFER",
        sender=f"POLICE-{case.division}",
        receiver=f"PROPERTY-{case.division}",
        numbers={"police": case.police_number},
        body=written.body,
        submitted_at=datetime(2023, 9, 1, tzinfo=UTC),
    )


async def test_refusals_come_back_as_reasons_of_the_house(
    centre: Centre, mappings: Mappings
) -> None:
    whole = _parcel(mappings)

    async def said(number: int, **changes: Any) -> Receipt:
        body = whole.body | changes
        told = replace(whole, message_id=f"{number:032x}", body=body)
        async with centre.open() as adapter:
            return await adapter.push(told)

    def codes(receipt: Receipt) -> list[str]:
        assert receipt.outcome is Outcome.RETURNED
        return [reason.code for reason in receipt.reasons]

    assert codes(await said(1, more=1)) == ["R99"]
    assert codes(await said(2, yjdw="?")) == ["R15"]
    assert codes(await said(3, qdlb=[])) == ["R02"]
    assert codes(await said(4, ajbh="A4213810000002099010001")) == ["R10"]
    elsewhere = replace(whole, receiver="PROPERTY-421300", message_id="c" * 32)
    async with centre.open() as adapter:
        assert codes(await adapter.push(elsewhere)) == ["R01"]
    assert (await said(5)).outcome is Outcome.ACCEPTED
    assert codes(await said(6)) == ["R13"]


async def test_one_account_is_looked_up_as_a_pull_would_bring_it(
    centre: Centre,
) -> None:
    records, _ = await centre.pull()
    async with centre.open() as adapter:
        assert await adapter.lookup("case", records[0].key) == records[0]
        assert await adapter.lookup("case", "TZ4213812099999999") is None


def test_a_token_that_is_not_configured_is_told_by_its_setting(
    centre: Centre,
) -> None:
    endpoint = replace(bench.endpoint(centre.running), secrets={})
    with pytest.raises(SettingInvalid) as caught:
        CaseProperty(endpoint, MANIFEST)
    assert caught.value.where == "endpoints.property-test.secrets.token"
