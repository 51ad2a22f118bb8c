"""A WSDL beside a sample: what it declares counts where the sample is silent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.scaffold.declared import listed
from hub.scaffold.make import new_adapter
from hub.scaffold.wish import Wish
from tests.unit.scaffold.test_refused import root  # noqa: F401 - a fixture

WSDL = Path(__file__).with_name("aid.wsdl")
SAMPLE = """<aid xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<GAAJBH>A4213810000002023080001</GAAJBH><YZBH>FY4213812023080012</YZBH>
<AJMC>王某危险驾驶案</AJMC><AJJD>2</AJJD><JARQ xsi:nil="true"/>
<GXSJ>2023-08-09 15:20:11</GXSJ><SYRLB><SYR xh="1"><XM>王小明</XM><XB>男</XB>
<CSRQ>1990.01.02</CSRQ><ZJHM>421381199001020014</ZJHM><ZMMC>危险驾驶罪</ZMMC>
</SYR></SYRLB></aid>"""


@pytest.fixture
def made(root: Path, tmp_path: Path) -> Path:  # noqa: F811 - the fixture
    """A project with an adapter made from both."""
    sample = tmp_path / "sample.xml"
    sample.write_text(SAMPLE, "utf-8")
    new_adapter(Wish(root, "aid", "soap", WSDL, sample, agency_type="JUSTICE"))
    return root


def rules(made: Path) -> dict[str, Any]:
    body = yaml.safe_load((made / "mappings/aid.yaml").read_text("utf-8"))
    return dict(body["records"])


def test_the_key_is_never_what_may_be_missing(made: Path) -> None:
    manifest = yaml.safe_load((made / "adapters/aid/manifest.yaml").read_text("utf-8"))
    assert manifest["identity"] == {"case": "YZBH"}
    assert manifest["own_numbers"] == []
    case = rules(made)["case"]
    assert case["fields"]["police_number"] == {
        "from": "GAAJBH",
        "convert": "police_number",
    }
    assert "YZBH" in case["ignore"]


def test_one_element_of_a_list_is_still_a_list(made: Path) -> None:
    fields = rules(made)["case"]["fields"]
    assert fields["persons"] == {"each": "SYRLB/SYR", "record": "person"}
    assert rules(made)["person"]["fields"]["name"]["from"] == "XM"


def test_what_the_sample_lacks_or_leaves_nil_gets_a_rule(made: Path) -> None:
    fields = rules(made)["case"]["fields"]
    assert fields["closed_on"] == {"from": "JARQ", "convert": "date"}
    assert fields["filed_on"]["from"] == "LARQ"
    assert "@nil" not in (made / "mappings/aid.yaml").read_text("utf-8")


def test_codes_of_an_annotation_become_rows(made: Path) -> None:
    path = made / "mappings/tables/stage/crosswalk/aid.tsv"
    rows = [line.split("\t")[:2] for line in path.read_text("utf-8").splitlines()]
    assert rows[1:] == [
        ["1", "INVESTIGATION"],
        ["2", "S110_PROSECUTION_REVIEW"],
        ["3", "TRIAL"],
    ]
    assert "PROPOSED" in path.read_text("utf-8")


def test_a_crime_in_the_persons_own_row_is_a_charge(made: Path) -> None:
    charges = rules(made)["person"]["fields"]["charges"]
    assert (charges["from"], charges["record"]) == ("ZMMC", "charge")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("性别：1-男，2-女", {"1": "男", "2": "女"}),
        ("（01：侦查；02：审判）", {"01": "侦查", "02": "审判"}),
        ("1.侦查 2.审判", {"1": "侦查", "2": "审判"}),
        ("A有效 B无效", {"A": "有效", "B": "无效"}),
        ("长度8位，保留2位小数", {}),
        ("1侦查", {}),
        ("更新时间 yyyy-MM-dd HH:mm:ss", {}),
        ("", {}),
    ],
)
def test_only_lists_of_codes_are_taken_for_one(
    words: str, wanted: dict[str, str]
) -> None:
    assert listed(words) == wanted
