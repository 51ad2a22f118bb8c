"""Proposals: what a program guessed and a person has not yet accepted (待确认建议).

A proposal is a line of an adapter's files that says so: ``PROPOSED p07: why`` in a
comment, or at the head of a crosswalk row's note. The line counts as it stands; the
mark says that nobody has vouched for it. Accepting takes the mark off.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

_MARK = re.compile(r"\bPROPOSED (p\d+): ?(.*)$")
#: a mark with all that makes it a comment of its own
_COMMENT = re.compile(r"[ \t]*(?:#|<!--) ?PROPOSED (p\d+): ?.*$")
_CELL = re.compile(r"\bPROPOSED (p\d+): ?")
_LOOKED_INTO = frozenset({".py", ".yaml", ".md", ".tsv"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line that waits for a person: its number, place, what it says and why."""

    number: str
    path: Path
    line: int
    says: str
    why: str


def places(root: Path, system: str) -> Iterator[Path]:
    """Every file of a system in which a proposal may stand."""
    yield from sorted((root / "adapters" / system).rglob("*"))
    yield root / "mappings" / f"{system}.yaml"
    yield from sorted((root / "mappings/tables").glob(f"*/crosswalk/{system}.tsv"))
    yield from sorted((root / "tests/adapters" / system).glob("*.py"))


def proposals(root: Path, system: str) -> tuple[Proposal, ...]:
    """What of a system still waits for a person, by number."""
    found = [one for path in _files(root, system) for one in _in(path)]
    return tuple(sorted(found, key=lambda one: (len(one.number), one.number)))


def accept(root: Path, system: str, numbers: Collection[str]) -> int:
    """Take the marks of these proposals off; how many lines were vouched for."""
    done = 0
    for path in _files(root, system):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        told = [_accepted(line, path.suffix, numbers) for line in lines]
        if told != lines:
            done += sum(old != new for old, new in zip(lines, told, strict=True))
            path.write_text("".join(told), "utf-8")
    return done


def _files(root: Path, system: str) -> Iterator[Path]:
    for path in places(root, system):
        if path.suffix in _LOOKED_INTO and path.is_file():
            yield path


def _in(path: Path) -> Iterator[Proposal]:
    lines = path.read_text("utf-8").splitlines()
    for at, line in enumerate(lines, 1):
        found = _MARK.search(line)
        if found:
            says = line[: found.start()].rstrip(" #<!-\t").strip()
            says = says or (lines[at].strip() if at < len(lines) else "")
            why = found[2].removesuffix("-->").strip()
            yield Proposal(found[1], path, at, says, why)


def _accepted(line: str, suffix: str, numbers: Collection[str]) -> str:
    found = _MARK.search(line)
    if not found or found[1] not in numbers:
        return line
    if suffix == ".tsv":
        return _CELL.sub("", line, count=1)
    if line.lstrip().startswith("# PROPOSED"):
        return ""  # the mark has a line of its own, above what it speaks of
    end = line[len(line.rstrip("\r\n")) :]
    return _COMMENT.sub("", line.rstrip("\r\n")) + end
