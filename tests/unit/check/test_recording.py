import dataclasses

import pytest

from hub.check.fixtures import pairs_in
from hub.check.house import House
from hub.check.keep import chosen, keep
from hub.check.persons import real_looking
from hub.check.recording import Recorder
from hub.check.subject import load
from hub.check.trial import attempts
from hub.contract.messages import RawRecord
from hub.errors import NotFound, RequestInvalid
from hub.mapping.converters.identity import check_character
from hub.wire.rewrite import plain_texts
from tests.unit.check.copies import ROOT

HOUSE = House(ROOT)
SYSTEMS = sorted(
    path.parent.name for path in (ROOT / "tests/adapters").glob("*/fixtures")
)


@pytest.fixture(scope="module", params=SYSTEMS)
def subject(request):
    return load(HOUSE, request.param)


@pytest.fixture(scope="module")
def police():
    return load(HOUSE, "police_case")


def recorder(subject):
    return Recorder.of(subject.adapter, subject.mapping, subject.tables)


def names(tree, found=()):
    return [
        person["name"]
        for person in tree.get("persons", ())
        if isinstance(person.get("name"), str)
    ]


def test_every_fixture_can_be_masked_in_place(subject):
    made = recorder(subject)
    for pair in subject.pairs:
        record = pair.record()
        masked = made.masked(record)
        old = subject.mapping.read(pair.kind, subject.adapter.read(record)).body
        new = subject.mapping.read(pair.kind, subject.adapter.read(masked)).body
        text = "".join(plain_texts(masked.body))
        for name in names(old):
            assert name not in text
        assert len(names(new)) == len(names(old))
        for key in ("police_number", "court_number", "filed_on", "stage"):
            assert new.get(key) == old.get(key)


def real(subject, pair_name, old, new):
    """A fixture with something of a real person put in."""
    pair = next(one for one in subject.pairs if one.name == pair_name)
    record = pair.record()
    assert old in record.body
    return dataclasses.replace(record, body=record.body.replace(old, new))


def text_of(record):
    return "".join(plain_texts(record.body))


def test_what_looks_real_is_gone_also_from_fields_nobody_maps(police):
    told = "承办人王建设，电话13812345678，身份证110101198503071232"
    record = real(
        police, "case-full", "系统&lt;/CZRXM".encode(), f"{told}&lt;/CZRXM".encode()
    )
    made = text_of(recorder(police).masked(record))
    for word in ("王建设", "13812345678", "110101198503071232"):
        assert word not in made
    divisions = frozenset(police.tables.table("division").codes)
    assert not list(real_looking(made, divisions))


def test_a_plain_word_under_the_name_of_a_person_is_masked(police):
    old, new = "系统&lt;/CZRXM".encode(), b"wangjianshe&lt;/CZRXM"
    record = real(police, "case-full", old, new)
    assert b"wangjianshe" not in recorder(police).masked(record).body


def test_a_key_that_is_somebodys_number_is_refused(police):
    record = next(one for one in police.pairs if one.name == "case-full").record()
    body = "42138119850307123"
    key = body + check_character(body)
    with pytest.raises(RequestInvalid):
        recorder(police).masked(dataclasses.replace(record, key=key))


def test_a_wrapper_nobody_reads_is_masked_as_well(police):
    record = real(
        police, "case-full", "成功&lt;/XX".encode(), "王建设已查&lt;/XX".encode()
    )
    assert "王建设" not in text_of(recorder(police).masked(record))


def test_a_comment_is_emptied(police):
    record = real(police, "case-full", b"<soap:Body>", b"<!-- wang --><soap:Body>")
    assert b"wang" not in recorder(police).masked(record).body


def test_one_name_has_one_mask_in_all_records(police):
    made = recorder(police)
    first = next(one for one in police.pairs if one.name == "case-full").record()
    again = dataclasses.replace(first, key="again")
    assert made.masked(first).body == made.masked(again).body
    assert recorder(police).masked(first).body != made.masked(first).body


def test_a_record_that_cannot_be_read_is_refused(police):
    with pytest.raises(RequestInvalid):
        recorder(police).masked(RawRecord("case", "x", b"<half", "text/xml"))


def test_a_mask_that_changes_nothing_is_refused(police, monkeypatch):
    made = recorder(police)
    record = next(one for one in police.pairs if one.name == "case-full").record()
    monkeypatch.setattr(type(made.masks), "text", lambda _, value: value)
    with pytest.raises(RequestInvalid) as caught:
        made.masked(record)
    assert "would keep its value" in caught.value.message.en


def test_a_name_that_stays_anywhere_is_refused(police, monkeypatch):
    """A value that only a comment of ours put back must be found, too."""
    made = recorder(police)
    pair = next(one for one in police.pairs if one.name == "case-full")
    tree = police.adapter.read(pair.record())
    name = names(police.mapping.read("case", tree).body)[0]

    def left(body, media, change):
        from hub.wire.rewrite import rewritten

        return rewritten(body, media, change) + f"<!--{name}-->".encode()

    monkeypatch.setattr("hub.check.recording.rewritten", left)
    with pytest.raises(RequestInvalid) as caught:
        made.masked(pair.record())
    assert "would still stand" in caught.value.message.en
    assert name not in str(caught.value.message)


def test_a_mapping_that_gives_something_else_is_refused(police, monkeypatch):
    made = recorder(police)
    pair = next(one for one in police.pairs if one.name == "case-full")
    monkeypatch.setattr(type(made.masks), "identity", lambda _, value: "1" * len(value))
    with pytest.raises(RequestInvalid) as caught:
        made.masked(pair.record())
    assert "does not map like the original" in caught.value.message.en


def tried(subject):
    records = [pair.record() for pair in subject.pairs]
    return attempts(subject.adapter, subject.mapping, records)


def test_smallest_fullest_and_oddest_are_chosen(police):
    told = tried(police)
    keys = {one.pair.name: one.pair.key for one in police.samples}
    for case in ("minimal", "full", "ugly"):
        assert chosen(told, case).record.key == keys[f"case-{case}"]


def test_nothing_is_chosen_where_nothing_maps(police):
    broken = RawRecord("case", "x", b"<half", "text/xml")
    told = attempts(police.adapter, police.mapping, [broken])
    with pytest.raises(NotFound):
        chosen(told, "full")


def test_a_kept_fixture_reads_like_the_record(police, tmp_path):
    pair = police.pairs[0]
    masked = recorder(police).masked(pair.record())
    path = keep(tmp_path / "new", masked, "full", replace=False)
    (told,) = pairs_in(path.parent, "police_case")
    assert told.record() == dataclasses.replace(masked, modified="")
    with pytest.raises(RequestInvalid):
        keep(path.parent, masked, "full", replace=False)
    keep(path.parent, masked, "full", replace=True)
