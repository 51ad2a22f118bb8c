from pathlib import Path

import pytest

from hub.errors import AgencyBusy, AgencyFaultUnknown, ManifestInvalid, leaf
from hub.mapping.code_tables.tables import Tables
from hub.wire.business import BusinessFaults, shown

ROOT = Path(__file__).parents[3]
FILES = [
    ROOT / "adapters" / name / "faults.yaml"
    for name in ("procuratorate_20", "court_case")
]
_SAMPLE = """
codes:
  5000: { leaf: AGENCY_BUSY, zh: 忙, en: busy }
  "1404": { leaf: RECORD_UNREADABLE, zh: 无, en: gone }
  "1409": { reason: R13, zh: 重复, en: duplicate }
texts:
  - { has: [管辖], reason: R01 }
  - { has: [缺少, 未附], reason: R02 }
"""


@pytest.fixture
def faults(tmp_path: Path) -> BusinessFaults:
    (tmp_path / "faults.yaml").write_text(_SAMPLE, "utf-8")
    return BusinessFaults.load(tmp_path / "faults.yaml")


def test_a_listed_code_is_its_leaf_with_both_texts(faults: BusinessFaults) -> None:
    error = faults.error("5000", endpoint="ep", body=b"raw")
    assert isinstance(error, AgencyBusy)
    assert (error.message.zh, error.message.en) == ("忙", "busy")
    assert (error.endpoint, error.body) == ("ep", b"raw")


@pytest.mark.parametrize("code", ["7777", "", "1404", "1409"])
def test_a_code_without_a_leaf_of_the_far_side_is_unknown(
    faults: BusinessFaults, code: str
) -> None:
    assert isinstance(faults.error(code, endpoint="ep"), AgencyFaultUnknown)


def test_only_codes_about_the_record_concern_the_record(
    faults: BusinessFaults,
) -> None:
    known = [
        code for code in ("5000", "1404", "1409", "x") if faults.concerns_record(code)
    ]
    assert known == ["1404"]


def test_a_reason_takes_the_text_told_or_its_own(faults: BusinessFaults) -> None:
    told, silent = faults.reason("1409", "重复推送"), faults.reason("1409", "")
    assert told is not None
    assert silent is not None
    assert (told.code, told.text, silent.text) == ("R13", "重复推送", "重复")
    assert faults.reason("5000", "忙") is None


def test_the_first_phrase_decides_and_none_is_other(faults: BusinessFaults) -> None:
    assert faults.reason_in("不属于管辖，且缺少起诉书").code == "R01"
    assert faults.reason_in("未附目录").code == "R02"
    assert faults.reason_in("请联系立案庭").code == "R99"


@pytest.mark.parametrize(
    "content",
    ["codes: [1]", "codes: {A: {zh: 无}}", "texts: [{has: [x]}]", "a: [", "7"],
)
def test_a_bad_file_stops_the_start(tmp_path: Path, content: str) -> None:
    path = tmp_path / "faults.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(ManifestInvalid) as caught:
        BusinessFaults.load(path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_code_of_our_files_has_a_leaf_or_a_listed_reason(
    path: Path, tables: Tables
) -> None:
    faults = BusinessFaults.load(path)
    reasons = tables.table("return_reason")
    for meaning in faults.codes.values():
        assert bool(meaning.leaf) != bool(meaning.reason)
        assert not meaning.leaf or leaf(meaning.leaf).code == meaning.leaf
        assert not meaning.reason or reasons.row(meaning.reason)
    assert all(reasons.row(reason) for _, reason in faults.texts)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("E09", "E09"),
        ("soap:Client", "soap:Client"),
        ("{http://schemas.example/}Server", "{http://schemas.example/}Server"),
        ("421381190001010010", "(18 characters)"),
        ("张某某", "(3 characters)"),
        ("", "(0 characters)"),
    ],
)
def test_what_is_no_code_is_not_told(code: str, told: str) -> None:
    assert shown(code) == told
