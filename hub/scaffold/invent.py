"""Values for the fields of a WSDL that came without a sample: plainly invented."""

from __future__ import annotations

from hub.contract.messages import Record, Tree
from hub.scaffold.interface import Interface
from hub.scaffold.knowledge import Knowledge
from hub.wire.wsdl_shape import Node

_XSD = "{http://www.w3.org/2001/XMLSchema}"
#: canonical field -> a value that its converter reads
_BY_FIELD = {
    "police_number": "A4213810000002023080001",
    "department_number": "广水检刑诉受[2023]421381000001号",
    "unified_number": "42138120230000101",
    "court_number": "(2023)鄂1381刑初1号",
    "title": "测试甲危险驾驶案",
    "summary": "酒后驾驶机动车。",
    "name": "测试甲",
    "sex": "1",
    "id_number": "421381190001010017",
    "ethnic_group": "01",
    "address": "某市某街1号",
    "crime": "危险驾驶",
    "is_withdrawn": "0",
}
_BY_TYPE = {
    "dateTime": "2023-08-01T09:30:00",
    "date": "2023-08-01",
    "int": "1",
    "integer": "1",
    "long": "1",
    "short": "1",
    "decimal": "1.00",
    "boolean": "false",
}
_DATES = {"birth_date": "1900-01-01"}


def invented(interface: Interface, knowledge: Knowledge) -> Record:
    """One record of the list, every element filled."""
    node = interface.record
    tree = invented_of(node, "case", knowledge) if node else {}
    return tree if isinstance(tree, dict) else {}


def invented_of(node: Node, kind: str, knowledge: Knowledge) -> Tree:
    """What may stand in one element of a record of this kind."""
    if not node.children:
        return _leaf(node, kind, knowledge)
    found: Record = {}
    for child in node.children:
        inner = kind_below(child.name, kind, knowledge)
        value = invented_of(child, inner, knowledge)
        found[tree_name(child)] = (
            [value] if child.repeated and child.children else value
        )
    return found


def tree_name(node: Node) -> str:
    """The name under which a tree holds it."""
    return f"@{node.name}" if node.attribute else node.name


def kind_below(name: str, kind: str, knowledge: Knowledge) -> str:
    """The record kind that a name opens, else the one it stands in."""
    for inner in ("person", "document", "charge", "measure", "sentence"):
        told = {
            "person": "persons",
            "document": "documents",
            "charge": "charges",
            "measure": "measures",
            "sentence": "sentence",
        }[inner]
        if any(one.field == told for one in knowledge.meanings(name, kind)):
            return inner
    return kind


def _leaf(node: Node, kind: str, knowledge: Knowledge) -> str:
    if node.words:
        return node.words[0]
    local = node.type.removeprefix(_XSD)
    for one in knowledge.meanings(node.name, kind):
        if local in ("string", "") and one.field in _BY_FIELD:
            return _BY_FIELD[one.field]
        if local in ("string", "") and one.field in _DATES:
            return _DATES[one.field]
        if local in ("string", "") and one.field == "modified_at":
            return "2023-08-01 09:30:00"
        if local in ("string", "") and one.field.endswith(("_on", "_date")):
            return "2023-08-01"
    return _BY_TYPE.get(local, "样例")
