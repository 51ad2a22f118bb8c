"""Reading the project's own Markdown and source for the laws of the house."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = ("hub", "schema", "adapters")
_HEADING = re.compile(r"^(#+) +(.*?) *$")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_LOG_CALLS = {"debug", "info", "warning", "error", "exception", "critical"}


def text(path: str) -> str:
    """A file of the project."""
    return (ROOT / path).read_text("utf-8")


def headings(path: str, under: str) -> set[str]:
    """The code-marked headings below the heading whose words contain ``under``."""
    found: set[str] = set()
    inside, depth = False, 0
    for line in _outside_fences(text(path)):
        match = _HEADING.match(line)
        if not match:
            continue
        level, words = len(match[1]), match[2]
        if inside and level <= depth:
            inside = False
        if under in words:
            inside, depth = True, level
        elif inside and (named := re.match(r"`([^`]+)`", words)):
            found.add(named[1])
    return found


def _outside_fences(words: str) -> Iterator[str]:
    fenced = False
    for line in words.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield line


def tracked(*patterns: str) -> list[Path]:
    """Files of the project: those git knows, or would take in."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def links(path: Path) -> Iterator[str]:
    """The relative link targets of a Markdown file, without their anchors."""
    for line in _outside_fences(path.read_text("utf-8")):
        for target in _LINK.findall(line):
            if not re.match(r"[a-z]+:", target) and not target.startswith("#"):
                yield target.partition("#")[0]


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the product, parsed."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text("utf-8"))


def log_calls() -> Iterator[tuple[Path, ast.Call]]:
    """Every call that writes a log line."""
    for path, tree in sources():
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in _LOG_CALLS
                and re.search(r"log", ast.unparse(node.func.value))
            ):
                yield path, node
