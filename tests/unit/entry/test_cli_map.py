"""``hub map diff`` and ``hub map approve`` at the command line."""

import asyncio
import json
import shutil

import pytest
import sqlalchemy as sa

from hub.contract.messages import RawRecord
from hub.entry import cli
from hub.store import raw
from hub.store.database import Database
from hub.store.tables_approval import rule_approval
from tests.conftest import ROOT
from tests.simulators.launch import free_port
from tests.unit.entry.test_cli_database import ENDPOINT

FIXTURES = ROOT / "tests/adapters/police_case/fixtures"
CHANGE = ("title:         { from: AJMC,", "title:         { from: [JYAQ, AJMC],")


async def _keep(url):
    database = Database.open(url)
    async with database.begin() as connection:
        for path in sorted(FIXTURES.glob("case-*.raw.xml")):
            record = RawRecord("case", path.stem, path.read_bytes(), "application/xml")
            await raw.keep(connection, "police-suizhou", record, "police_case/1")
    await database.close()


@pytest.fixture
def hub(capsys, tmp_path, database_url, monkeypatch):
    """``hub("map", "diff")`` -> (exit code, stdout, stderr), on captured records."""
    asyncio.run(_keep(database_url))
    path = tmp_path / "hub.toml"
    path.write_text(ENDPOINT.format(port=free_port()), "utf-8")
    monkeypatch.setenv("HUB_DATABASE", database_url)
    monkeypatch.setenv("POLICE_SECRET", "invented")

    def called(*arguments):
        with pytest.raises(SystemExit) as left:
            cli.main(["--config", str(path), *arguments])
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return called


@pytest.fixture
def offered(tmp_path):
    text = (ROOT / "mappings/police_case.yaml").read_text("utf-8")
    assert text.count(CHANGE[0]) == 1
    path = tmp_path / "changed.yaml"
    path.write_text(text.replace(*CHANGE), "utf-8")
    return str(path)


@pytest.fixture
def approved(database_url):
    engine = sa.create_engine(database_url)

    def told():
        with engine.connect() as connection:
            return [
                dict(row)
                for row in connection.execute(sa.select(rule_approval)).mappings()
            ]

    yield told
    engine.dispose()


def test_a_difference_is_told_by_rule_and_field_and_shows_nobody(hub, offered):
    code, out, err = hub("map", "diff", "--with", offered, "--by", "WANG")
    assert code == 0
    assert "police_case: records.case.fields.title" in out
    assert "value -> value" in out
    assert "抽样 sample" in err
    told = json.loads(hub("map", "diff", "--with", offered, "--json")[1])
    unmasked = json.loads(
        hub("map", "diff", "--with", offered, "--json", "--unmask")[1]
    )
    assert told["digest"] == unmasked["digest"]
    assert told["digest"] in out
    samples = [one for group in told["groups"] for one in group["samples"]]
    assert samples
    letters = {c for one in samples for c in one["before"] if c.isalnum()}
    assert letters <= set("汉a9")
    seen = [one["before"] for group in unmasked["groups"] for one in group["samples"]]
    assert not [value for value in seen if value in out]


def test_a_difference_is_approved_by_another_person(hub, offered, approved):
    told = json.loads(
        hub("map", "diff", "--with", offered, "--by", "WANG", "--json")[1]
    )
    digest = told["digest"][:16]
    call = ("map", "approve", "--with", offered, "--diff", digest, "--reason", "seen")
    code, out, err = hub(*call, "--by", "wang")
    assert (code, out) == (1, "")
    assert "NOT_ALLOWED" in err
    assert approved() == []
    code, out, _ = hub(*call, "--by", "LI")
    assert code == 0
    assert told["rules_after"] in out
    (row,) = approved()
    assert (row["approved_by"], row["diff"]) == ("LI", told["digest"])


def test_what_is_no_longer_the_same_is_refused_with_a_code(hub, offered, approved):
    told = json.loads(
        hub("map", "diff", "--with", offered, "--by", "WANG", "--json")[1]
    )
    original = str(ROOT / "mappings/police_case.yaml")
    call = ("--diff", told["digest"], "--by", "LI", "--reason", "seen")
    code, _, err = hub("map", "approve", "--with", original, *call)
    assert code == 1
    assert "APPROVAL_STALE" in err
    assert "--with" in err
    assert approved() == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("diff",),
        ("diff", "--with", "no/such.yaml"),
        ("diff", "--with", "x.yaml", "--last", "0"),
        ("approve", "--with", "x.yaml"),
    ],
)
def test_a_wrong_call_is_told(hub, arguments):
    code, out, err = hub("map", *arguments)
    assert code == 2
    assert not out
    assert "REQUEST_INVALID" in err


def test_rules_nobody_approved_stop_every_command_but_the_comparison(
    hub, offered, approved, monkeypatch, tmp_path
):
    folder = tmp_path / "mappings"
    shutil.copytree(ROOT / "mappings", folder)
    monkeypatch.setattr("hub.entry.assembly.MAPPINGS", folder)
    monkeypatch.setenv("HUB_RULES_APPROVAL", "required")
    assert hub("failures")[0] == 0
    (first,) = approved()
    assert first["diff"] is None
    assert hub("map", "diff", "--with", offered)[0] == 0
    shutil.copyfile(offered, folder / "police_case.yaml")
    code, _, err = hub("failures")
    assert code == 1
    assert "RULES_NOT_APPROVED" in err
    assert "hub map approve" in err
    assert hub("map", "diff", "--with", str(ROOT / "mappings/police_case.yaml"))[0] == 0
