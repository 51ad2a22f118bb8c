"""What the kit found out: ``var/conformance/<system>.json``, merged by check id."""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import json
import os
import types
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.check.catalogue import HUB, Check, of_adapters, of_the_hub
from hub.check.digest import digest, digest_of_the_hub
from hub.engine.registry import load_manifests
from hub.entry.assembly import ADAPTERS
from tests.conformance.exempt import exemption

#: check id -> (state, reason) of one system, as one session saw it
Found = Mapping[str, tuple[str, str]]


def write(folder: Path, system: str, found: Found) -> None:
    """Merge what this session found into the system's file, atomically."""
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / f".{system}.lock"):
        path = folder / f"{system}.json"
        stamp = digest_of_the_hub() if system == HUB else digest(system)
        known = _known(path, stamp) | {
            name: {"id": name, "state": state, "reason": reason}
            for name, (state, reason) in found.items()
        }
        told = {
            "system": system,
            "digest": stamp,
            "ran_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "checks": [
                known.get(one.id) or _unasked(one, system) for one in _of(system)
            ],
        }
        _replace(path, json.dumps(told, ensure_ascii=False, indent=1))


def _of(system: str) -> tuple[Check, ...]:
    return tuple(of_the_hub() if system == HUB else of_adapters())


def _known(path: Path, stamp: str) -> dict[str, dict[str, Any]]:
    """What earlier sessions found of the same files; nothing if they changed."""
    try:
        told = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if told.get("digest") != stamp:
        return {}
    return {row["id"]: row for row in told["checks"] if row["state"] != "unasked"}


def _unasked(check: Check, system: str) -> dict[str, str]:
    reason = "" if system == HUB else _exemption(check, system)
    if reason:
        return {"id": check.id, "state": "exempt", "reason": reason}
    return {"id": check.id, "state": "unasked", "reason": check.unbuilt}


def _exemption(check: Check, system: str) -> str:
    return exemption(check, load_manifests(ADAPTERS)[system], bench_of(system))


def bench_of(system: str) -> types.ModuleType | None:
    """The system's bench, if it has one."""
    try:
        return importlib.import_module(f"tests.adapters.{system}.bench")
    except ModuleNotFoundError:
        return None


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Several sessions may ask at once; one writes at a time."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _replace(path: Path, text: str) -> None:
    fresh = path.with_suffix(f".{os.getpid()}")
    fresh.write_text(text + "\n", "utf-8")
    fresh.replace(path)
