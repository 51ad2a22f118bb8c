"""The settings: one TOML file, overridden by the environment, read once.

Everything wrong is told at once, with file, key and a suggestion. Nothing but
``hub.entry`` reads the environment; the rest of the hub is handed ``Settings``.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from hub.contract.endpoint import Endpoint
from hub.entry.endpoints import read_endpoints
from hub.entry.keys import BY_NAME, KEYS, KINDS, SECTIONS, Value
from hub.entry.reading import Reading
from hub.entry.references import holds_password
from hub.errors import SettingInvalid

#: looked for in this order when nobody names a file
USUAL_PLACES = (Path("var/demo/hub.toml"), Path("hub.toml"))


@dataclass(frozen=True, slots=True)
class Auth:
    """Whose tokens are believed. ``private_key`` is there in demonstrations only."""

    issuer: str
    audience: str
    jwks: Path
    private_key: Path | None


@dataclass(frozen=True, slots=True)
class Logs:
    """What is written and how."""

    level: str
    json: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """How parcels are pushed and tried again; waits in seconds."""

    batch: int
    attempts: int
    first_wait: float
    longest_wait: float
    sweep: float
    workers: int


@dataclass(frozen=True, slots=True)
class Rules:
    """How changes of the rules come into force; ``approval`` is off or required."""

    approval: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole deployment. ``database`` empty: the embedded PostgreSQL.

    ``source`` is the file it came from, empty for none.
    """

    source: str
    data_dir: Path
    database: str = field(repr=False)
    bind: str
    auth: Auth
    logs: Logs
    delivery: Delivery
    rules: Rules
    endpoints: tuple[Endpoint, ...]

    @property
    def host(self) -> str:
        """The address the server listens at."""
        return self.bind.rpartition(":")[0]

    @property
    def port(self) -> int:
        """The port the server listens at."""
        return int(self.bind.rpartition(":")[2])


def find_file(named: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The settings file: the named one, ``HUB_CONFIG``, or one in a usual place."""
    chosen = named or (
        Path(environment["HUB_CONFIG"]) if environment.get("HUB_CONFIG") else None
    )
    if chosen is None:
        return next((place for place in USUAL_PLACES if place.is_file()), None)
    if not chosen.is_file():
        raise SettingInvalid(
            "找不到配置文件", "There is no such settings file", where=str(chosen)
        )
    return chosen


def load_settings(
    named: Path | None = None, environment: Mapping[str, str] | None = None
) -> Settings:
    """Read everything; raises ``SettingInvalid`` with all that is wrong."""
    surroundings = os.environ if environment is None else environment
    path = find_file(named, surroundings)
    base = path.parent if path else Path()
    reading = Reading(str(path or ""), base, surroundings)
    table = _parse(path) if path else {}
    values = _values(reading, table)
    endpoints = read_endpoints(reading, table.get("endpoints", []))
    if reading.faults:
        raise SettingInvalid(
            f"配置有 {len(reading.faults)} 处错误",
            f"The settings have {len(reading.faults)} fault(s)",
            where=reading.source or "environment",
            faults=tuple(reading.faults),
        )
    return _settings(reading, values, endpoints)


def _parse(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingInvalid(
            "配置文件不是有效的 TOML",
            f"The settings file is not valid TOML: {error}",
            where=str(path),
        ) from error


def _values(reading: Reading, table: Mapping[str, object]) -> dict[str, Value]:
    told = _flatten(reading, table)
    told.update(_overrides(reading))
    found: dict[str, Value] = {}
    for key in KEYS:
        where, raw = told.get(key.name, (key.name, key.default))
        read, words = KINDS[key.kind]
        try:
            found[key.name] = read(raw)
        except (TypeError, ValueError):
            reading.wrong(where, f"应为{words.zh}", f"should be {words.en}")
            found[key.name] = key.default
    database = str(found["database"])
    where, _ = told.get("database", ("", ""))
    if holds_password(database) and where == "database":
        reading.wrong(
            where,
            "口令不得写在配置文件中，请用 env:变量名 或 file:路径 引用",
            "a password may not stand in the file; refer by env:NAME or file:PATH",
        )
    found["database"] = reading.secret("database", database)
    return found


def _flatten(
    reading: Reading, table: Mapping[str, object]
) -> dict[str, tuple[str, object]]:
    told: dict[str, tuple[str, object]] = {}
    top = tuple(k.name for k in KEYS if "." not in k.name)
    for name, value in table.items():
        if name == "endpoints":
            continue
        if name in SECTIONS and isinstance(value, dict):
            known = tuple(
                k.name.split(".")[1] for k in KEYS if k.name.startswith(f"{name}.")
            )
            for inner, item in cast("dict[str, object]", value).items():
                if inner in known:
                    told[f"{name}.{inner}"] = (f"{name}.{inner}", item)
                else:
                    reading.unknown(f"{name}.{inner}", inner, known)
        elif name in top:
            told[name] = (name, value)
        else:
            reading.unknown(name, name, (*top, *SECTIONS, "endpoints"))
    return told


def _overrides(reading: Reading) -> dict[str, tuple[str, object]]:
    variables = {key.variable: key.name for key in KEYS}
    told: dict[str, tuple[str, object]] = {}
    for name, value in reading.environment.items():
        if name in variables:
            told[variables[name]] = (name, value)
        elif _is_slip(name, variables):
            reading.unknown(name, name, tuple(variables))
    return told


def _is_slip(name: str, variables: Mapping[str, str]) -> bool:
    # Orchestrators set HUB_SERVICE_HOST and the like for a service named hub: only
    # what looks like a slip of the pen is refused.
    if name == "HUB_CONFIG" or not name.startswith("HUB_"):
        return False
    return bool(get_close_matches(name, variables, 1, 0.85))


def _settings(
    reading: Reading, values: Mapping[str, Value], endpoints: tuple[Endpoint, ...]
) -> Settings:
    def place(name: str, base: Path) -> Path:
        overridden = BY_NAME[name].variable in reading.environment
        return (Path() if overridden else base) / str(values[name])

    def section(name: str) -> dict[str, Value]:
        return {
            key.removeprefix(f"{name}."): value
            for key, value in values.items()
            if key.startswith(f"{name}.")
        }

    data_dir = place("data_dir", reading.base)
    return Settings(
        source=reading.source,
        data_dir=data_dir,
        database=str(values["database"]),
        bind=str(values["bind"]),
        auth=Auth(
            issuer=str(values["auth.issuer"]),
            audience=str(values["auth.audience"]),
            jwks=(
                place("auth.jwks", reading.base)
                if values["auth.jwks"]
                else data_dir / "keys" / "jwks.json"
            ),
            private_key=(
                place("auth.private_key", reading.base)
                if values["auth.private_key"]
                else None
            ),
        ),
        logs=Logs(**section("logs")),  # type: ignore[arg-type]  # KINDS saw to it
        delivery=Delivery(**section("delivery")),  # type: ignore[arg-type]  # as above
        rules=Rules(**section("rules")),  # type: ignore[arg-type]  # as above
        endpoints=endpoints,
    )
