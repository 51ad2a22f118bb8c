"""What a WSDL declares of the record: laid under a sample, which tells less."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hub.contract.messages import Record, Tree
from hub.scaffold.interface import Interface
from hub.scaffold.invent import invented_of, kind_below, tree_name
from hub.scaffold.knowledge import Knowledge
from hub.wire.wsdl_shape import Node

#: ``1侦查``, ``2-审查起诉``, ``03：审判``, each as it stands in an annotation
_CODE = re.compile(
    r"(?<![0-9A-Za-z.\-])(?P<raw>[0-9]{1,4}|[A-Z]{1,2}[0-9]{0,3})"
    r"\s*[-:：=—、.．]?\s*(?P<name>[一-龥][^\s0-9,，;；、。|/]{0,19})"
)
#: what makes a number before it an amount and no code
_IS_AMOUNT = re.compile(r"[位年月日时分秒个条次字天版号级]")
_XSI = ("@nil",)
_TEXTS = ("string", "normalizedString", "token", "")
_XSD = "{http://www.w3.org/2001/XMLSchema}"


@dataclass(frozen=True, slots=True)
class Declared:
    """The record's elements by path, attributes as ``@name``; empty without a WSDL."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()

    @classmethod
    def of(cls, record: Node | None) -> Declared:
        """What stands in this element."""
        told = list(_below(record, "", may_lack=False)) if record else []
        lacking = frozenset(path for path, _, may_lack in told if may_lack)
        return cls({path: node for path, node, _ in told}, lacking)

    def says(self, path: str) -> str:
        """Its documentation, in one short line."""
        node = self.nodes.get(path)
        return " ".join(node.documentation.split())[:60] if node else ""

    def may_lack(self, path: str) -> bool:
        """May a record come without it, or with nothing in it?"""
        return path in self.optional

    def codes(self, path: str) -> dict[str, str]:
        """Codes and their names, where the documentation lists at least two."""
        node = self.nodes.get(path)
        return listed(node.documentation) if node else {}


def listed(documentation: str) -> dict[str, str]:
    """Codes and names out of words such as ``1侦查 2审查起诉``."""
    found = {
        one["raw"]: one["name"].rstrip("）)]】")
        for one in _CODE.finditer(documentation)
        if not _IS_AMOUNT.match(one["name"])
    }
    return found if len(found) > 1 else {}


def _below(
    node: Node, path: str, *, may_lack: bool
) -> Iterator[tuple[str, Node, bool]]:
    for child in node.children:
        here = f"{path}/{tree_name(child)}".lstrip("/")
        loose = not child.required or child.nillable or bool(child.choice)
        yield here, child, may_lack or loose
        yield from _below(child, here, may_lack=may_lack or loose)


def laid_under(
    records: tuple[Record, ...], interface: Interface, knowledge: Knowledge
) -> tuple[Record, ...]:
    """The records with lists as lists, and with what the sample does not hold."""
    node = interface.record
    if node is None or not all(_is_like(one, node) for one in records):
        return records
    told = (_laid(one, node, "case", knowledge) for one in records)
    return tuple(one if isinstance(one, dict) else {} for one in told)


def _is_like(record: Record, node: Node) -> bool:
    """Is this a record of the WSDL's, and not one of something else?"""
    names = {tree_name(one) for one in node.children}
    return 2 * len(names & set(record)) >= len(record)


def _laid(tree: Tree, node: Node, kind: str, knowledge: Knowledge) -> Tree:
    if not node.children:
        return "" if _is_nil(tree) else tree
    if not isinstance(tree, dict):
        return tree
    found: Record = {}
    for child in node.children:
        name, inner = tree_name(child), kind_below(child.name, kind, knowledge)
        if name in tree:
            found[name] = _each(tree[name], child, inner, knowledge)
        elif not child.choice and child.kind in ("text", "tree"):
            found[name] = _lacking(child, inner, knowledge)
    strange = {k: v for k, v in tree.items() if k not in found and k not in _XSI}
    return found | strange


def _each(tree: Tree, node: Node, kind: str, knowledge: Knowledge) -> Tree:
    """One element, or the list that it may be."""
    if isinstance(tree, list):
        return [_laid(one, node, kind, knowledge) for one in tree]
    told = _laid(tree, node, kind, knowledge)
    is_list = node.repeated and node.children and isinstance(told, dict)
    return [told] if is_list else told


def _lacking(node: Node, kind: str, knowledge: Knowledge) -> Tree:
    """What stands for an element that the sample lacks: nothing, where that may be."""
    is_text = node.type.removeprefix(_XSD) in _TEXTS and not node.words
    if is_text and not node.children and node.kind == "text":
        return ""
    made = invented_of(node, kind, knowledge)
    return [made] if node.repeated and node.children else made


def _is_nil(tree: Tree) -> bool:
    """``xsi:nil`` as a tree tells it, beside no text."""
    if not isinstance(tree, dict) or str(tree.get("@nil")) not in ("true", "1"):
        return False
    return not str(tree.get("#text") or "").strip()
