"""Rule: what a generated adapter left to be named has its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hub.check.finding import Finding, found
from hub.check.lines import Lines
from hub.check.subject import Subject
from hub.contract.manifest import Title
from hub.errors import Text

#: what `hub new-adapter` writes where it cannot know
_LEFT = ("to be named", "待命名")
_UNKNOWN = "unknown"


def look(subject: Subject) -> Iterator[Finding]:
    """Title, owner and version of the manifest, and the mapping's title."""
    manifest, mapping = subject.manifest, subject.mapping
    house, system = subject.house, subject.system
    if manifest is not None:
        path = house.adapters / system / "manifest.yaml"
        told = {"title": _whole(manifest.title), "owner": manifest.owner}
        yield from _left(subject, path, told | {"version": manifest.version})
    if mapping is not None:
        path = house.mappings / f"{system}.yaml"
        yield from _left(subject, path, {"title": _whole(mapping.title)})


def _whole(title: Text | Title) -> str:
    return f"{title.zh} {title.en}"


def _left(subject: Subject, path: Path, told: dict[str, str]) -> Iterator[Finding]:
    lines = Lines.of(path)
    for key, value in told.items():
        is_left = any(one in value for one in _LEFT) or value.strip() == _UNKNOWN
        if is_left:
            where = subject.house.told(path, lines.at([key]))
            zh, en = f"{key} 尚未填写", f"{key} is still what was put in for it"
            yield found("PLACEHOLDER_LEFT", where, zh, en)
