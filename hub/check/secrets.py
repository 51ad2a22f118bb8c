"""Rule: a secret stands nowhere but behind a reference (``env:`` or ``file:``)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from hub.check.finding import Finding, found
from hub.check.subject import Subject
from hub.check.texts import below, read_text

_NAME = (
    r"[\w.-]*(?:passw(?:or)?d|passwd|secret|token|api_?key|private_?key|口令|密码|密钥)"
)
#: ``name = "text"`` and ``name: text`` as YAML, TOML and JSON write them
_WRITTEN = re.compile(
    rf"[\"']?\b{_NAME}[\"']?\s*[:=]\s*(?P<mark>[\"']?)(?P<text>[^\s\"'{{}}\[\],#][^\"'{{}},#]*)",
    re.IGNORECASE,
)
_SECRET_NAME = re.compile(rf"{_NAME}$", re.IGNORECASE)
_ADDRESS = re.compile(r"\w[\w+.-]*://[^:/@\s\"'{}<>]*:(?P<text>[^@/\s\"'{}<>]+)@")
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")
#: the linter's own objection to such a line, answered by a person with a reason
_REVIEWED = re.compile(r"# noqa: S10[5-7] - \w")
_REFERENCES = ("env:", "file:")
_DATA = frozenset({".yaml", ".yml", ".toml", ".json", ".ini", ".env", ".properties"})


def look(subject: Subject) -> Iterator[Finding]:
    """Secrets written out in the adapter's folder, its bench and agencies files."""
    house = subject.house
    for path in below(house.adapters / subject.system):
        yield from _in_file(subject, path)
    bench = house.evidence / subject.system / "bench.py"
    if bench.exists():
        yield from _in_file(subject, bench)
    for path in sorted((house.root / "docker").glob("agencies*.*")):
        yield from _in_file(subject, path)


def _in_file(subject: Subject, path: Path) -> Iterator[Finding]:
    text = read_text(path)
    lines = text.split("\n")
    numbers = set(_everywhere(text))
    if path.suffix == ".py":
        numbers |= set(_in_python(text))
    elif path.suffix in _DATA:
        numbers |= set(_in_data(text))
    for number in sorted(numbers):
        if _REVIEWED.search(lines[number - 1]):
            continue
        where = subject.house.told(path, number)
        zh, en = "此行写有机密", "a secret stands in this line"
        yield found("SECRET_WRITTEN_OUT", where, zh, en)


def _everywhere(text: str) -> Iterator[int]:
    for number, line in enumerate(text.splitlines(), 1):
        told = _ADDRESS.search(line)
        if _PRIVATE.search(line) or (told and not is_reference(told["text"])):
            yield number


def _in_data(text: str) -> Iterator[int]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#"):
            continue
        for match in _WRITTEN.finditer(line):
            if not is_reference(match["text"]):
                yield number


def _in_python(text: str) -> Iterator[int]:
    """Texts given to a name of a secret: an argument, a key, a variable."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        for name, value in _given(node):
            if _SECRET_NAME.match(name) and _is_written(value):
                yield value.lineno


def _given(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
    elif isinstance(node, ast.keyword) and node.arg:
        yield from _inside(node.arg, node.value)
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield from _inside(target.id, node.value)


def _inside(name: str, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """``secrets={"x": "text"}``: every text below is given to a secret."""
    yield name, value
    if name == "secrets" and isinstance(value, ast.Dict):
        yield from (("secret", one) for one in value.values)


def _is_written(value: ast.expr) -> bool:
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    text = value.value if is_text and isinstance(value, ast.Constant) else ""
    return isinstance(text, str) and bool(text) and not is_reference(text)


def is_reference(text: str) -> bool:
    """Does a text point at a secret instead of being one?"""
    return text.strip("\"' ").startswith(_REFERENCES)
