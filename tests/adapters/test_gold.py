"""What gold asks of every system beyond the contract: counts, codes, replays.

The seeded world is the recorded week: everything the simulator has, pulled as bytes.
"""

from __future__ import annotations

import pytest
import yaml

from hub.engine.registry import load_manifests
from hub.entry.assembly import ADAPTERS
from hub.errors import AgencyError, RecordError, leaf
from hub.mapping.expect import Tally
from tests.adapters.subject import Subject, shipped, systems, tables

MANIFESTS = load_manifests(ADAPTERS)
every = pytest.mark.parametrize("subject", systems(), indirect=True)


@pytest.mark.conformance("gold.counts")
@every
async def test_a_week_is_inside_the_counts_that_are_expected(subject: Subject) -> None:
    bounds = subject.mapping.parsed.records["case"].expect
    if bounds is None or not (bounds.least and bounds.most and bounds.filled):
        assert subject.system not in shipped(), "what is a run of it like?"
        pytest.skip("its mapping does not say what a run is like")
    records, _ = await subject.pulled()
    adapter, tally = subject.open(), Tally(bounds)
    for record in records:
        try:
            mapped = subject.mapping.read(record.kind, adapter.read(record))
        except RecordError:
            tally.bad()
            continue
        assert mapped.remainder == ()
        tally.bad() if mapped.faults else tally.good(mapped.body)
    assert list(tally.objections(len(records), is_first=True)) == []
    assert list(tally.objections(0, is_first=True)), "an empty week passes unnoticed"


@pytest.mark.conformance("gold.replay")
@every
async def test_a_kept_record_is_replayed_to_the_same_body(subject: Subject) -> None:
    """By another adapter that has talked to nobody, as a replay does it."""
    records, _ = await subject.pulled()
    one, other = subject.open(), type(subject.open())
    silent = other.__new__(other)
    for record in records[:60]:
        try:
            told = subject.mapping.read(record.kind, one.read(record))
        except RecordError as error:
            with pytest.raises(type(error)):
                silent.read(record)
            continue
        again = subject.mapping.read(record.kind, silent.read(record))
        assert (again.body, again.faults) == (told.body, told.faults)


@pytest.mark.parametrize("system", systems())
def test_every_code_of_its_own_means_something_of_the_house(system: str) -> None:
    told = yaml.safe_load((ADAPTERS / system / "faults.yaml").read_text("utf-8"))
    reasons = {row.code for row in tables().table("return_reason").rows}
    assert told.get("codes") or told.get("texts")
    for code, row in (told.get("codes") or {}).items():
        assert isinstance(code, str)
        assert row["zh"]
        assert row["en"]
        assert ("leaf" in row) != ("reason" in row), code
        if "leaf" in row:
            assert issubclass(leaf(row["leaf"]), (AgencyError, RecordError)), code
        else:
            assert row["reason"] in reasons, code
    for row in told.get("texts") or ():
        assert row["reason"] in reasons


@pytest.mark.parametrize("system", systems())
def test_every_code_of_the_interface_is_in_the_list(system: str) -> None:
    """Codes that the interface description names in its tables have a meaning."""
    papers = sorted((ADAPTERS / system).glob("interface/**/*.md"))
    known = set(
        (yaml.safe_load((ADAPTERS / system / "faults.yaml").read_text("utf-8"))).get(
            "codes"
        )
        or {}
    )
    lines = [line for path in papers for line in path.read_text("utf-8").splitlines()]
    named = {
        word.strip(" `")
        for line in lines
        if line.startswith("| ") and line.count("|") == 3
        for word in line.split("|")[1].split(",")
    }
    coded = {word for word in named if word.isdecimal() and len(word) == 4}
    assert coded - {"0000"} <= known


@pytest.mark.parametrize("system", systems())
def test_what_it_claims_to_recognise_is_honoured(system: str) -> None:
    """The contract tests push twice; here the manifest says by what key."""
    manifest = MANIFESTS[system]
    if manifest.receives:
        assert manifest.idempotency.key
        assert manifest.idempotency.honoured
    assert manifest.owner
    if not manifest.quirks:
        assert system not in shipped(), "what should an operator know of it?"
        pytest.skip("its manifest names no quirk of the system")
