"""What an answer, an error or silence means for a parcel."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from hub.contract.messages import Outcome, Parcel, Reason, Receipt
from hub.engine.retry import Pace
from hub.engine.verdict import answered, cut_off, failed, must_ask, silent
from hub.errors import (
    AgencyBusy,
    AgencyFaultUnknown,
    AgencyUnreachable,
    DeliveryExhausted,
    leaves,
)
from hub.store.lanes import Claim

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PACE = Pace(attempts=3, enquiries=2)


def claim(was: str = "QUEUED", tried: int = 0, enquiries: int = 0) -> Claim:
    parcel = Parcel("key", "0" * 32, "INDICTMENT", "PROC-1", "COURT-1", {}, {}, NOW)
    return Claim(UUID(int=1), 1, "court", was, tried, enquiries, parcel)


def test_a_fresh_parcel_is_sent_without_asking() -> None:
    assert not must_ask(claim(), can_ask=True, pace=PACE)


def test_a_parcel_in_doubt_is_asked_after_where_that_is_possible() -> None:
    assert must_ask(claim(tried=1), can_ask=True, pace=PACE)
    assert not must_ask(claim(tried=1), can_ask=False, pace=PACE)


def test_a_receipt_awaited_too_long_means_handing_over_once_more() -> None:
    assert must_ask(claim("DELIVERED", 1, 1), can_ask=True, pace=PACE)
    assert not must_ask(claim("DELIVERED", 1, 2), can_ask=True, pace=PACE)


def test_acceptance_brings_the_receivers_own_number() -> None:
    said = Receipt(Outcome.ACCEPTED, numbers={"unified": "U1", "department": "D1"})
    told = answered(claim(), said, NOW, ("department", "unified"), PACE)
    assert (told.state, told.receiver_number, told.attempts) == ("ACCEPTED", "D1", 1)


def test_a_refusal_is_an_answer_and_names_its_reasons() -> None:
    said = Receipt(Outcome.RETURNED, reasons=(Reason("R02", "缺"), Reason("R03", "x")))
    told = answered(claim(), said, NOW, (), PACE)
    assert (told.state, told.note) == ("RETURNED", "R02, R03")


def test_a_pending_answer_is_news_once() -> None:
    said = Receipt(Outcome.PENDING)
    first = answered(claim(), said, NOW, (), PACE)
    later = answered(claim("DELIVERED", 1, 1), said, None, (), PACE)
    assert (first.state, first.is_news, first.enquiries) == ("DELIVERED", True, 0)
    assert (later.state, later.is_news, later.enquiries) == ("DELIVERED", False, 2)


def test_handing_over_once_more_starts_the_enquiries_anew() -> None:
    again = answered(claim("DELIVERED", 1, 2), Receipt(Outcome.PENDING), NOW, (), PACE)
    assert (again.enquiries, again.attempts) == (0, 1)


def test_no_news_is_waited_on() -> None:
    told = silent(claim("DELIVERED", 1, 1), PACE)
    assert (told.state, told.enquiries, told.is_news) == ("DELIVERED", 2, False)


@pytest.mark.parametrize("sent_at", [NOW, None], ids=["sent", "only-asked"])
def test_retries_end_in_a_dead_letter(sent_at: datetime | None) -> None:
    error = AgencyUnreachable(endpoint="court")
    told = failed(claim(tried=1), error, sent_at, PACE)
    assert (told.state, told.attempts) == ("QUEUED", 2)
    told = failed(claim(tried=2), error, sent_at, PACE)
    assert (told.state, told.error_code) == ("DEAD", DeliveryExhausted.code)


def test_what_a_person_must_look_at_dies_at_once_under_its_own_code() -> None:
    told = failed(claim(), AgencyFaultUnknown(endpoint="court"), NOW, PACE)
    assert (told.state, told.error_code) == ("DEAD", AgencyFaultUnknown.code)


def test_a_busy_receiver_names_the_wait_itself() -> None:
    told = failed(claim(), AgencyBusy(endpoint="court", retry_after=77.0), NOW, PACE)
    assert told.wait == 77.0


def test_an_outage_never_kills_a_parcel() -> None:
    error = AgencyUnreachable(endpoint="court")
    told = cut_off(claim(tried=99), error, NOW, 5.0)
    assert (told.state, told.wait) == ("QUEUED", 5.0)


@pytest.mark.parametrize("leaf", sorted(leaves(), key=lambda one: one.code))
def test_every_error_there_is_has_a_verdict(leaf: type) -> None:
    told = failed(claim(), leaf(), NOW, PACE)
    assert told.state in {"QUEUED", "DEAD"}
    assert told.error_code == leaf.code


def test_trouble_while_waiting_for_a_receipt_keeps_waiting() -> None:
    error = AgencyUnreachable(endpoint="court")
    told = failed(claim("DELIVERED", 1, 1), error, None, PACE)
    assert (told.state, told.enquiries) == ("DELIVERED", 2)
