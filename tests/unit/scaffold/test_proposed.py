"""What is proposed of a sample, and what accepting does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from hub.contract.proposal import accept, proposals
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import converters_of
from hub.scaffold.draft import Draft
from hub.scaffold.interface import read_interface
from hub.scaffold.knowledge import Knowledge
from hub.scaffold.make import new_adapter
from hub.scaffold.mask import Mask
from hub.scaffold.propose import Proposer
from hub.scaffold.sample import read_sample
from hub.scaffold.wish import Wish
from tests.house.documents import ROOT
from tests.unit.scaffold.test_refused import root  # noqa: F401 - a fixture

TABLES = Tables.load(ROOT / "mappings/tables")
KNOWLEDGE = Knowledge.load(ROOT / "mappings")
CASE: dict[str, Any] = {
    "caseNo": "A4213810000002023080001",
    "filedDate": "2023年9月3日",
    "update_time": "2023-09-04 10:00:00",
    "suspects": [
        {
            "fullName": "王小明",
            "somethingOdd": "421381198807070018",
            "nation": "汉族",
            "measures": [
                {"CSLX": "Q3", "CSLXMC": "取保候审", "KSRQ": "20230901"},
                {"CSLX": "Q9", "CSLXMC": "某种不明措施", "KSRQ": "20230902"},
            ],
        }
    ],
    "note": "王小明，电话13912345678",
}


def proposed(case: dict[str, Any]) -> Draft:
    made = Proposer(TABLES, converters_of(TABLES), KNOWLEDGE, "police_number")
    return made.propose([case])


def test_key_time_dates_and_lists_are_found() -> None:
    draft = proposed(CASE)
    case = draft.layouts["case"].fields
    assert (draft.key, draft.stamp) == ("caseNo", "update_time")
    assert "convert: police_number, required: true" in case["police_number"].says
    assert "convert: date" in case["filed_on"].says
    assert "2023年8月1日" in case["filed_on"].why
    assert "each: suspects, record: person" in case["persons"].says
    assert "note" in draft.layouts["case"].ignored


def test_an_identity_number_is_known_by_its_check_digit() -> None:
    from hub.mapping.converters.identity import check_character

    number = "42138119880707001"
    case = json.loads(json.dumps(CASE))
    case["suspects"][0]["somethingOdd"] = number + check_character(number)
    person = proposed(case).layouts["person"]
    assert person.fields["id_number"].source == "somethingOdd"
    case["suspects"][0]["somethingOdd"] = number + "*"
    assert "id_number" not in proposed(case).layouts["person"].fields


def test_codes_get_rows_by_the_name_beside_them_and_only_those() -> None:
    draft = proposed(CASE)
    rows = {row.raw: row.code for row in draft.crosswalks["compulsory_measure"]}
    assert rows == {"Q3": "BAIL"}
    kind = draft.layouts["measure"].fields["kind"]
    assert "unknown: hold" in kind.says
    assert "Q9" in kind.why


def test_nobody_of_a_sample_is_kept() -> None:
    mask = Mask(KNOWLEDGE)
    text = json.dumps(mask.masked([CASE]), ensure_ascii=False)
    for real in ("王小明", "421381198807070018", "13912345678"):
        assert real not in text
    assert text.count("测试甲") == 2


def test_birth_and_identity_number_still_agree_and_the_case_has_another_number() -> (
    None
):
    told = {
        "AJBH": "A4213810000002023080041",
        "AJMC": "案件A4213810000002023080041",
        "XGSJ": "2023-08-09 15:20:11",
        "RYLB": [
            {"XM": "王小明", "CSRQ": "1988.07.07", "SFZH": "421381198807070018"},
            {"XM": "李小红", "CSRQ": "2000-02-29", "SFZH": "421381200002290017"},
        ],
    }
    mask = Mask(KNOWLEDGE, renumber=True)
    (case,) = mask.masked([told])
    assert mask.fields == {"AJBH": 1, "AJMC": 1, "XM": 2, "CSRQ": 2, "SFZH": 2}
    text = json.dumps(case, ensure_ascii=False)
    for real in ("A4213810000002023080041", "1988", "2000-02-29"):
        assert real not in text
    assert case["AJBH"] == "A4213810000002023080001"
    assert case["AJMC"] == "案件A4213810000002023080001"
    assert case["XGSJ"] == "2023-08-09 15:20:11"
    for one in case["RYLB"]:
        assert one["SFZH"][6:14] == re.sub(r"\D", "", one["CSRQ"])
    assert case["RYLB"][1]["CSRQ"] == "1904-02-29"


@pytest.mark.parametrize(
    ("body", "encoding", "wanted"),
    [
        (
            '{"code": 0, "data": {"list": [{"a": 1, "b": 2}]}}',
            "utf-8",
            ("json", "record", 1),
        ),
        ("a,b\n1,编\n2,号\n", "gb18030", ("csv", "row", 2)),
        ("<R><C>0</C><D><J><a>编</a><b/><c/></J></D></R>", "gb18030", ("xml", "J", 1)),
        ("<L><J><a>1</a></J><J><a>2</a></J></L>", "utf-8", ("xml", "J", 2)),
    ],
)
def test_a_sample_tells_its_form_encoding_and_records(
    tmp_path: Path, body: str, encoding: str, wanted: tuple[str, str, int]
) -> None:
    path = tmp_path / "sample"
    path.write_bytes(body.encode(encoding))
    found = read_sample(path)
    assert (found.form, found.name, len(found.records)) == wanted
    assert found.encoding == encoding


def test_operations_of_a_wsdl_get_their_use() -> None:
    found = read_interface(ROOT / "docs/examples/jail.wsdl")
    assert (found.list.name, found.rows) == ("QueryChangedCases", "cases/case")
    assert found.why["probe"].what == "GetStatus"
    assert found.why["push"].what == "SubmitTransfer"
    assert found.roles == {
        "account": "credentials/userName",
        "secret": "credentials/password",
        "since": "updatedSince",
        "page": "pageNo",
        "size": "pageSize",
    }


@pytest.mark.parametrize(
    ("wsdl", "operation"),
    [
        ("police_case/wsdl/2018-06/zfba.wsdl", "BgLb"),
        ("procuratorate_15/wsdl/2019-03/tyyw.wsdl", "AjxxCx"),
    ],
)
def test_the_list_of_a_known_system_is_found(wsdl: str, operation: str) -> None:
    found = read_interface(ROOT / "adapters" / wsdl)
    assert found.list.name == operation
    assert found.text
    assert {"since", "page", "size"} <= set(found.roles)


def test_accepting_takes_the_marks_off_and_changes_nothing_else(
    root: Path,  # noqa: F811 - the fixture
) -> None:
    made = new_adapter(Wish(root, "prison_x", "rest"))
    numbers = [one.number for one in made.proposals]
    assert len(numbers) == len(set(numbers)) > 10
    assert accept(root, "prison_x", {numbers[0], numbers[-1]}) == 2
    assert [one.number for one in proposals(root, "prison_x")] == numbers[1:-1]
    accept(root, "prison_x", set(numbers))
    assert proposals(root, "prison_x") == ()
    mapping = (root / "mappings/prison_x.yaml").read_text("utf-8")
    assert "police_number: { from: AJBH, convert: police_number" in mapping
    assert "PROPOSED" not in mapping
