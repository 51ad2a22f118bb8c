"""The same line faults to every adapter that talks over a network.

A line may be slow, short or wrong. What must hold: the adapter ends with a leaf of
the error tree that says whether to try again, never with a foreign exception, never
with fewer records and no error, never with another value and no trace.
"""

from __future__ import annotations

import contextlib

import pytest

from hub.contract.messages import RawRecord, Watermark
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyError,
    AgencyUnreachable,
    RecordError,
)
from tests.adapters.lines import Lines, has_line, lines
from tests.adapters.subject import Subject, systems
from tests.conformance.exempt import exempt
from tests.simulators.proxy.plan import Answer, Plan

every = pytest.mark.parametrize("subject", systems(), indirect=True)

#: seconds an adapter waits for a line that says nothing
PATIENCE = 0.8

LOGIN_PAGE = Answer(200, "text/html", "<html><title>登录</title></html>".encode())
SOAP_FAULT = Answer(
    200,
    "text/xml; charset=utf-8",
    b"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><s:Fault>"
    b"<faultcode>s:Server</faultcode><faultstring>x</faultstring></s:Fault></s:Body>"
    b"</s:Envelope>",
)
NOTHING = Answer(200, "application/json", b"")


@pytest.fixture
def spoken(subject: Subject) -> Subject:
    if not has_line(subject):
        exempt("its address is none of HTTP")
    return subject


async def pulled(
    subject: Subject, way: Lines, deadline: float = 0.0
) -> dict[str, RawRecord]:
    """Everything by this way; a key that comes twice must come unchanged."""
    found: dict[str, RawRecord] = {}
    async with subject.open(deadline, way.endpoint) as adapter:
        async for page in adapter.pull(Watermark()):
            for record in page.records:
                assert found.setdefault(record.key, record).body == record.body
    return found


@pytest.mark.conformance("line.slow")
@every
async def test_a_slow_line_brings_everything(spoken: Subject) -> None:
    plain, _ = await spoken.pulled()
    async with lines(spoken) as way:
        way.set(Plan(latency=0.02, trickle=40_000, pause=0.001))
        found = await pulled(spoken, way)
    assert {key: one.body for key, one in found.items()} == {
        one.key: one.body for one in plain
    }


@pytest.mark.conformance("line.cut")
@every
@pytest.mark.parametrize("ending", ["close", "reset", "half"])
@pytest.mark.parametrize("at", [0, 40, 700])
async def test_a_line_cut_is_unreachable_or_unreadable_and_never_empty(
    spoken: Subject, at: int, ending: str
) -> None:
    async with lines(spoken) as way:
        way.set(Plan(cut_at=at, ending=ending))  # type: ignore[arg-type]  # one of them
        with pytest.raises((AgencyUnreachable, AgencyAnswerUnreadable)) as caught:
            await pulled(spoken, way, PATIENCE)
        assert caught.value.endpoint == way.endpoint.code


@pytest.mark.conformance("line.cut")
@every
@pytest.mark.parametrize("after", [1, 2, 3])
async def test_a_line_cut_in_the_middle_of_a_pull_fails_the_pull(
    spoken: Subject, after: int
) -> None:
    async with lines(spoken) as way:
        way.set(Plan(cut_at=600, after=after))
        try:
            await pulled(spoken, way, PATIENCE)
        except (AgencyUnreachable, AgencyAnswerUnreadable):
            return
        assert max(one.turn.seen for one in way.proxies) <= after, "a cut went unseen"


@pytest.mark.conformance("line.silent")
@every
async def test_a_line_that_takes_the_request_and_says_nothing_is_unreachable(
    spoken: Subject,
) -> None:
    async with lines(spoken) as way:
        way.set(Plan(silent=True))
        with pytest.raises(AgencyUnreachable):
            async with spoken.open(PATIENCE, way.endpoint) as adapter:
                await adapter.probe()


