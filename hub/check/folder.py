"""Rule: the files every adapter has are there, and there are three fixture pairs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from hub.check.finding import Finding, found
from hub.check.subject import Subject

_LEAST = 3
_NEEDED = {
    "__init__.py": (
        "没有它，导入规则看不见此适配器",
        "without it the import rules do not see the adapter",
    ),
    "adapter.py": ("适配器的代码", "the adapter's code"),
    "README.md": (
        "系统的行为与毛病须有说明",
        "it says how the system behaves and misbehaves",
    ),
    "faults.yaml": ("系统自己的错误码", "the system's own fault codes"),
}


def look(subject: Subject) -> Iterator[Finding]:
    """What is missing of an adapter's folder and of its evidence."""
    folder = subject.house.adapters / subject.system
    for name, (zh, en) in _NEEDED.items():
        path = folder / name
        if not path.exists() or (name == "README.md" and not _words(path)):
            where = subject.house.told(path)
            yield found("FOLDER_INCOMPLETE", where, f"缺少：{zh}", f"missing: {en}")
    init = folder / "__init__.py"
    if init.exists() and not _says_something(init):
        where = subject.house.told(init, 1)
        zh, en = "没有说明用途的一行", "it does not say what the folder is for"
        yield found("FOLDER_INCOMPLETE", where, zh, en)
    yield from _evidence(subject)


def _evidence(subject: Subject) -> Iterator[Finding]:
    folder = subject.house.evidence / subject.system
    for name in ("simulator.py", "bench.py"):
        if not (folder / name).exists():
            where = subject.house.told(folder / name)
            zh, en = "缺少：一致性测试由此提问", "missing: the tests ask through it"
            yield found("FOLDER_INCOMPLETE", where, zh, en)
    pairs = subject.pairs
    if len(pairs) < _LEAST:
        where = subject.house.told(folder / "fixtures")
        zh, en = f"只有 {len(pairs)} 对样例", f"there are {len(pairs)} pairs"
        yield found("FIXTURES_FEW", where, zh, en)
    for pair in pairs:
        if not pair.expectation.exists():
            where = subject.house.told(pair.raw)
            zh = f"缺少 {pair.expectation.name}"
            en = f"{pair.expectation.name} is missing"
            yield found("EXPECTATION_MISSING", where, zh, en)


def _words(path: Path) -> bool:
    return bool(path.read_text("utf-8").strip())


def _says_something(path: Path) -> bool:
    try:
        tree = ast.parse(path.read_text("utf-8"))
    except SyntaxError:
        return False
    return bool(ast.get_docstring(tree))
