"""What canonical fields are called, in Chinese and English, and what they mean.

The names are those of the graph: its descriptions carry the Chinese term first. What
the graph shows in another shape (a number in the list of numbers) has its name here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from hub.errors import Text

#: kind -> the graph's type
TYPES = {
    "case": "Case",
    "person": "Person",
    "charge": "Charge",
    "measure": "Measure",
    "sentence": "Sentence",
    "document": "Document",
}

#: canonical fields that stand in no type of the graph by their own name
UNSHOWN: Mapping[str, Text] = MappingProxyType(
    {
        "case.police_number": Text("公安案件编号", "The police's number of the case."),
        "case.department_number": Text(
            "部门受案号", "The procuratorate's own acceptance number."
        ),
        "case.unified_number": Text("统一受案号", "The unified acceptance number."),
        "case.court_number": Text("法院案号", "The court's case number."),
        "case.correction_number": Text(
            "社区矫正编号", "The justice bureau's number of the correction."
        ),
        "case.handler": Text("承办机关", "The agency that has the case now."),
        "person.source_id": Text(
            "来源人员编号", "The system's own number of the person."
        ),
    }
)


def names() -> dict[str, Text]:
    """``person.birth_date`` -> (出生日期, Date of birth.), of every canonical field."""
    found = dict(UNSHOWN)
    for kind, type_name in TYPES.items():
        for name, told in shown(type_name).items():
            found.setdefault(f"{kind}.{name}", told)
    return found


def shown(type_name: str) -> dict[str, Text]:
    """The fields of a type of the graph, in the hub's spelling, with their names."""
    from schema.build import SCHEMA  # noqa: PLC0415 - strawberry takes a second

    fields = getattr(SCHEMA._schema.type_map[type_name], "fields", {})
    return {
        _snake(name): text_of(field.description or "") for name, field in fields.items()
    }


def kinds() -> dict[str, Text]:
    """``person`` -> (涉案人员, ...)."""
    from schema.build import SCHEMA  # noqa: PLC0415 - strawberry takes a second

    types = SCHEMA._schema.type_map
    return {
        kind: text_of(types[name].description or "") for kind, name in TYPES.items()
    }


def text_of(description: str) -> Text:
    """A description of the graph taken apart: 来源 / Where it is from."""
    zh, _, en = description.partition(" / ")
    return Text(zh.strip(), en.strip())


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", name)
