from pathlib import Path

import pytest

from hub.entry.keys import KEYS
from hub.entry.settings import load_settings
from hub.errors import SettingInvalid

FILE = """
data_dir = "data"
bind = "127.0.0.1:9000"

[auth]
issuer = "test"

[[endpoints]]
code = "police-suizhou"
system = "police_case"
agency = "POLICE-421300"
address = "http://127.0.0.1:9101"
serves = ["POLICE-421381"]
options = { account = "hub", inbox = "in" }
secrets = { password = "env:POLICE_PASSWORD", other = "file:other.secret" }
"""
AROUND = {"POLICE_PASSWORD": "s3cret-one"}


def write(folder: Path, text: str = FILE) -> Path:
    (folder / "other.secret").write_text("s3cret-two\n", "utf-8")
    path = folder / "hub.toml"
    path.write_text(text, "utf-8")
    return path


def faults(folder: Path, text: str, around: dict[str, str] | None = None) -> dict:
    with pytest.raises(SettingInvalid) as caught:
        load_settings(write(folder, text), AROUND | (around or {}))
    return {fault.where: fault.message for fault in caught.value.faults}


def test_a_file_is_read_with_its_secrets_resolved(tmp_path):
    settings = load_settings(write(tmp_path), AROUND)
    (endpoint,) = settings.endpoints
    assert (settings.host, settings.port) == ("127.0.0.1", 9000)
    assert settings.auth.issuer == "test"
    assert dict(endpoint.secrets) == {"password": "s3cret-one", "other": "s3cret-two"}
    assert endpoint.serves == ("POLICE-421381",)


def test_places_start_at_the_folder_of_the_file(tmp_path):
    settings = load_settings(write(tmp_path), AROUND)
    assert settings.data_dir == tmp_path / "data"
    assert settings.auth.jwks == tmp_path / "data/keys/jwks.json"
    assert settings.endpoints[0].options["inbox"] == str(tmp_path / "in")


def test_a_place_that_is_named_starts_there_even_where_it_looks_like_the_default(
    tmp_path,
):
    named = FILE.replace("[auth]", '[auth]\njwks = "keys/jwks.json"')
    settings = load_settings(write(tmp_path, named), AROUND)
    assert settings.auth.jwks == tmp_path / "keys/jwks.json"


def test_no_secret_shows_in_repr(tmp_path):
    around = AROUND | {"HUB_DATABASE": "postgresql+psycopg://hub:s3cret-three@db/hub"}
    text = repr(load_settings(write(tmp_path), around))
    assert "s3cret" not in text


def test_the_environment_overrides_the_file(tmp_path):
    around = AROUND | {"HUB_BIND": "0.0.0.0:80", "HUB_DELIVERY_BATCH": "3"}
    settings = load_settings(write(tmp_path), around)
    assert (settings.port, settings.delivery.batch) == (80, 3)


def test_every_key_has_a_variable_of_its_own():
    assert len({key.variable for key in KEYS}) == len(KEYS)


def test_without_any_file_the_defaults_stand(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = load_settings(environment={})
    assert (settings.database, settings.endpoints) == ("", ())


def test_a_named_file_that_is_missing_is_refused(tmp_path):
    with pytest.raises(SettingInvalid) as caught:
        load_settings(tmp_path / "none.toml", {})
    assert caught.value.where.endswith("none.toml")


def test_all_faults_are_told_at_once_with_their_places(tmp_path):
    found = faults(
        tmp_path,
        """
        databse = ""
        bind = "nowhere"
        [delivery]
        batch = 0
        [logs]
        level = "loud"
        [[endpoints]]
        code = "a"
        """,
    )
    assert set(found) == {
        "databse",
        "bind",
        "delivery.batch",
        "logs.level",
        "endpoints[0].system",
        "endpoints[0].agency",
        "endpoints[0].address",
    }
    assert "did you mean database?" in found["databse"].en
    assert "是否想写 database" in found["databse"].zh


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("env:POLICE_PASSWORD", "s3cret", "endpoints[0].secrets.password"),
        ("env:POLICE_PASSWORD", "env:NOWHERE", "endpoints[0].secrets.password"),
        ("file:other.secret", "file:none", "endpoints[0].secrets.other"),
        ('account = "hub"', 'password = "x"', "endpoints[0].options.password"),
        ('account = "hub"', 'database = "a://b:c@d/"', "endpoints[0].options.database"),
        ('data_dir = "data"', 'database = "a://b:c@d/"', "database"),
        ('code = "police-suizhou"', 'code = ""', "endpoints[0].code"),
        ("serves =", "servs =", "endpoints[0].servs"),
        ('issuer = "test"', 'isuer = "test"', "auth.isuer"),
    ],
)
def test_one_wrong_line_names_its_place(tmp_path, old, new, where):
    assert set(faults(tmp_path, FILE.replace(old, new))) == {where}


def test_a_misspelt_variable_is_refused_and_a_foreign_one_is_not(tmp_path):
    load_settings(write(tmp_path), AROUND | {"HUB_SERVICE_HOST": "10.0.0.1"})
    assert set(faults(tmp_path, FILE, {"HUB_DATABSE": "x"})) == {"HUB_DATABSE"}


def test_an_endpoint_twice_is_refused(tmp_path):
    row = FILE[FILE.index("[[endpoints]]") :]
    assert set(faults(tmp_path, FILE + row)) == {"endpoints[1].code"}


def test_broken_toml_names_the_file(tmp_path):
    with pytest.raises(SettingInvalid) as caught:
        load_settings(write(tmp_path, "a = = 1"), {})
    assert caught.value.where.endswith("hub.toml")
