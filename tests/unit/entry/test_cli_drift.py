"""``hub drift`` and ``hub coverage``: what they print, and the one file they write."""

import asyncio
import json
import shutil

import pytest

from hub.engine.drift.watch import today
from hub.entry import assembly, cli
from hub.records.drift import Count, Finding
from hub.store import census, drifts
from hub.store.database import Database
from hub.store.drifts import About
from tests.conftest import ROOT

ENDPOINT = """
[[endpoints]]
code = "police-suizhou"
system = "police_case"
agency = "POLICE-421300"
address = "http://127.0.0.1:9"
secrets = { secret = "env:POLICE_SECRET" }
"""
ROWS = (
    {"code": "CL1330101", "name": "危险驾驶罪", "score": 0.9, "reason": "spelling"},
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    made = tmp_path / "mappings"
    shutil.copytree(ROOT / "mappings", made)
    monkeypatch.setattr(assembly, "MAPPINGS", made)
    return made


@pytest.fixture
def hub(capsys, tmp_path, database_url, monkeypatch):
    """``hub("drift")`` -> (exit code, stdout, stderr)."""
    path = tmp_path / "hub.toml"
    path.write_text(ENDPOINT, "utf-8")
    monkeypatch.setenv("HUB_DATABASE", database_url)
    monkeypatch.setenv("POLICE_SECRET", "invented")

    def called(*arguments):
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(path), *arguments])
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return called


@pytest.fixture
def number(database_url):
    """The number of an open drift: a crime nobody knows."""
    path = "AJ/RYLB/RY/ZM"
    found = Finding(
        "code_new", "case", path, today(), 0, 90, 4, 60, "crime", "醉酒开车"
    )
    about = About("police-suizhou", "police_case", "cause", ROWS)

    async def kept():
        database = Database.open(database_url)
        async with database.begin() as connection:
            made = await drifts.keep(connection, found, about)
        await database.close()
        return made

    return str(asyncio.run(kept()))


def test_open_drifts_are_listed_with_what_may_mend_them(hub, number):
    for arguments in (("drift",), ("drift", "list", "--endpoint", "police-suizhou")):
        code, out, _ = hub(*arguments)
        assert code == 0
        for words in ("醉酒开车", "未知代码", "4/60", "0/90", "危险驾驶罪", number):
            assert words in out
    assert hub("drift", "--endpoint", "nowhere")[0] == 1


def test_a_row_is_shown_and_written_only_without_dry_run(hub, folder, number):
    file = folder / "tables/crime/crosswalk/police_case.tsv"
    before = file.read_bytes()
    row = ("--code", "CL1330101", "--by", "王检察官")
    code, out, _ = hub("drift", "confirm", number, *row, "--dry-run")
    assert code == 0
    assert "police_case.tsv: 醉酒开车" in out
    assert "0 条可通过" in out
    assert file.read_bytes() == before
    code, out, _ = hub("drift", "confirm", number, *row)
    assert code == 0
    assert "已写入" in out
    assert "醉酒开车\tCL1330101\tequal\t王检察官" in file.read_text("utf-8")
    assert "没有未处理的漂移" in hub("drift")[1]
    code, out, _ = hub("drift", "--all")
    assert "confirmed" in out
    assert hub("drift", "confirm", number, *row)[0] == 2


def test_a_drift_is_dismissed_with_a_name_and_a_reason_only(hub, number):
    assert hub("drift", "dismiss", number, "--reason", "测试")[0] == 2
    assert hub("drift", "dismiss", number, "--by", "王检察官")[0] == 2
    assert hub("drift", "dismiss", "999", "--by", "王", "--reason", "无")[0] == 1
    code, out, _ = hub("drift", "dismiss", number, "--by", "王", "--reason", "测试")
    assert (code, f"已驳回 / dismissed {number}" in out) == (0, True)


def test_coverage_without_traffic_says_so(hub):
    code, out, _ = hub("coverage", "police_case")
    assert code == 0
    assert "最近 30 天没有报文" in out
    assert "%" not in out
    assert hub("coverage", "nothing")[0] == 1


def test_coverage_names_its_days_and_what_it_found(hub, database_url):
    counts = [
        Count("case", path, "", "", 8, 8, "") for path in ("", "AJ", "AJ/AJBH", "AJ/BZ")
    ]

    async def keep():
        database = Database.open(database_url)
        async with database.begin() as connection:
            await census.add(
                connection, "police-suizhou", today(), counts, is_load=True
            )
        await database.close()

    asyncio.run(keep())
    code, out, _ = hub("coverage", "police_case")
    assert code == 0
    assert f"{today()} 至 {today()}" in out
    assert "2/3" in out
    assert "AJ/BZ 8/8" in out
    assert "显示全部" in out
    told = json.loads(hub("coverage", "police_case", "--json")[1])
    assert told["has_traffic"] is True
    assert told["unread"][0]["path"] == "AJ/BZ"
    assert len(told["codes_unseen"]) > 100
