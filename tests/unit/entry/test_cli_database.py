"""Commands that work on a database: what they print, what refusals leave alone."""

import uuid

import pytest
import sqlalchemy as sa

from hub.entry import cli
from hub.store.tables import metadata
from tests.schema import seeds
from tests.simulators.launch import free_port

ENDPOINT = """
[[endpoints]]
code = "police-suizhou"
system = "police_case"
agency = "POLICE-421300"
address = "http://127.0.0.1:{port}"
secrets = {{ secret = "env:POLICE_SECRET" }}
"""


@pytest.fixture
def hub(capsys, tmp_path, database_url, monkeypatch):
    """``hub("sync", "x")`` -> (exit code, stdout, stderr)."""
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
def rows(database_url):
    """``rows()`` -> how many rows each table has."""
    engine = sa.create_engine(database_url)

    def counted():
        with engine.connect() as connection:
            return {
                name: connection.scalar(sa.select(sa.func.count()).select_from(table))
                for name, table in metadata.tables.items()
            }

    yield counted
    engine.dispose()


@pytest.mark.parametrize(
    "arguments",
    [
        ("sync", "nowhere"),
        ("replay", "99"),
        ("replay", str(uuid.UUID(int=7))),
        ("replay", "99", "--reason", " "),
        ("transfers", str(uuid.UUID(int=7))),
        ("failures", "NO_SUCH_CAUSE"),
        ("failures", "--endpoint", "nowhere"),
        ("token", "NOBODY-1"),
        ("tables", "list", "nothing"),
    ],
)
def test_a_refused_command_is_coded_and_changes_nothing(hub, rows, arguments):
    before = rows()
    code, out, err = hub(*arguments)
    assert code in {1, 2}
    assert not out
    assert "docs/errors/" in err
    assert "错误" in err
    assert "Traceback" not in err
    assert rows() == before


def test_an_agency_that_is_away_fails_the_run_and_says_so(hub):
    code, out, err = hub("sync", "police-suizhou")
    assert code == 1
    assert "failed" in out
    assert "AGENCY_UNREACHABLE" in err


async def test_failures_are_listed_by_cause_and_then_one_by_one(hub, database):
    import asyncio

    await seeds.failure(database, cause="CODE_UNKNOWN:sex", source_key="A42")
    code, out, _ = await asyncio.to_thread(hub, "failures")
    assert code == 0
    assert "CODE_UNKNOWN:sex" in out
    assert "crosswalk" in out
    code, out, _ = await asyncio.to_thread(hub, "failures", "CODE_UNKNOWN:sex")
    assert code == 0
    assert "persons[0].sex" in out
    assert "A42" in out


async def test_transfers_are_listed_and_show_their_timeline(hub, database):
    import asyncio

    case_id = await seeds.case(database, seeds.POLICE)
    key = await seeds.transfer(database, case_id, state="DEAD")
    code, out, _ = await asyncio.to_thread(hub, "transfers", "--state", "DEAD")
    assert code == 0
    assert str(key) in out
    code, out, _ = await asyncio.to_thread(hub, "transfers", str(key))
    assert code == 0
    assert "DEAD" in out


async def test_a_dead_letter_is_sent_again_by_hand(hub, database):
    import asyncio

    case_id = await seeds.case(database, seeds.POLICE)
    key = await seeds.transfer(database, case_id, state="DEAD")
    code, out, err = await asyncio.to_thread(hub, "replay", str(key))
    assert (code, err) == (0, "")
    assert "queued again" in out


def test_the_schema_of_the_database_is_checked_and_upgraded(hub, database_url):
    assert hub("db", "check")[0] == 0
    engine = sa.create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("drop schema public cascade"))
        connection.execute(sa.text("create schema public"))
    engine.dispose()
    code, _, err = hub("db", "check")
    assert code == 1
    assert "DATABASE_NOT_READY" in err
    code, _, err = hub("failures")
    assert code == 1
    assert "DATABASE_NOT_READY" in err
    assert hub("db", "upgrade")[0] == 0
    assert hub("failures")[0] == 0


def test_a_database_that_is_away_is_an_error_of_the_house(hub, monkeypatch):
    address = f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/none"
    monkeypatch.setenv("HUB_DATABASE", address)
    for arguments in (("db", "check"), ("db", "upgrade"), ("transfers",)):
        code, _, err = hub(*arguments)
        assert code == 1
        assert "DATABASE_NOT_READY" in err


def test_the_dictionary_is_checked_and_shown(hub):
    code, out, _ = hub("mappings", "check")
    assert code == 0
    assert "police_case" in out
    assert "危险驾驶罪" in hub("tables", "list", "crime")[1]
    assert "division" in hub("tables", "list")[1]
