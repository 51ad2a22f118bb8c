"""A confirmed row comes to stand where it changes what is read and nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import RequestInvalid
from hub.mapping.code_tables import crosswalk_row
from hub.mapping.code_tables.tables import Tables, Walk

HEAD = "raw\tcode\trelation\tnote\n"
ROW = Walk("酒驾", "C2", "equal", "王检察官 2024-01-01")


def _put(tmp_path: Path, text: str, row: Walk = ROW) -> str:
    path = tmp_path / "demo.tsv"
    path.write_bytes(text.encode())
    crosswalk_row.put(path, row)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["demo.tsv"]
    return path.read_bytes().decode()


@pytest.mark.parametrize(
    ("before", "codes"),
    [
        ("a\tC1\tequal\t\nb\tC2\tequal\t\nc\tC3\tequal\t\n", "C1 C2 C2 C3"),
        ("a\tC1\tequal\t\nc\tC3\tequal\t\n", "C1 C2 C3"),
        ("c\tC3\tequal\t\na\tC1\tequal\t\n", "C3 C1 C2"),
        ("b\tC2\tequal\t\nc\tC3\tequal\t\nd\tC2\twider\t\n", "C2 C3 C2 C2"),
        ("", "C2"),
    ],
)
def test_a_row_stands_behind_those_of_its_code_or_in_order(tmp_path, before, codes):
    after = _put(tmp_path, HEAD + before)
    lines = after.splitlines()
    assert [line.split("\t")[1] for line in lines[1:]] == codes.split()
    assert [line for line in lines if line not in (HEAD + before).splitlines()] == [
        crosswalk_row.line(ROW)
    ]


def test_line_ends_and_a_byte_order_mark_stay(tmp_path):
    after = _put(tmp_path, "\ufeff" + (HEAD + "a\tC1\tequal\t\n").replace("\n", "\r\n"))
    assert after.startswith("\ufeffraw")
    assert after.count("\r\n") == after.count("\n") == 3


def test_a_file_without_its_last_line_end_is_not_glued(tmp_path):
    after = _put(tmp_path, HEAD + "a\tC1\tequal\t")
    assert after.splitlines()[1:] == ["a\tC1\tequal\t", crosswalk_row.line(ROW)]


def test_the_rights_of_the_file_stay(tmp_path):
    path = tmp_path / "demo.tsv"
    path.write_text(HEAD, "utf-8")
    path.chmod(0o640)
    crosswalk_row.put(path, ROW)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_system_that_speaks_the_standards_codes_gets_no_crosswalk(standard: Tables):
    row = Walk("随县", "421321", "equal")
    with pytest.raises(RequestInvalid) as refused:
        crosswalk_row.check(standard, "police_case", "division", row)
    assert "any.tsv" in refused.value.message.zh
    crosswalk_row.check(
        standard, "police_case", "crime", Walk("酒驾", "CL1330101", "equal")
    )


def test_a_value_that_stands_there_already_is_not_put_twice(standard: Tables):
    known = standard.crosswalk("police_case", "crime")
    assert known is not None
    row = Walk(next(iter(known.meanings)), "CL1330101", "equal")
    with pytest.raises(RequestInvalid) as refused:
        crosswalk_row.check(standard, "police_case", "crime", row)
    assert refused.value.where == "raw"
