import json
import shutil
from pathlib import Path

import pytest

from hub.entry import golden
from hub.errors import NotFound, RecordInvalid, RecordUnreadable

FIXTURES = golden.EVIDENCE / "justice_drop" / "fixtures"


@pytest.fixture
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of one system's fixtures, to be spoilt."""
    shutil.copytree(FIXTURES, tmp_path / "justice_drop" / "fixtures")
    monkeypatch.setattr(golden, "EVIDENCE", tmp_path)
    monkeypatch.setattr(golden, "ROOT", tmp_path)
    return tmp_path / "justice_drop" / "fixtures"


def test_a_missing_expectation_is_a_difference_until_it_is_written(
    evidence: Path,
) -> None:
    kept = (evidence / "case-full.canonical.json").read_bytes()
    (evidence / "case-full.canonical.json").unlink()
    assert [pair.name for pair, _ in golden.differences()] == ["case-full"]
    assert golden.golden(write=False) == 1
    written = golden.write_golden("justice_drop")
    assert [path.name for path in written] == ["case-full.canonical.json"]
    assert written[0].read_bytes() == kept
    assert golden.golden(write=False) == 0
    assert golden.write_golden() == []


def test_a_changed_expectation_is_a_difference(evidence: Path) -> None:
    path = evidence / "case-minimal.canonical.json"
    told = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(told | {"title": "x"}), "utf-8")
    assert golden.golden(write=True) == 0
    assert json.loads(path.read_text("utf-8")) == told


def test_a_fixture_that_cannot_be_read_is_never_written_down(evidence: Path) -> None:
    (evidence / "case-bad.raw.zip").write_bytes(b"PK")
    with pytest.raises(RecordUnreadable):
        golden.write_golden()
    assert not (evidence / "case-bad.canonical.json").exists()


def test_a_fixture_with_a_fault_names_file_and_fault(evidence: Path) -> None:
    from tests.adapters.justice_drop.planted import DIRT
    from tests.adapters.justice_drop.register import card_of
    from tests.simulators import world

    case = next(one for one in world.build(7, 20) if one.reached("EXECUTION"))
    _, spoilt = DIRT["unknown-crime"]
    (evidence / "case-bad.raw.zip").write_bytes(spoilt(card_of(case, 7)))
    with pytest.raises(RecordInvalid) as caught:
        golden.write_golden()
    assert caught.value.where == "justice_drop/case-bad.raw.zip"
    assert caught.value.faults[0].where == "persons[0].charges[0].crime"


def test_an_unknown_system_is_told_with_those_there_are() -> None:
    with pytest.raises(NotFound) as caught:
        golden.write_golden("justice")
    assert "justice_drop" in caught.value.message.en
