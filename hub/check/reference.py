"""docs/contract.md: the contract as its code tells it, and what ``hub check`` finds."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from types import ModuleType
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from hub.check.finding import KINDS
from hub.check.manifest_words import MEANINGS
from hub.contract import adapter, endpoint, messages, place
from hub.contract.manifest import Manifest

_HEAD = """# The contract

<!-- Made by `hub adapters document --write`; edit the code that it is made of. -->

What an adapter is, as `hub/contract` says it.
[Adapters](adapters.md) shows how one is written, [conformance](conformance.md) what was proven of each.

"""  # noqa: E501 - one sentence a line
_ROOMS = (
    ("Methods", adapter),
    ("Messages", messages),
    ("Endpoint", endpoint),
    ("Places", place),
)


def contract_page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for title, room in _ROOMS:
        parts += [f"## {title}\n\n", *_room(room)]
    parts += ["## manifest.yaml\n\n", *_manifest()]
    parts += ["## What `hub check` finds\n\n", *_findings()]
    return "".join(parts).rstrip("\n") + "\n"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    told = ("| " + " | ".join(_cell(one) for one in line) + " |" for line in lines)
    return "\n".join(told) + "\n\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _room(room: ModuleType) -> Iterator[str]:
    """Every public class of a module with its words, in the order it stands there."""
    for name, kind in vars(room).items():
        is_own = inspect.isclass(kind) and kind.__module__ == room.__name__
        if is_own and not name.startswith("_"):
            yield f"### `{name}`\n\n{_words(kind)}\n\n"
            yield from _methods(kind) if _is_protocol(kind) else _fields(kind)


def _is_protocol(kind: type) -> bool:
    return bool(getattr(kind, "_is_protocol", False))


def _methods(kind: type) -> Iterator[str]:
    for name, method in vars(kind).items():
        if inspect.isfunction(method) and (method.__doc__ and _is_asked(name)):
            ahead = "async " if inspect.iscoroutinefunction(method) else ""
            told = str(inspect.signature(method)).replace("self, ", "")
            told = told.replace("(self)", "()").replace("'", "")
            yield f"#### `{ahead}{name}{told}`\n\n{_words(method)}\n\n"


def _is_asked(name: str) -> bool:
    return not name.startswith("_") or name in ("__init__", "__aenter__", "__aexit__")


def _fields(kind: type) -> Iterator[str]:
    if is_dataclass(kind):
        rows = [
            (f"`{one.name}`", f"`{one.type}`", _default(one)) for one in fields(kind)
        ]
        yield table(("field", "type", "default"), rows)
    elif issubclass(kind, str):
        yield "".join(f"- `{one}`\n" for one in kind.__members__) + "\n"  # type: ignore[attr-defined]  # an enum


def _default(one: Field[Any]) -> str:
    if one.default_factory is not MISSING:
        return "empty"
    return "" if one.default is MISSING else f"`{one.default!r}`"


def _words(thing: object) -> str:
    """A docstring as Markdown: one sentence structure kept, double ticks as single."""
    text = textwrap.dedent(inspect.getdoc(thing) or "").replace("``", "`")
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _manifest() -> Iterator[str]:
    yield _words(Manifest).rstrip() + "\n\n"
    rows = list(_keys(Manifest, ""))
    yield table(("key", "type", "default", "meaning"), rows)


def manifest_keys() -> tuple[str, ...]:
    """Every key of a manifest, nested ones with a dot."""
    return tuple(row[0].strip("`") for row in _keys(Manifest, ""))


def _keys(model: type[BaseModel], ahead: str) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        key = f"{ahead}{name}"
        kind = field.annotation
        is_table = inspect.isclass(kind) and issubclass(kind, BaseModel)
        told = "table" if is_table else f"`{_type(kind)}`"
        yield f"`{key}`", told, _told_default(field), MEANINGS.get(key, "")
        if is_table and inspect.isclass(kind) and issubclass(kind, BaseModel):
            yield from _keys(kind, f"{key}.")


def _type(kind: object) -> str:
    """A type without its modules: ``'soap' | 'rest'``, ``tuple[str, ...]``."""
    text = (
        kind.__name__ if inspect.isclass(kind) and "[" not in str(kind) else str(kind)
    )
    text = text.replace("typing.", "")
    while "Literal[" in text:
        start = text.index("Literal[")
        end = text.index("]", start)
        words = text[start + len("Literal[") : end].replace("'", "").split(", ")
        text = text[:start] + " or ".join(words) + text[end + 1 :]
    return text


def _told_default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, BaseModel) or value in ((), {}, ""):
        return "empty" if not isinstance(value, BaseModel) else "as below"
    told = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"`{told}`"


def _findings() -> Iterator[str]:
    yield (
        "Each finding names a file and, where it can, a line.\n"
        "A code stays the same; its words may change.\n\n"
    )
    rows = [
        (
            f"`{code}`",
            f"{one.title.zh}<br>{one.title.en}",
            f"{one.remedy.zh}<br>{one.remedy.en}",
        )
        for code, one in KINDS.items()
    ]
    yield table(("code", "means", "what to do"), rows)
