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
        "person.custody": Text("羁押", "Where and how long the person is held."),
        "custody.number": Text("在押人员编号", "The detention centre's number."),
        "custody.centre": Text("羁押场所", "The detention centre."),
        "custody.ground": Text("羁押依据", "The measure by which the person is held."),
        "custody.holds_for": Text("羁押环节办案单位", "For whom the centre holds now."),
        "custody.admitted_on": Text("入所日期", "Date of admission."),
        "custody.ends_on": Text("羁押期限截止日期", "Last day of the term."),
        "custody.released_on": Text("出所日期", "Date of release."),
        "case.items": Text("涉案财物", "Things seized in the case."),
        "item.number": Text("财物编号", "The number of the thing."),
        "item.name": Text("财物名称", "What it is."),
        "item.quantity": Text("数量", "How much of it, a plain decimal number."),
        "item.unit": Text("计量单位", "The unit of the quantity."),
        "item.value": Text("估价", "Its value in yuan."),
        "item.owner": Text("持有人", "From whom it was seized."),
        "item.seized_on": Text("扣押日期", "Date of seizure."),
        "item.store": Text("存放位置", "Where it is stored now."),
        "item.left_on": Text("出库日期", "Date on which it left the store."),
    }
)


#: kinds that no type of the graph shows
UNSHOWN_KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "custody": Text("羁押", "Where and how long one person is held."),
        "item": Text("涉案财物", "A thing that was seized."),
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
    told = {
        kind: text_of(types[name].description or "") for kind, name in TYPES.items()
    }
    return {**told, **UNSHOWN_KINDS}


def text_of(description: str) -> Text:
    """A description of the graph taken apart: 来源 / Where it is from."""
    zh, _, en = description.partition(" / ")
    return Text(zh.strip(), en.strip())


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: f"_{found[1].lower()}", name)
