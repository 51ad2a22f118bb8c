"""``hub tables``: list, check, diff and import as an operator calls them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hub.entry import cli
from hub.mapping.code_tables.sheet import gather
from tests.conftest import ROOT

SHIPPED = ROOT / "mappings" / "tables"


def call(capsys, *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        cli.main(["tables", *map(str, arguments)])
    told = capsys.readouterr()
    return int(left.value.code or 0), told.out, told.err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of two shipped tables with their sources."""
    made = tmp_path / "mappings" / "tables"
    for name in ("sex", "education"):
        shutil.copytree(SHIPPED / name, made / name)
    for system in ("police_case", "procuratorate_15", "procuratorate_20"):
        shutil.copy(SHIPPED.parent / f"{system}.yaml", made.parent)
    for system in ("court_case", "justice_drop", "detention_centre"):
        shutil.copy(SHIPPED.parent / f"{system}.yaml", made.parent)
    lines = (SHIPPED / "sources.tsv").read_text("utf-8").splitlines(keepends=True)
    kept = [one for one in lines if one.split("\t")[0] in ("table", "sex", "education")]
    (made / "sources.tsv").write_text("".join(kept), "utf-8")
    return made


def put(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join(lines) + "\n", encoding)
    return path


def test_the_shipped_tables_are_clean_and_the_exit_code_says_so(capsys):
    code, out, _ = call(capsys, "check")
    assert code == 0
    assert "0 faults, 0 warnings" in out


def test_a_fault_makes_the_exit_code_one_and_a_warning_does_not(capsys, folder):
    (folder / "sources.tsv").unlink()
    code, out, _ = call(capsys, "check", "--folder", folder)
    assert code == 0
    assert "警告 warning" in out
    with (folder / "sex" / "2003.tsv").open("a", encoding="utf-8") as rows:
        rows.write("1\t男\tmale\n")
    code, out, _ = call(capsys, "check", "sex", "--folder", folder)
    assert code == 1
    assert "错误 fault    tables/sex/2003.tsv:6" in out
    assert "只留一行" in out
    assert "keep one" in out


def test_findings_come_as_json_too(capsys, folder):
    (folder / "sources.tsv").unlink()
    code, out, _ = call(capsys, "check", "sex", "--folder", folder, "--json")
    assert code == 0
    told = json.loads(out)
    assert [one["where"] for one in told] == ["tables/sources.tsv"]
    assert told[0]["stops"] is False
    assert set(told[0]["message"]) == {"zh", "en"}


def test_an_unknown_table_is_an_error_of_the_house(capsys):
    code, _, err = call(capsys, "check", "sexx")
    assert code == 1
    assert "CODE_TABLE_MISSING" in err
    assert "did you mean sex" in err


def test_two_days_of_the_divisions_are_compared(capsys):
    days = ("2008-12-31", "2009-12-31")
    code, out, _ = call(capsys, "diff", "division", *days, "--json")
    assert code == 0
    told = json.loads(out)
    assert (told["old"], told["new"]) == days
    assert told["counts"]["split"] == 1
    split = next(one for one in told["changes"] if one["kind"] == "split")
    assert (split["code"], split["codes"]) == ("421302", ["421303", "421321"])
    code, out, _ = call(capsys, "diff", "division", "2008", "2009")
    assert code == 0
    assert "拆分 split: 1" in out


def test_long_lists_are_cut_unless_all_is_asked_for(capsys):
    days = ("1999", "2000")
    _, short, _ = call(capsys, "diff", "division", *days)
    assert "--all" in short
    _, long, _ = call(capsys, "diff", "division", *days, "--all")
    assert "--all" not in long
    assert len(long.splitlines()) > len(short.splitlines())


def test_two_revisions_are_compared_by_themselves(capsys):
    code, out, _ = call(capsys, "diff", "education")
    assert code == 0
    assert "1984 → 2006" in out
    assert "文盲或半文盲" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sex",), "one revision"),
        (("sex", "soon"), "Neither a revision"),
        (("sex", "--with", "no.csv"), "cannot be read"),
        (("sex", "--with", "no.csv", "--column", "x"), "--column code=NAME"),
    ],
)
def test_a_comparison_that_cannot_be_is_refused(capsys, arguments, words):
    code, out, err = call(capsys, "diff", *arguments)
    assert code == 2
    assert not out
    assert words in err


