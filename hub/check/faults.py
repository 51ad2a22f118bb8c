"""Rule: ``faults.yaml`` speaks of errors and reasons that exist, in both languages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.check.finding import Finding, found
from hub.check.lines import Lines
from hub.check.manifest import line_in
from hub.check.subject import Subject
from hub.errors import AgencyError, Fault, RecordError, leaves
from hub.mapping.faults import hint
from hub.mapping.source import read_yaml

_TOP = ("codes", "texts")
_CODE = ("leaf", "reason", "zh", "en")
_TEXT = ("has", "reason")


@dataclass(frozen=True, slots=True)
class _File:
    """The file being looked at: who is asked for lines, and which words exist."""

    subject: Subject
    lines: Lines

    def wrong(self, code: str, steps: list[str | int], zh: str, en: str) -> Finding:
        path = self.subject.house.adapters / self.subject.system / "faults.yaml"
        place = ".".join(str(step) for step in steps)
        where = self.subject.house.told(path, self.lines.at(steps))
        return found(code, where, f"{place}：{zh}", f"{place}: {en}")


def look(subject: Subject) -> Iterator[Finding]:
    """What is wrong with the file, if it is there."""
    path = subject.house.adapters / subject.system / "faults.yaml"
    if not path.exists():
        return
    broken: list[Fault] = []
    body = read_yaml(path, broken)
    for one in broken:
        where = subject.house.told(path, line_in(one.message.en))
        yield Finding("FAULTS_INVALID", where, one.message)
    file = _File(subject, Lines.of(path))
    yield from _keys(file, [], body, _TOP)
    codes = body.get("codes") or {}
    if not isinstance(codes, Mapping):
        yield file.wrong("FAULTS_INVALID", ["codes"], "应为键值结构", "not a mapping")
        codes = {}
    for name, row in codes.items():
        yield from _code(file, ["codes", str(name)], row)
    for position, row in enumerate(body.get("texts") or ()):
        yield from _text(file, ["texts", position], row)


def _keys(
    file: _File, steps: list[str | int], row: Mapping[str, Any], known: tuple[str, ...]
) -> Iterator[Finding]:
    for key in row:
        if key not in known:
            near = hint(str(key), known)
            place = [*steps, str(key)]
            zh, en = f"没有这个键{near.zh}", f"no such key{near.en}"
            yield file.wrong("FAULTS_INVALID", place, zh, en)


def _code(file: _File, steps: list[str | int], row: object) -> Iterator[Finding]:
    if not isinstance(row, Mapping):
        yield file.wrong("FAULTS_INVALID", steps, "应为键值结构", "not a mapping")
        return
    yield from _keys(file, steps, row, _CODE)
    for name in ("zh", "en"):
        if not str(row.get(name) or "").strip():
            yield file.wrong("FAULTS_INVALID", steps, f"缺少 {name}", f"no {name}")
    leaf, reason = str(row.get("leaf") or ""), str(row.get("reason") or "")
    if bool(leaf) is bool(reason):
        zh, en = "应写 leaf 或 reason 之一", "write either a leaf or a reason"
        yield file.wrong("FAULTS_INVALID", steps, zh, en)
    if leaf:
        known = [
            one.code for branch in (AgencyError, RecordError) for one in leaves(branch)
        ]
        yield from _exists(file, "FAULTS_LEAF_UNKNOWN", [*steps, "leaf"], leaf, known)
    if reason:
        yield from _reason(file, [*steps, "reason"], reason)


def _text(file: _File, steps: list[str | int], row: object) -> Iterator[Finding]:
    if not isinstance(row, Mapping):
        yield file.wrong("FAULTS_INVALID", steps, "应为键值结构", "not a mapping")
        return
    yield from _keys(file, steps, row, _TEXT)
    phrases = row.get("has")
    if not isinstance(phrases, list) or not all(phrases) or not phrases:
        zh, en = "has 应为词语列表", "has must be a list of phrases"
        yield file.wrong("FAULTS_INVALID", steps, zh, en)
    yield from _reason(file, [*steps, "reason"], str(row.get("reason") or ""))


def _reason(file: _File, steps: list[str | int], reason: str) -> Iterator[Finding]:
    tables = file.subject.tables
    if tables.has("return_reason"):
        known = list(tables.table("return_reason").codes)
        yield from _exists(file, "FAULTS_REASON_UNKNOWN", steps, reason, known)


def _exists(
    file: _File, code: str, steps: list[str | int], word: str, known: list[str]
) -> Iterator[Finding]:
    if word not in known:
        near = hint(word, known)
        zh, en = f"没有 {word}{near.zh}", f"there is no {word}{near.en}"
        yield file.wrong(code, steps, zh, en)
