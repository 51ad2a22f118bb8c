"""What is proposed for a system: rules, ignored fields, crosswalk rows, and why."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_PLAIN = re.compile(r"[A-Za-z_一-龥][A-Za-z0-9_/一-龥]*")
_FLAGS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


@dataclass(frozen=True, slots=True)
class Line:
    """One proposed line: ``name: says``, and why. ``source`` is the raw path."""

    name: str
    says: str
    why: str
    source: str = ""


@dataclass(slots=True)
class Layout:
    """The proposed rules of one record kind."""

    kind: str
    fields: dict[str, Line] = field(default_factory=dict)
    ignored: dict[str, Line] = field(default_factory=dict)

    def take(self, target: str, rule: str, why: str, source: str) -> None:
        """Map a raw path to a canonical field."""
        self.fields[target] = Line(target, rule, why, source)

    def leave(self, path: str, what: str, why: str) -> None:
        """Leave a raw path out, and say so."""
        self.ignored[path] = Line(quoted(path), what, why, path)

    def drop(self, path: str) -> bool:
        """Leave out a path that was mapped; was it?"""
        for target, line in list(self.fields.items()):
            if line.source == path:
                del self.fields[target]
                says = "尚未弄清 / not yet understood"
                self.leave(path, says, f"{target} by its name, but not by its values")
                return True
        return False


@dataclass(frozen=True, slots=True)
class Code:
    """One proposed crosswalk row."""

    raw: str
    code: str
    why: str


@dataclass(slots=True)
class Draft:
    """All that is proposed from the records of a sample.

    ``key`` and ``stamp`` are raw paths in the record: what tells one from another,
    and when it changed.
    """

    layouts: dict[str, Layout] = field(default_factory=dict)
    crosswalks: dict[str, list[Code]] = field(default_factory=dict)
    key: str = ""
    stamp: str = ""
    notes: list[str] = field(default_factory=list)

    def layout(self, kind: str) -> Layout:
        """The layout of a kind, made when first asked for."""
        return self.layouts.setdefault(kind, Layout(kind))


class Numbers:
    """Gives each proposal its number, in the order in which they are written."""

    def __init__(self) -> None:
        self.count = 0

    def mark(self, why: str) -> str:
        """The mark with the next number."""
        self.count += 1
        return f"PROPOSED p{self.count:02d}: {why}"


def quoted(text: str) -> str:
    """A text as YAML takes it for a text."""
    if _PLAIN.fullmatch(text) and text.lower() not in _FLAGS:
        return text
    return json.dumps(text, ensure_ascii=False)


def mapping_text(draft: Draft, system: str, title: tuple[str, str], n: Numbers) -> str:
    """The mapping file of a draft."""
    zh, en = (json.dumps(one, ensure_ascii=False) for one in title)
    head = [
        f"# {title[0]} / {title[1]}",
        "# 带编号 p.. 的行是程序的建议，须由人核对后确认。",
        "# Lines with a number p.. were guessed: look, mend, then accept them with",
        f"# hub proposals {system} --accept p01",
        f"system: {system}",
        "revision: 1",
        f"title: {{ zh: {zh}, en: {en} }}",
        "records:",
    ]
    body = [line for one in draft.layouts.values() for line in _layout(one, n)]
    return "\n".join([*head, *body]) + "\n"


def _layout(layout: Layout, n: Numbers) -> Iterator[str]:
    yield f"  {layout.kind}:"
    yield "    fields:"
    for line in layout.fields.values():
        yield f"      {line.name}: {line.says}  # {n.mark(line.why)}"
    if layout.ignored:
        yield "    ignore:"
    for line in layout.ignored.values():
        says = json.dumps(line.says, ensure_ascii=False)
        yield f"      {line.name}: {says}  # {n.mark(line.why)}"


def crosswalk_text(rows: list[Code], n: Numbers) -> str:
    """A crosswalk file of proposed rows."""
    told = [f"{row.raw}\t{row.code}\tequal\t{n.mark(row.why)}" for row in rows]
    return "\n".join(["raw\tcode\trelation\tnote", *told]) + "\n"
