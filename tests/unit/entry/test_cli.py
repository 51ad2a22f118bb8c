import subprocess
import sys
from datetime import UTC, datetime

import pytest

from hub.entry import cli, terminal
from hub.errors import NotFound


def call(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        cli.main(list(arguments))
    told = capsys.readouterr()
    return int(left.value.code or 0), told.out, told.err


def commands(app=cli.app, path=("hub",)):
    for command in app.registered_commands:
        yield (*path, command.name or command.callback.__name__), command
    for group in app.registered_groups:
        yield from commands(group.typer_instance, (*path, group.name))


def test_help_lists_every_command(capsys):
    code, out, _ = call(capsys, "--help")
    assert code == 0
    for path, _ in commands():
        assert path[1] in out


@pytest.mark.parametrize(
    ("path", "command"), [pytest.param(p, c, id=" ".join(p)) for p, c in commands()]
)
def test_every_command_says_what_it_does_and_gives_an_example(path, command):
    told = command.callback.__doc__
    assert f"Example: `{path[0]}" in told
    assert " ".join(path[1:]) in told.partition("Example:")[2]
    assert "/" in told.splitlines()[0], "the purpose stands there in both languages"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["sync"],
        ["sync", "police-suizhou", "--fast"],
        ["replay", "seventeen"],
        ["transfers", "not-a-uuid"],
        ["transfers", "--state", "LOST"],
        ["transfers", "--first", "0"],
        ["db", "nonsense"],
        ["simulators", "nobody"],
        ["simulators", "police_case", "--port", "99999999"],
        ["token"],
        ["run", "--cases", "0"],
    ],
)
def test_a_wrong_command_line_is_told_in_both_languages(capsys, arguments):
    code, out, err = call(capsys, *arguments)
    assert code == 2
    assert not out
    assert "REQUEST_INVALID" in err
    assert "错误" in err
    assert "error" in err
    assert "docs/errors/request_invalid.md" in err
    assert "Traceback" not in err


def test_a_missing_settings_file_is_an_error_of_the_house(capsys, tmp_path):
    code, _, err = call(capsys, "--config", str(tmp_path / "no.toml"), "settings")
    assert code == 1
    assert "SETTING_INVALID" in err
    assert "no.toml" in err


def test_every_fault_of_the_settings_is_listed(capsys, tmp_path):
    path = tmp_path / "hub.toml"
    path.write_text('bnd = "x"\n[logs]\nlevel = "loud"\n', "utf-8")
    code, _, err = call(capsys, "--config", str(path), "settings")
    assert code == 1
    assert "bnd" in err
    assert "logs.level" in err


def test_settings_are_shown_with_secrets_hidden(capsys, tmp_path, monkeypatch):
    (tmp_path / "pw").write_text("s3cret-two", "utf-8")
    path = tmp_path / "hub.toml"
    path.write_text(
        '[[endpoints]]\ncode="a"\nsystem="b"\nagency="c"\naddress="http://u:s3cret-x@d"\n'
        'secrets={password="file:pw"}\n',
        "utf-8",
    )
    monkeypatch.setenv("HUB_DATABASE", "postgresql+psycopg://hub:s3cret-one@db/hub")
    code, out, err = call(capsys, "--config", str(path), "settings")
    assert (code, err) == (0, "")
    assert "password=***" in out
    assert "s3cret" not in out


def test_an_error_of_the_house_shows_no_traceback(capsys, monkeypatch):
    def fail(*_, **__):
        raise NotFound("没有", "None such", where="here")

    monkeypatch.setattr("hub.entry.terminal.load_settings", fail)
    code, _, err = call(capsys, "settings")
    assert code == 1
    assert "NOT_FOUND" in err
    assert "Traceback" not in err


def test_an_unforeseen_error_shows_its_place_and_none_of_its_words(capsys, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("欧阳震华")

    monkeypatch.setattr("hub.entry.terminal.load_settings", fail)
    code, _, err = call(capsys, "settings")
    assert code == 1
    assert "ZeroDivisionError at test_cli.py:" in err
    assert "欧阳震华" not in err


def test_the_command_stands_alone():
    done = subprocess.run(
        [sys.executable, "-m", "hub.entry.cli", "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "hub sync police-suizhou" in done.stdout


def test_nobody_is_shown_an_empty_database_made_on_the_spot(
    capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HUB_DATABASE", raising=False)
    monkeypatch.delenv("HUB_CONFIG", raising=False)
    code, out, err = call(capsys, "failures")
    assert code == 1
    assert not out
    assert "SETTING_INVALID" in err
    assert "--config" in err
    assert not list(tmp_path.iterdir())


def test_a_moment_is_told_in_the_agencies_own_time_with_its_offset():
    at = datetime(2023, 8, 1, 16, 30, 5, tzinfo=UTC)
    assert terminal.moment(at) == "2023-08-02 00:30:05 +08:00"
