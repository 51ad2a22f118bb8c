"""Why a question cannot be put to a system: a reason, never a silent skip."""

from __future__ import annotations

import types
from typing import NoReturn

import pytest

from hub.check.catalogue import Check
from hub.contract.manifest import Manifest

#: how the plugin tells an exemption from a test that was skipped
MARK = "exempt: "
_ABILITIES = ("pull", "push", "probe", "enquire", "lookup", "fetch", "ingest")


def exempt(reason: str) -> NoReturn:
    """This question cannot be put to the system in hand."""
    pytest.skip(MARK + reason)


def exemption(check: Check, manifest: Manifest, bench: types.ModuleType | None) -> str:
    """Why this system cannot be asked: what its bench or its manifest says."""
    told = getattr(bench, "EXEMPT", {}).get(check.id, "")
    if told:
        return str(told)
    reasons = (_lacks(need, manifest, bench) for need in check.needs)
    return next((reason for reason in reasons if reason), "")


def _lacks(need: str, manifest: Manifest, bench: types.ModuleType | None) -> str:
    if need in _ABILITIES and need not in manifest.can:
        return f"its manifest lists no ability to {need}"
    if need == "line" and manifest.transport in ("drop", "mq"):
        return "it has no line of HTTP that could go wrong"
    if need == "login" and not getattr(bench, "HAS_LOGIN", True):
        return "the system knows no login"
    if need == "files" and manifest.transport != "drop":
        return "no file travels beside its data"
    return ""
