"""The same questions to every adapter on disk, as far as its manifest says it can."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hub.contract.adapter import Adapter
from hub.contract.messages import Outcome, Watermark
from hub.engine.registry import load_manifests
from hub.entry.assembly import ADAPTERS
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyBusy,
    AgencyLoginRefused,
    AgencyUnreachable,
    HubError,
    RecordUnreadable,
)
from tests.adapters import handover
from tests.adapters.lines import has_line, lines
from tests.adapters.subject import Subject, systems
from tests.conformance.exempt import exempt
from tests.simulators.proxy.plan import Plan

MANIFESTS = load_manifests(ADAPTERS)

#: its simulators are its own
CHANGES = True
#: seconds an adapter waits for an agency that took a parcel and says nothing
SILENCE = 0.8

every = pytest.mark.parametrize("subject", systems(), indirect=True)
receivers = pytest.mark.parametrize(
    ("subject", "node"),
    [(system, node) for system in systems() for node in MANIFESTS[system].receives],
    indirect=["subject"],
)


def _stored(watermark: Watermark) -> Watermark:
    """A watermark as it comes back from the store: through JSON."""
    return Watermark(json.loads(json.dumps(dict(watermark.value))))


@pytest.mark.conformance("contract.class")
@every
async def test_the_manifest_names_a_class_and_a_mapping(subject: Subject) -> None:
    adapter = subject.open()
    for ability in subject.manifest.can:
        assert callable(getattr(adapter, ability)), ability
    assert set(subject.manifest.kinds) <= set(subject.mapping.parsed.records)


@pytest.mark.conformance("contract.nodes")
@every
async def test_every_node_received_can_be_written(subject: Subject) -> None:
    assert set(subject.manifest.receives) == set(subject.mapping.nodes)
    assert ("push" in subject.manifest.can) == bool(subject.manifest.receives)


@pytest.mark.conformance("E3-01")
@every
async def test_the_simulator_answers_a_probe(subject: Subject) -> None:
    async with subject.open() as adapter:
        health = await adapter.probe()
    assert health is not None


@pytest.mark.conformance("contract.world")
@every
async def test_the_seeded_world_maps_with_exactly_the_declared_dirt(
    subject: Subject,
) -> None:
    records, _ = await subject.pulled()
    declared = {dirt["key"]: dirt["code"] for dirt in subject.ask("declared")}
    keys = [record.key for record in records]
    assert len(set(keys)) > len(declared) > 0
    failed, remainder = subject.verdicts(records)
    assert failed == declared
    assert remainder == set()


@pytest.mark.conformance("E3-03")
@every
async def test_a_second_pull_from_the_last_watermark_brings_nothing(
    subject: Subject,
) -> None:
    _, marks = await subject.pulled()
    again, _ = await subject.pulled(_stored(marks[-1]))
    assert [record.key for record in again] == []


@pytest.mark.conformance("contract.same_bytes")
@every
async def test_the_same_record_has_the_same_bytes_when_pulled_again(
    subject: Subject,
) -> None:
    once, _ = await subject.pulled()
    twice, _ = await subject.pulled()
    assert {record.key: record.body for record in once} == {
        record.key: record.body for record in twice
    }


@pytest.mark.conformance("contract.push")
@receivers
async def test_a_pushed_parcel_is_accepted_and_known_afterwards(
    subject: Subject, node: str
) -> None:
    parcel = handover.parcel(subject, node, 0)
    async with subject.open() as adapter:
        receipt = await subject.answer(adapter, parcel)
        assert receipt.outcome is Outcome.ACCEPTED, receipt.reasons
        assert receipt.body, "the bytes of a receipt are kept"
        if "enquire" in subject.manifest.can:
            known = await adapter.enquire(parcel)
            assert known is not None
            assert (known.outcome, known.numbers) == (receipt.outcome, receipt.numbers)
    assert len(subject.received(parcel)) == 1


@pytest.mark.conformance("F02")
@receivers
async def test_the_same_parcel_twice_gives_one_receipt_and_one_message(
    subject: Subject, node: str
) -> None:
    parcel = handover.parcel(subject, node, 1)
    async with subject.open() as adapter:
        first = await subject.answer(adapter, parcel)
    async with subject.open() as adapter:
        second = await subject.answer(adapter, parcel)
    assert first.outcome is Outcome.ACCEPTED, first.reasons
    assert (second.outcome, second.numbers) == (first.outcome, first.numbers)
    assert len(subject.received(parcel)) == 1


@pytest.mark.conformance("F03")
@receivers
async def test_changed_content_under_the_same_key_is_refused(
    subject: Subject, node: str
) -> None:
    parcel = handover.parcel(subject, node, 2)
    async with subject.open() as adapter:
        first = await subject.answer(adapter, parcel)
        kept = subject.received(parcel)
        other = handover.changed(subject, parcel, 3)
        refused = await subject.answer(adapter, other)
    assert first.outcome is Outcome.ACCEPTED, first.reasons
    assert refused.outcome is Outcome.RETURNED
    assert refused.reasons
    assert subject.received(parcel) == kept


@pytest.mark.conformance("F01")
@receivers
async def test_a_lost_answer_leaves_one_message_and_the_same_receipt(
    subject: Subject, node: str
) -> None:
    parcel = handover.parcel(subject, node, 4)
    await subject.fault(silent_after_commit=1)
    async with subject.open(deadline=SILENCE) as adapter:
        if subject.manifest.receipt == "later":
            assert (await subject.answer(adapter, parcel)).outcome is Outcome.PENDING
        else:
            with pytest.raises(AgencyUnreachable):
                await adapter.push(parcel)
    await subject.fault()
    async with subject.open() as adapter:
        receipt = await _asked_again(subject, adapter, parcel)
    assert receipt.outcome is Outcome.ACCEPTED
    async with subject.open() as adapter:
        again = await subject.answer(adapter, parcel)
    assert (again.outcome, again.numbers) == (receipt.outcome, receipt.numbers)
    assert len(subject.received(parcel)) == 1


async def _asked_again(subject: Subject, adapter: Adapter, parcel: handover.Parcel):  # type: ignore[no-untyped-def]  # a test
    if "enquire" not in subject.manifest.can:
        return await subject.answer(adapter, parcel)
    known = await adapter.enquire(parcel)
    if known is not None and known.outcome is Outcome.PENDING:
        return await subject.later(adapter, parcel)
    return known


@pytest.mark.conformance("F01")
@receivers
async def test_a_push_whose_answer_was_lost_is_unknown_and_happens_once(
    subject: Subject, node: str
) -> None:
    if not has_line(subject):
        return  # a shared folder loses no answer on the line
    parcel = handover.parcel(subject, node, 6)
    async with (
        lines(subject) as way,
        subject.open(SILENCE, way.endpoint) as adapter,
    ):
        await adapter.probe()
        way.proxies[0].set(Plan(swallow=True))
        with pytest.raises(AgencyUnreachable):
            await adapter.push(parcel)
    async with subject.open() as adapter:
        receipt = await subject.answer(adapter, parcel)
    assert receipt.outcome is Outcome.ACCEPTED, receipt.reasons
    assert len(subject.received(parcel)) == 1


@pytest.mark.conformance("F17")
@receivers
async def test_an_unknown_parcel_is_told_apart_from_an_unanswered_one(
    subject: Subject, node: str
) -> None:
    parcel = handover.parcel(subject, node, 5)
    never = replace(parcel, key="contract/never", message_id="0" * 32)
    async with subject.open() as adapter:
        assert await adapter.enquire(never) is None


@pytest.mark.conformance("F18")
@every
async def test_an_agency_that_is_down_is_unreachable_and_never_empty(
    subject: Subject,
) -> None:
    await subject.fault(down=True)
    async with subject.open() as adapter:
        with pytest.raises((AgencyUnreachable, AgencyBusy)):
            await adapter.probe()
    try:
        records, _ = await subject.pulled()
    except (AgencyUnreachable, AgencyBusy):
        return
    assert records, "a source that fails is never an empty source"


@pytest.mark.conformance("F18")
@receivers
async def test_a_push_to_an_agency_that_is_down_raises(
    subject: Subject, node: str
) -> None:
    parcel = handover.parcel(subject, node, 5)
    await subject.fault(down=True)
    async with subject.open() as adapter:
        with pytest.raises((AgencyUnreachable, AgencyBusy)):
            await adapter.push(parcel)
    await subject.fault()
    assert subject.received(parcel) == []


@pytest.mark.conformance("E3-01")
@every
async def test_a_login_refused_stops_the_knocking(subject: Subject) -> None:
    if not subject.has_login:
        exempt("the system knows no login")
    await subject.fault(login_refused=True)
    with pytest.raises(AgencyLoginRefused):
        async with subject.open() as adapter:
            await adapter.probe()


@pytest.mark.conformance("contract.unreadable")
@every
async def test_garbage_ends_as_an_unreadable_answer_or_record(
    subject: Subject,
) -> None:
    await subject.fault(garbage=1000)
    assert await _unreadable(subject), "garbage went through unnoticed"


async def _unreadable(subject: Subject) -> bool:
    try:
        records, _ = await subject.pulled()
        adapter = subject.open()
        for record in records[:50]:
            adapter.read(record)
        async with subject.open() as adapter:
            await adapter.probe()
            for node in subject.manifest.receives:
                told = handover.parcel(subject, node, 6)
                await subject.answer(adapter, told)
    except AgencyAnswerUnreadable as error:
        return bool(error.endpoint)
    except RecordUnreadable:
        return True
    return False


@pytest.mark.conformance("contract.settings")
@every
async def test_an_endpoint_without_settings_ends_in_a_house_error(
    subject: Subject,
) -> None:
    bare = replace(
        subject.endpoint, address="http://127.0.0.1:9", options={}, secrets={}
    )
    with pytest.raises(HubError) as caught:
        async with type(subject.open())(bare, subject.manifest) as adapter:
            await adapter.probe()
    assert caught.value.where
