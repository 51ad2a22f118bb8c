"""How records become types: plain fields by name, codes with their names."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any, TypeVar

import strawberry

from hub.engine.answers import codes as answer_codes
from schema.context import Info
from schema.types.code import Code

Kind = TypeVar("Kind")

_SNAKE = re.compile(r"(?<=[a-z0-9])_([a-z])")


def shown(kind: type[Kind], record: object, /, **more: object) -> Kind:
    """A type filled from the record's fields of the same names, and ``more``."""
    names = (field.name for field in fields(kind) if field.init)  # type: ignore[arg-type]  # strawberry types are dataclasses
    values = {name: getattr(record, name) for name in names if name not in more}
    return kind(**values, **more)


def place(where: str) -> str:
    """A path in the spelling of the schema: ``birth_date`` as ``birthDate``.

    Codes in a path (``documents.HOUSEHOLD_PROOF``) stay as they are.
    """
    return _SNAKE.sub(lambda found: found[1].upper(), where)


def coded(name: str, table: str, description: str) -> Any:
    """A field that shows a code of a table with its names."""

    def resolve(self: Any, info: Info) -> Code | None:
        return named(info, table, getattr(self.record, name))

    return strawberry.field(resolver=resolve, description=description)


def named(info: Info, table: str, value: str | None) -> Code | None:
    """A code with its names, as the tables of this deployment have them."""
    found = answer_codes.code(info.context.hub, table, value)
    return Code.of(found) if found else None
