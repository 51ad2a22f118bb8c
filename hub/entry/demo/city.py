"""The simulated agencies of the demonstration: each its own process on loopback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from hub.entry.demo.place import AGENCIES, ROOT, Place
from hub.entry.demo.processes import Child, Supervisor, python, until_open
from hub.wire.http import Http

#: the seed of the invented world
SEED = 7


@dataclass(frozen=True, slots=True)
class City:
    """Where the officers are reached, and the court's views."""

    officers: Mapping[str, str]
    court_database: str


async def start_agencies(
    supervisor: Supervisor,
    place: Place,
    ports: Mapping[str, int],
    database: str,
    cases: int,
) -> City:
    """Start all simulators at once and wait until each answers."""
    children = {
        name: supervisor.start(_child(place, name, ports[name], database, cases))
        for name in AGENCIES
    }
    for name, child in children.items():
        await until_open(child, ports[name])
    officers = {name: f"http://127.0.0.1:{ports[name]}" for name in AGENCIES}
    async with Http("demo") as http:
        answer = await http.call("GET", f"{officers['court_case']}/_sim/database")
    return City(officers, str(orjson.loads(answer.body)["url"]))


def _child(place: Place, name: str, port: int, database: str, cases: int) -> Child:
    home = place.home / "agencies" / name
    command = python("-m", "tests.simulators", name, "--port", str(port))
    command += ["--data", str(home), "--seed", str(SEED), "--cases", str(cases)]
    for key, value in _settings(place, name, database).items():
        command += ["--set", f"{key}={value}"]
    return Child(name, command, place.log(name), {"PYTHONPATH": str(ROOT)})


def _settings(place: Place, name: str, database: str) -> dict[str, str]:
    home = place.home / "agencies" / name
    settings = place.shared(name)
    if name == "court_case":
        settings |= {"database": database, "schema": "court_sim"}
    if name == "justice_drop":
        settings |= {"inbox": str(home / "in"), "outbox": str(home / "out")}
    return settings