@pytest.mark.conformance("F23")
@every
@pytest.mark.parametrize(
    "answer", [LOGIN_PAGE, SOAP_FAULT, NOTHING], ids=["login page", "fault", "nothing"]
)
async def test_a_strange_answer_with_status_200_is_no_success(
    spoken: Subject, answer: Answer
) -> None:
    async with lines(spoken) as way:
        way.proxies[0].set(Plan(answer=answer))
        with pytest.raises(AgencyError) as caught:
            async with spoken.open(PATIENCE, way.endpoint) as adapter:
                await adapter.probe()
        assert caught.value.endpoint == way.endpoint.code


@pytest.mark.conformance("F23")
@every
@pytest.mark.parametrize("after", [1, 4])
async def test_a_login_page_within_a_pull_is_no_record(
    spoken: Subject, after: int
) -> None:
    if "pull" not in spoken.manifest.can:
        return
    plain, _ = await spoken.pulled()
    async with lines(spoken) as way:
        way.proxies[0].set(Plan(answer=LOGIN_PAGE, after=after, times=1))
        try:
            found = await pulled(spoken, way, PATIENCE)
        except AgencyError:
            return
    assert {key: one.body for key, one in found.items()} == {
        one.key: one.body for one in plain
    }


@pytest.mark.conformance("E3-09")
@every
@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_a_server_in_trouble_is_tried_again(spoken: Subject, status: int) -> None:
    async with lines(spoken) as way:
        way.proxies[0].set(Plan(answer=Answer(status, "text/plain", b"later")))
        with pytest.raises(AgencyError) as caught:
            async with spoken.open(PATIENCE, way.endpoint) as adapter:
                await adapter.probe()
        # a SOAP fault comes with status 500; one that is no SOAP is no fault
        assert caught.value.disposition.value == "retry", caught.value.code


@pytest.mark.conformance("E3-09")
@every
@pytest.mark.parametrize("after", [1, 3])
async def test_trouble_within_a_pull_fails_the_pull_to_be_tried_again(
    spoken: Subject, after: int
) -> None:
    if "pull" not in spoken.manifest.can:
        return
    async with lines(spoken) as way:
        trouble = Answer(500, "text/plain", b"later")
        way.proxies[0].set(Plan(answer=trouble, after=after))
        told = "retry"
        try:
            await pulled(spoken, way, PATIENCE)
        except AgencyError as error:
            told = error.disposition.value
        else:
            assert way.proxies[0].turn.seen <= after, "a 500 went by unseen"
    assert told == "retry"


@pytest.mark.conformance("E3-10")
@every
@pytest.mark.parametrize("charset", ["ISO-8859-1", "Big5", "no-such-charset"])
async def test_a_false_charset_changes_no_value_unseen(
    spoken: Subject, charset: str
) -> None:
    plain, _ = await spoken.pulled()
    whole = {one.key: one for one in plain}
    async with lines(spoken) as way:
        way.proxies[0].set(Plan(charset=charset))
        try:
            found = await pulled(spoken, way)
        except AgencyError:
            return
    adapter = spoken.open()
    assert set(found) == set(whole)
    for key, record in found.items():
        try:
            tree = adapter.read(record)
        except RecordError:
            continue
        assert tree == adapter.read(whole[key])


@pytest.mark.conformance("E3-10")
@every
@pytest.mark.parametrize("at", range(3, 400, 97))
async def test_one_wrong_byte_ends_in_the_house(spoken: Subject, at: int) -> None:
    async with lines(spoken) as way:
        way.proxies[0].set(Plan(corrupt_at=at, after=1))
        with contextlib.suppress(AgencyError, RecordError):
            for record in (await pulled(spoken, way, PATIENCE)).values():
                spoken.open().read(record)


@pytest.mark.conformance("line.repeat")
@every
async def test_an_answer_that_comes_twice_loses_and_doubles_nothing(
    spoken: Subject,
) -> None:
    plain, _ = await spoken.pulled()
    async with lines(spoken) as way:
        way.proxies[0].set(Plan(repeat=True, after=2, times=1))
        try:
            found = await pulled(spoken, way, PATIENCE)
        except AgencyError:
            return
    assert set(found) == {one.key for one in plain}
