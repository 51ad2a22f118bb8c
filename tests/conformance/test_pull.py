"""How an adapter pages, resumes and refuses; nothing changes at the far side."""

from __future__ import annotations

import json
import re

import pytest

from hub.contract.messages import RawRecord, Tree, Watermark
from hub.errors import AgencyAnswerUnreadable, AgencyError, HubError, RecordUnreadable
from tests.adapters.lines import has_line, lines
from tests.adapters.subject import Subject, systems
from tests.conformance.exempt import exempt
from tests.simulators.proxy.plan import Answer, Plan

#: pages as small as this meet many seams
SMALL = 7
#: what an answer is made of that is larger than any cap (8 MB is the usual one)
_CHUNK = b"<a>" + b"x" * 1_000_000 + b"</a>"
_STAMP = re.compile(r"\d{4}(-\d\d-\d\d[ T]\d\d:\d\d:\d\d)")

every = pytest.mark.parametrize("subject", systems(), indirect=True)


def stored(watermark: Watermark) -> Watermark:
    """A watermark as it comes back from the store: through JSON."""
    return Watermark(json.loads(json.dumps(dict(watermark.value))))


def keys(records: list[RawRecord]) -> list[str]:
    """Which records these are, in order of their keys."""
    return sorted(record.key for record in records)


@pytest.mark.conformance("E3-02")
@every
async def test_paging_ends_and_the_size_of_a_page_changes_nothing(
    subject: Subject,
) -> None:
    whole, _ = await subject.pulled()
    found: set[str] = set()
    async with subject.open(page_size=SMALL) as adapter:
        pages = 0
        async for page in adapter.pull(Watermark()):
            pages += 1
            found |= {record.key for record in page.records}
            assert pages <= 2 * len(whole) + 10, "the pages never end"
    assert found == set(keys(whole))
    assert pages > 1, "the seeded world should fill more than one page"


@pytest.mark.conformance("E3-06")
@every
@pytest.mark.parametrize("size", [1, SMALL])
async def test_no_record_comes_twice_at_the_seam_of_two_pages(
    subject: Subject, size: int
) -> None:
    records, _ = await subject.pulled(page_size=size)
    assert len(records) == len(set(keys(records)))


@pytest.mark.conformance("E3-04")
@every
async def test_resumed_from_any_watermark_the_whole_is_the_same_set(
    subject: Subject,
) -> None:
    pages = []
    async with subject.open(page_size=SMALL) as adapter:
        async for page in adapter.pull(Watermark()):
            pages.append(page)
            if len(pages) == 4:
                break  # a run that dies here has its last watermark and no more
    whole, _ = await subject.pulled()
    for done in range(1, len(pages) + 1):
        taken = [one.key for page in pages[:done] for one in page.records]
        rest, _ = await subject.pulled(stored(pages[done - 1].watermark))
        assert {*taken, *keys(rest)} == set(keys(whole)), "records were lost"
        again = set(taken) & set(keys(rest))
        assert len(again) < len(taken), "the pull began anew"


@pytest.mark.conformance("E3-13")
@every
async def test_a_watermark_from_the_future_does_not_silence_a_source(
    subject: Subject,
) -> None:
    whole, marks = await subject.pulled()
    text = json.dumps(dict(marks[-1].value))
    future = _STAMP.sub(r"2999\1", text)
    if future == text:
        exempt("its watermark holds no time")
    try:
        found, _ = await subject.pulled(Watermark(json.loads(future)))
    except HubError:
        return
    assert keys(found) == keys(whole), "the source fell silent for ever"


