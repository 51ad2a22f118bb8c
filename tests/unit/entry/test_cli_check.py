import json
import subprocess
import sys

import pytest

from hub.check.fixtures import pairs_in
from hub.entry import cli, start
from hub.entry.commands import reference, trying
from hub.entry.place import ROOT
from tests.adapters.police_case.simulator import SECRET
from tests.unit.check.copies import SYSTEM, copied

LARGE = ("strawberry", "procrastinate", "pypinyin", "uvicorn", "asyncssh", "aio_pika")


def run(main, *arguments):
    with pytest.raises(SystemExit) as leave:
        main(list(arguments))
    return leave.value.code


@pytest.fixture
def bare(tmp_path):
    """A settings file without endpoints."""
    path = tmp_path / "hub.toml"
    path.write_text("", "utf-8")
    return str(path)


def test_a_complete_adapter_is_told_so_with_its_tier(capsys):
    assert run(cli.main, "check", SYSTEM) == 0
    told = capsys.readouterr().out
    assert "完整 / complete" in told
    assert "等级 tier" in told


def test_check_answers_for_programs(capsys):
    assert run(cli.main, "check", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) >= {"police_case", "court_case"}
    for row in told.values():
        assert row["findings"] == []
        assert row["standing"]["tier"] in {
            "none",
            "unproven",
            "bronze",
            "silver",
            "gold",
        }


def test_a_system_that_is_not_there_ends_with_1_and_the_near_name(capsys):
    assert run(cli.main, "check", "police_cas") == 1
    assert "did you mean police_case" in capsys.readouterr().err


def test_findings_end_with_1_and_say_what_to_do(tmp_path, monkeypatch, capsys):
    house = copied(tmp_path)
    (house.adapters / SYSTEM / "README.md").unlink()
    monkeypatch.setattr("hub.entry.commands.checking.ROOT", tmp_path)
    assert run(cli.main, "check", SYSTEM) == 1
    told = capsys.readouterr().out
    assert "FOLDER_INCOMPLETE" in told
    assert f"adapters/{SYSTEM}/README.md" in told
    assert "remedy" in told


def test_check_loads_nothing_but_itself():
    words = (
        "import sys\nfrom hub.entry import start\n"
        f"try:\n    start.main(['check', '{SYSTEM}'])\n"
        "except SystemExit as leave:\n    assert leave.code == 0\n"
        f"print(sorted(set({LARGE!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", words],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_other_command_is_found_from_the_same_start(capsys):
    assert run(start.main, "--help") == 0
    told = capsys.readouterr().out
    for command in ("check", "try", "record", "sync", "adapters"):
        assert command in told


def test_a_page_is_shown_from_the_request_to_the_errors(bare, capsys):
    code = run(cli.main, "--config", bare, "try", SYSTEM)
    told = capsys.readouterr().out
    parts = ("请求 request 1/", "应答 raw answer 1/", "原始记录 raw record case")
    parts += ("树 tree", "规范记录 mapped record", "错误 errors")
    places = [told.find(part.replace(" case", "")) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    assert "SOAPAction" in told
    assert '"police_number"' in told
    assert "CODE_UNKNOWN" in told
    assert "/Envelope/Body/AjXqResponse/return xpath /JG/AJ/" in told
    assert "cut: 4000 of" in told
    assert SECRET not in told
    assert code == 1


def test_a_page_or_record_that_is_not_there_is_told(bare, capsys):
    assert run(cli.main, "--config", bare, "try", SYSTEM, "--page", "99") == 1
    assert "NOT_FOUND" in capsys.readouterr().err
    assert run(cli.main, "--config", bare, "try", SYSTEM, "--record", "x") == 1
    assert "some of its keys: A42" in capsys.readouterr().err


def test_an_endpoint_must_be_named_where_there_are_several(tmp_path, capsys):
    path = tmp_path / "hub.toml"
    row = '[[endpoints]]\ncode = "{0}"\nsystem = "police_case"\nagency = "A"\n'
    row += 'address = "http://127.0.0.1:1"\noptions = {{ account = "hub" }}\n'
    path.write_text(row.format("one") + row.format("two"), "utf-8")
    assert run(cli.main, "--config", str(path), "try", SYSTEM) == 2
    assert "one, two" in capsys.readouterr().err
    named = ("try", SYSTEM, "--endpoint", "three")
    assert run(cli.main, "--config", str(path), *named) == 1
    assert "no endpoint three" in capsys.readouterr().err


def test_records_are_kept_masked(bare, tmp_path, monkeypatch, capsys):
    house = copied(tmp_path)
    folder = house.evidence / SYSTEM / "fixtures"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    monkeypatch.setattr(trying, "ROOT", tmp_path)
    assert run(cli.main, "--config", bare, "record", SYSTEM) == 2
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert run(cli.main, "--config", bare, "record", SYSTEM, "--replace") == 0
    assert "hub golden --write" in capsys.readouterr().out
    pairs = pairs_in(folder, SYSTEM)
    assert [one.name for one in pairs] == ["case-full", "case-minimal", "case-ugly"]
    assert all(one.raw.read_bytes() != before[one.raw.name] for one in pairs)


def test_a_stale_reference_is_told_and_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(reference, "DOCS", tmp_path)
    assert run(cli.main, "adapters", "document", "--check") == 2
    assert "stale" in capsys.readouterr().err
    assert run(cli.main, "adapters", "document", "--write") == 0
    assert run(cli.main, "adapters", "document", "--check") == 0