def test_a_list_is_compared_before_anything_is_brought_in(capsys, folder, tmp_path):
    told = put(tmp_path / "l.csv", "代码,名称", "0,未知的性别", "1,男", "3,其他")
    columns = ("--column", "code=代码", "--column", "name_zh=名称")
    code, out, _ = call(
        capsys, "diff", "sex", "--with", told, *columns, "--folder", folder, "--json"
    )
    assert code == 0
    assert json.loads(out)["counts"] == {"added": 1, "removed": 2, "renamed": 1}
    code, out, _ = call(capsys, "diff", "sex", "--with", told, "--folder", folder)
    assert code == 1
    assert "--column code=NAME" in out


def test_a_crosswalk_is_compared_with_a_list(capsys, folder, tmp_path):
    told = put(tmp_path / "l.csv", "raw,code,relation", "男,1,equal", "女,9,equal")
    walk = ("--system", "police_case", "--folder", folder, "--json")
    code, out, _ = call(capsys, "diff", "sex", "--with", told, *walk)
    assert code == 0
    counts = json.loads(out)["counts"]
    assert counts["removed"] >= 1
    assert counts["target"] == 1


IMPORT = ("--revision", "2030", "--source", "the office's list")
COLUMNS = ("--column", "code=代码", "--column", "name_zh=名称")


def test_an_import_shows_first_and_writes_only_when_told(capsys, folder, tmp_path):
    rows = ("0,未知的性别", "1,男性", "2,女性", "3,其他")
    told = put(tmp_path / "l.csv", "代码,名称", *rows, encoding="gb18030")
    before = gather(folder)
    asked = ("import", "sex", told, *IMPORT, *COLUMNS, "--folder", folder)
    code, out, _ = call(capsys, *asked)
    assert code == 1
    assert "9 未说明的性别" in out
    assert gather(folder) == before
    asked = (*asked, "--withdraw", "2029-12-31")
    code, out, _ = call(capsys, *asked)
    assert code == 0
    assert "新增 added: 1" in out
    assert "--write" in out
    assert gather(folder) == before
    code, out, _ = call(capsys, *asked, "--write")
    assert code == 0
    assert "已写入 written" in out
    after = gather(folder)
    assert set(after) - set(before) == {"tables/sex/2030.tsv"}
    assert (
        b"sex\t2030\tGB/T 2261.1-2003\tthe office's list"
        in (after["tables/sources.tsv"])
    )
    code, out, _ = call(capsys, "check", "sex", "--folder", folder)
    assert code == 0
    assert "0 faults" in out
    assert "no name_en" in out
    assert "the code 9 is withdrawn" in out


def test_a_crosswalk_is_brought_in(capsys, folder, tmp_path):
    told = put(tmp_path / "rows.tsv", "raw\tcode", "雄\t1", "雌\t2")
    asked = ("import", "sex", told, "--system", "police_case", "--folder", folder)
    code, _, _ = call(capsys, *asked, "--write")
    assert code == 0
    assert "雄\t1\tequal" in (folder / "sex/crosswalk/police_case.tsv").read_text(
        "utf-8"
    )


def test_what_check_would_refuse_is_not_written(capsys, folder, tmp_path):
    told = put(tmp_path / "rows.csv", "raw,code", "雄,8")
    before = gather(folder)
    asked = ("import", "sex", told, "--system", "police_case", "--folder", folder)
    code, out, _ = call(capsys, *asked, "--write")
    assert code == 1
    assert "未写入" in out
    assert gather(folder) == before


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (("sex", "l.csv"), "--revision"),
        (("sex", "l.csv", "--revision", "../x", "--source", "x"), "--revision"),
        (("../sex", "l.csv", "--revision", "1", "--source", "x"), "TABLE"),
        (("sex", "l.csv", "--revision", "1"), "--source"),
        (("sex", "l.csv", "--system", "../x"), "--system"),
        (("sex", "l.csv", "--revision", "1", "--source", "x"), "l.csv"),
    ],
)
def test_an_import_asked_wrongly_is_refused(capsys, arguments, where):
    code, _, err = call(capsys, "import", *arguments)
    assert code == 2
    assert "REQUEST_INVALID" in err
    assert where in err
