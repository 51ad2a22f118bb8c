"""Where the demonstration lives on disk, and the settings it is run with."""

from __future__ import annotations

import json
import secrets
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from hub.entry.tokens import make_keys

ROOT = Path(__file__).parents[3]
_HERE = Path(__file__).parent

#: preferred ports; a taken one is replaced by any free one
PORTS: Mapping[str, int] = {
    "police_case": 9101,
    "procuratorate_15": 9102,
    "procuratorate_20": 9103,
    "court_case": 9104,
    "justice_drop": 9105,
    "detention_centre": 9106,
    "case_property": 9107,
    "hub": 8600,
}
AGENCIES = tuple(name for name in PORTS if name != "hub")


@dataclass(frozen=True, slots=True)
class Place:
    """The demonstration's folder: keys, secrets, agencies' data, logs, notes."""

    home: Path

    @property
    def settings(self) -> Path:
        """The settings file."""
        return self.home / "hub.toml"

    def clear(self) -> None:
        """Forget everything: the next run starts from nothing."""
        shutil.rmtree(self.home, ignore_errors=True)

    def prepare(self) -> None:
        """Make folders, keys and secrets that are not there yet."""
        for name in ("keys", "secrets", "logs", "agencies"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        for box in ("in", "out"):
            (self.home / "agencies" / "justice_drop" / box).mkdir(
                parents=True, exist_ok=True
            )
        if not (self.home / "keys" / "private.json").exists():
            make_keys(self.home / "keys")
        for agency in AGENCIES:
            if not (self.home / "secrets" / agency).exists():
                self._keep(agency, secrets.token_urlsafe(18))

    def _keep(self, name: str, secret: str) -> None:
        path = self.home / "secrets" / name
        path.touch(mode=0o600)
        path.write_text(secret, "utf-8")

    def secret(self, agency: str) -> str:
        """The secret that the hub and a simulated agency share."""
        return (self.home / "secrets" / agency).read_text().strip()

    def shared(self, agency: str) -> dict[str, str]:
        """What a simulated agency must know of the hub: account name and secret,
        by the names that the settings file gives them."""
        text = _template().format(**PORTS)
        rows = tomllib.loads(text)["endpoints"]
        row = next(row for row in rows if row["system"] == agency)
        accounts = ("account", "client_id", "hours")
        told = {
            name: row["options"][name]
            for name in accounts
            if name in row.get("options", {})
        }
        return told | {name: self.secret(agency) for name in row.get("secrets", {})}

    def write_settings(self, ports: Mapping[str, int], court_database: str) -> None:
        """Write ``hub.toml`` for these ports; the court's address holds a password."""
        self._keep("court_database", court_database)
        text = _template().format(**ports)
        told = json.dumps(dict(ports), indent=1) + "\n"
        (self.home / "ports.json").write_text(told, "utf-8")
        self.settings.write_text(text, "utf-8")

    def notes(self, story: str) -> dict[str, object]:
        """What is remembered of a story: acts done and the numbers it was given."""
        path = self._notes(story)
        found: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
        return found

    def note(self, story: str, what: Mapping[str, object]) -> None:
        """Remember it, whole or not at all."""
        path = self._notes(story)
        draft = path.with_suffix(".tmp")
        draft.write_text(json.dumps(what, ensure_ascii=False), "utf-8")
        draft.replace(path)

    def log(self, name: str) -> Path:
        """A process's log file."""
        return self.home / "logs" / f"{name}.log"

    def _notes(self, story: str) -> Path:
        return self.home / f"story-{story}.json"


def _template() -> str:
    return (_HERE / "agencies.toml").read_text("utf-8")


def stories() -> list[str]:
    """The names of the stories there are."""
    return sorted(path.stem for path in (_HERE / "stories").glob("*.yaml"))


def load_story(name: str) -> dict[str, object]:
    """A story's acts, as its file tells them."""
    path = _HERE / "stories" / f"{name}.yaml"
    found: dict[str, object] = yaml.safe_load(path.read_text("utf-8"))
    return found