@pytest.mark.conformance("E3-16")
@every
@pytest.mark.parametrize("after", [2, 5])
async def test_a_part_that_is_denied_is_told_and_not_left_out(
    subject: Subject, after: int
) -> None:
    if not has_line(subject):
        exempt("its address is none of HTTP")
    whole, _ = await subject.pulled()
    async with lines(subject) as way:
        denied = Answer(403, "text/plain", b"forbidden")
        way.proxies[0].set(Plan(answer=denied, after=after, times=1))
        try:
            found, _ = await subject.pulled(endpoint=way.endpoint)
        except AgencyError:
            return
    assert keys(found) == keys(whole), "what was denied was left out"


@pytest.mark.conformance("E3-11")
@every
async def test_an_answer_beyond_the_cap_is_refused(subject: Subject) -> None:
    if not has_line(subject):
        _refuses_what_is_too_large(subject, (await subject.pulled())[0][0])
        return
    cap = subject.manifest.limits.max_bytes
    body = _CHUNK * (cap // len(_CHUNK) + 2)
    async with lines(subject) as way:
        way.proxies[0].set(Plan(answer=Answer(200, "text/xml", body)))
        with pytest.raises(AgencyAnswerUnreadable):
            async with subject.open(endpoint=way.endpoint) as adapter:
                await adapter.probe()


@pytest.mark.conformance("E3-11")
@every
async def test_a_text_of_20_mb_is_read_whole_or_refused(subject: Subject) -> None:
    records, _ = await subject.pulled()
    adapter = subject.open()
    record = next(one for one in records if _leaf(subject, one))
    leaf = _leaf(subject, record)
    huge = leaf + "龘" * 7_000_000
    for name in ("utf-8", "gb18030"):
        body = record.body.replace(leaf.encode(name), huge.encode(name))
        if body != record.body:
            break
    else:
        exempt("the words of its records do not stand in their bytes as they are")
    grown = RawRecord(record.kind, record.key, body, record.media, record.modified)
    try:
        tree = adapter.read(grown)
    except RecordUnreadable:
        return
    assert max(map(len, leaves(tree))) >= len(huge), "a text was cut short"


def _refuses_what_is_too_large(subject: Subject, record: RawRecord) -> None:
    body = record.body + b"\0" * 50_000_000
    with pytest.raises(RecordUnreadable):
        subject.open().read(RawRecord(record.kind, record.key, body, record.media))


def _leaf(subject: Subject, record: RawRecord) -> str:
    """The longest text of a record that holds Chinese words and no markup."""
    try:
        tree = subject.open().read(record)
    except RecordUnreadable:
        return ""
    plain = [one for one in leaves(tree) if re.fullmatch(r"[\w\u4e00-\u9fff]+", one)]
    words = [one for one in plain if not one.isascii()]
    return max(words, key=len, default="")


def leaves(tree: Tree) -> list[str]:
    """Every text of a tree."""
    if isinstance(tree, dict):
        return [one for child in tree.values() for one in leaves(child)]
    if isinstance(tree, list):
        return [one for child in tree for one in leaves(child)]
    return [tree] if isinstance(tree, str) else []


@pytest.mark.conformance("F11")
@every
async def test_bytes_that_are_no_character_are_refused_and_not_replaced(
    subject: Subject,
) -> None:
    records, _ = await subject.pulled()
    adapter = subject.open()
    asked = 0
    for record in records[:40]:
        place = _place(subject, record)
        if place < 0:
            continue
        asked += 1
        body = record.body[:place] + b"\xff" + record.body[place + 1 :]
        spoilt = RawRecord(record.kind, record.key, body, record.media)
        try:
            tree = adapter.read(spoilt)
        except RecordUnreadable:
            continue
        # no encoding knows this byte: whoever reads the record has made something up
        assert tree == adapter.read(record), "a loss went by"
    assert asked > 0


def _place(subject: Subject, record: RawRecord) -> int:
    """Where in the bytes a character of some value stands; of an archive, any byte."""
    leaf = _leaf(subject, record)
    if not leaf:
        return -1
    for name in ("utf-8", "gb18030"):
        if (found := record.body.find(leaf.encode(name))) >= 0:
            return found
    return len(record.body) // 2
