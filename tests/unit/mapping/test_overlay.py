"""What one endpoint does otherwise, laid over the system's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import MappingInvalid
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings, load_system

BASE = """
system: demo
revision: 1
title: { zh: 演示, en: Demo }
records:
  case:
    fields:
      title: { from: AJMC, convert: trimmed }
      filed_on: { from: LASJ, convert: date }
      stage: { from: AJJD, table: stage }
    ignore: { CZR: the clerk }
"""
OVERLAY = """
system: demo
endpoint: demo-east
records:
  case:
    fields: { filed_on: { from: LARQ, convert: date } }
    ignore: { LASJ: not filled in this bureau }
tables: { sex: { 爷: "1" } }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "demo.yaml").write_text(BASE, "utf-8")
    place = tmp_path / "overlays" / "demo"
    place.mkdir(parents=True)
    (place / "demo-east.yaml").write_text(OVERLAY, "utf-8")
    return tmp_path


def test_only_that_endpoint_reads_otherwise(folder: Path, standard: Tables) -> None:
    mappings = Mappings.load(folder, standard)
    tree = {"AJMC": "x", "LASJ": "20230801", "LARQ": "20230901", "CZR": "y"}
    plain = mappings.system("demo", "demo-west").read("case", tree)
    east = mappings.system("demo", "demo-east")
    told = east.read("case", tree)
    assert plain.body["filed_on"] == "2023-08-01"
    assert plain.remainder == ("LARQ",)
    assert told.body["filed_on"] == "2023-09-01"
    assert told.remainder == ()
    assert east.overlay == "demo-east"
    assert east.rules != mappings.system("demo").rules


def test_an_overlay_is_part_of_the_rules(folder: Path, standard: Tables) -> None:
    before = Mappings.load(folder, standard)
    path = folder / "overlays" / "demo" / "demo-east.yaml"
    path.write_text(path.read_text("utf-8") + "note: changed\n", "utf-8")
    after = Mappings.load(folder, standard)
    assert before.system("demo").rules == after.system("demo").rules
    assert (
        before.system("demo", "demo-east").rules
        != after.system("demo", "demo-east").rules
    )


def test_rows_of_an_overlay_join_the_crosswalk(
    tmp_path: Path, standard: Tables
) -> None:
    path = tmp_path / "police_case.yaml"
    path.write_text(
        BASE.replace("system: demo", "system: police_case").replace(
            "stage: { from: AJJD, table: stage }",
            "persons: { each: RY, record: person }",
        )
        + "  person: { fields: { sex: { from: XB, table: sex } } }\n",
        "utf-8",
    )
    over = tmp_path / "overlays" / "police_case" / "police-east.yaml"
    over.parent.mkdir(parents=True)
    over.write_text(
        "system: police_case\nendpoint: police-east\ntables: { sex: { 爷: '1' } }\n",
        "utf-8",
    )
    tree = {"AJMC": "x", "RY": [{"XB": "爷"}, {"XB": "1"}]}
    plain = load_system(path, standard).read("case", tree)
    told = load_system(path, standard, over).read("case", tree)
    assert [fault.code for fault in plain.faults] == ["CODE_UNKNOWN"]
    assert told.body["persons"] == [{"sex": "1"}, {"sex": "1"}]


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ("endpont: x", "endpont"),
        ("records: { cse: {} }", "records.cse"),
        ("records: { case: { fields: { titel: { from: A } } } }", "titel"),
        ("records: { case: { root: A } }", "records.case.root"),
        ("tables: { sexx: { a: '1' } }", "tables.sexx"),
        ("tables: { sex: { a: '7' } }", "tables.sex.a"),
        ("records: { case: { fields: { title: { from: A, when: 'B ==' } } } }", "when"),
    ],
)
def test_a_bad_overlay_is_told_like_a_bad_mapping(
    folder: Path, standard: Tables, wrong: str, place: str
) -> None:
    path = folder / "overlays" / "demo" / "demo-east.yaml"
    path.write_text(f"system: demo\nendpoint: demo-east\n{wrong}\n", "utf-8")
    with pytest.raises(MappingInvalid) as caught:
        Mappings.load(folder, standard)
    assert any(place in fault.where for fault in caught.value.faults)
    assert all("overlays/demo" in fault.where for fault in caught.value.faults)


def test_an_overlay_under_another_name_is_refused(
    folder: Path, standard: Tables
) -> None:
    place = folder / "overlays" / "demo"
    (place / "demo-east.yaml").rename(place / "demo-west.yaml")
    with pytest.raises(MappingInvalid):
        Mappings.load(folder, standard)
