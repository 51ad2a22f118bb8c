"""The shape of an element: its children, types, and how often each may stand.

Read from the schemas themselves, so that code lists, documentation and abstract
types, which zeep forgets, are told. A type inside itself is named and not entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from lxml import etree

from hub.wire.wsdl_names import WSDL, XSD, Names
from hub.wire.wsdl_references import qualify

#: beyond this many nodes of one part the rest is named and not entered
MAX_NODES = 5_000
MAX_DEPTH = 40
_AT = f"{{{XSD}}}"
_STRING = f"{_AT}string"
_ANY = f"{_AT}anyType"
_TRUE = ("true", "1")


@dataclass(frozen=True, slots=True)
class Node:
    """One element or attribute and what stands in it (节点).

    ``namespace`` is empty for an unqualified one. ``type`` is ``{namespace}name``,
    empty for one without a name. ``kind``: ``text``, ``tree``, ``any`` (whatever XML)
    or ``cut`` (recursive or too large: see ``type``). ``choice``: of siblings with the
    same number other than 0 only one stands. ``words`` is the code list, ``subtypes``
    the types that may stand for an abstract one. ``part`` is the word an adapter
    passes it by, where that is the message's part and not the name.
    """

    name: str
    namespace: str
    type: str
    kind: Literal["text", "tree", "any", "cut"]
    required: bool = True
    repeated: bool = False
    nillable: bool = False
    attribute: bool = False
    choice: int = 0
    abstract: bool = False
    subtypes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    documentation: str = ""
    looks_like_xml: str = ""
    part: str = ""
    children: tuple[Node, ...] = ()

    def replaced(self, **changes: Any) -> Node:
        """The same with these changes."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class _Inside:
    """What a type holds: children, or the simple type of its text, or both."""

    children: tuple[Node, ...] = ()
    text: str = ""
    words: tuple[str, ...] = ()


class Shaper:
    """Makes nodes from schema elements; one for each part, since it counts."""

    def __init__(self, names: Names) -> None:
        """``names``: everything the files define."""
        self._names = names
        self._count = 0
        self._choices = 0

    def part(self, part: etree._Element) -> Node:
        """The node of a message's part, by its element or its type."""
        told = part.get("element")
        if told:
            made = self._referred(part, told, "", ())
            return made.replaced(required=True, part=part.get("name", ""))
        named = Node(part.get("name", ""), "", "", "any")
        return self._typed(named, part, part.get("type", ""), "", ())

    def _referred(
        self, node: etree._Element, ref: str, space: str, stack: tuple[str, ...]
    ) -> Node:
        """The node of a global element, where it is referred to."""
        found = self._find("element", node, ref, space)
        local = ref.rpartition(":")[2]
        if found is None:
            return Node(local, "", _ANY, "any", **_occurs(node))
        key = f"element {{{found[0]}}}{local}"
        if not self._may_enter(key, stack):
            return Node(local, found[0], "", "cut", **_occurs(node))
        made = self._element(found[1], found[0], (*stack, key))
        return made.replaced(**_occurs(node))

    def _element(
        self, node: etree._Element, space: str, stack: tuple[str, ...]
    ) -> Node:
        """The node of an element declared here or referred to."""
        ref = node.get("ref")
        if ref:
            return self._referred(node, ref, space, stack)
        named = Node(node.get("name", ""), _namespace(node, space), "", "any")
        inner = _first(node, "complexType", "simpleType")
        if inner is not None:
            made = _made(named, self._inside(inner, space, stack))
        else:
            made = self._typed(named, node, node.get("type", ""), space, stack)
        return made.replaced(
            nillable=node.get("nillable") in _TRUE,
            abstract=made.abstract or node.get("abstract") in _TRUE,
            documentation=documentation(node) or made.documentation,
            **_occurs(node),
        )

    def _typed(
        self,
        named: Node,
        node: etree._Element,
        told: str,
        space: str,
        stack: tuple[str, ...],
    ) -> Node:
        """A node whose type is named (or is none, which is any)."""
        found = qualify(node, told.strip()) if told else (XSD, "anyType")
        kind = _clark(found or ("", told))
        named = named.replaced(type=kind)
        if found and found[0] == XSD:
            return named if kind == _ANY else named.replaced(kind="text")
        defined = self._find("type", node, told, space)
        if defined is None:
            return named
        if not self._may_enter(kind, stack):
            return named.replaced(kind="cut")
        made = _made(named, self._inside(defined[1], defined[0], (*stack, kind)))
        is_abstract = defined[1].get("abstract") in _TRUE
        return made.replaced(
            abstract=is_abstract,
            subtypes=tuple(self._subtypes(kind)) if is_abstract else (),
            documentation=documentation(defined[1]),
        )

    def _may_enter(self, key: str, stack: tuple[str, ...]) -> bool:
        """Not twice on one way, nor too deep, nor for ever."""
        self._count += 1
        is_new = key not in stack and len(stack) <= MAX_DEPTH
        return is_new and self._count <= MAX_NODES

    def _inside(
        self, node: etree._Element, space: str, stack: tuple[str, ...]
    ) -> _Inside:
        """What a simpleType or complexType holds."""
        if node.tag == f"{_AT}simpleType":
            return self._simple(node, space, stack)
        simple, complex_ = _first(node, "simpleContent"), _first(node, "complexContent")
        if simple is not None:
            return self._derived(simple, space, stack, is_simple=True)
        if complex_ is not None:
            return self._derived(complex_, space, stack, is_simple=False)
        children = [*self._content(node, space, stack, 0)]
        children += self._attributes(node, space)
        return _Inside(tuple(children))

    def _derived(
        self,
        content: etree._Element,
        space: str,
        stack: tuple[str, ...],
        *,
        is_simple: bool,
    ) -> _Inside:
        way = _first(content, "extension", "restriction")
        if way is None:
            return _Inside()
        base = way.get("base", "")
        found = qualify(way, base)
        if is_simple and found and found[0] == XSD:
            attributes = tuple(self._attributes(way, space))
            return _Inside(attributes, _clark(found), _words(way))
        inherited = _Inside()
        defined = self._find("type", way, base, space)
        key = f"base {base}"
        if defined is not None and self._may_enter(key, stack):
            inherited = self._inside(defined[1], defined[0], (*stack, key))
        own = [*self._content(way, space, stack, 0), *self._attributes(way, space)]
        if way.tag == f"{_AT}extension" or is_simple:
            own = [*inherited.children, *own]
        return _Inside(tuple(own), inherited.text, _words(way) or inherited.words)

    def _simple(
        self, node: etree._Element, space: str, stack: tuple[str, ...]
    ) -> _Inside:
        way = _first(node, "restriction")
        if way is None:
            return _Inside((), _STRING)
        base = way.get("base", "xs:string")
        found = qualify(way, base)
        if found and found[0] == XSD:
            return _Inside((), _clark(found), _words(way))
        defined, key = self._find("type", way, base, space), f"base {base}"
        if defined is None or not self._may_enter(key, stack):
            return _Inside((), _STRING, _words(way))
        inner = self._inside(defined[1], defined[0], (*stack, key))
        return _Inside((), inner.text, _words(way) or inner.words)

    def _content(
        self, node: etree._Element, space: str, stack: tuple[str, ...], choice: int
    ) -> Iterator[Node]:
        """The nodes of sequences, choices and groups, as they stand."""
        for child in node.iterchildren(f"{_AT}*"):
            local, occurs = etree.QName(child.tag).localname, _occurs(child)
            if local == "element":
                made = self._element(child, space, stack)
                yield made.replaced(choice=choice) if choice else made
            elif local == "any":
                yield Node("*", "", "", "any", choice=choice, **occurs)
            elif local in ("sequence", "all", "choice", "group"):
                inner = choice
                if local == "choice":
                    self._choices += 1
                    inner = self._choices
                own, group, way = self._group(child, space, stack)
                for made in self._content(group, own, way, inner):
                    yield _looser(made, occurs)

    def _group(
        self, node: etree._Element, space: str, stack: tuple[str, ...]
    ) -> tuple[str, etree._Element, tuple[str, ...]]:
        """The group meant, its namespace, and the way to it."""
        ref = node.get("ref")
        found = self._find("group", node, ref, space) if ref else None
        if found is None:
            return space, node, stack
        key = f"group {ref}"
        if not self._may_enter(key, stack):
            return space, etree.Element("none"), stack
        return *found, (*stack, key)

    def _attributes(self, node: etree._Element, space: str) -> Iterator[Node]:
        for child in node.iterchildren(f"{_AT}attribute", f"{_AT}attributeGroup"):
            ref = child.get("ref")
            kind = etree.QName(child.tag).localname
            found = self._find(kind, child, ref, space) if ref else None
            if kind == "attributeGroup":
                if found:
                    yield from self._attributes(found[1], found[0])
                continue
            actual = found[1] if found else child
            name = actual.get("name") or (ref or "").rpartition(":")[2]
            inner = _first(actual, "simpleType")
            named = Node(name, "", _STRING, "text")
            if inner is not None:
                made = _made(named, self._simple(inner, space, ()))
            elif actual.get("type"):
                made = self._typed(named, actual, actual.get("type", ""), space, ())
            else:
                made = named
            yield made.replaced(attribute=True, required=child.get("use") == "required")

    def _subtypes(self, kind: str) -> Iterator[str]:
        for (what, space, name), (_, node) in self._names.defined.items():
            for way in node.iter(f"{_AT}extension") if what == "type" else ():
                found = qualify(way, way.get("base", ""))
                if found and _clark(found) == kind:
                    yield f"{{{space}}}{name}"

    def _find(
        self, kind: str, node: etree._Element, text: str, space: str
    ) -> tuple[str, etree._Element] | None:
        found = qualify(node, text.strip())
        for place in (found[0], space) if found else ():
            defined = self._names.defined.get((kind, place, found[1] if found else ""))
            if defined:
                return place, defined[1]
        return None


def documentation(node: etree._Element) -> str:
    """The documentation of a WSDL or schema element, on one line."""
    paths = (f"{_AT}annotation/{_AT}documentation", f"{{{WSDL}}}documentation")
    notes = [one for path in paths for one in node.iterfind(path)]
    found = " ".join(str(text) for one in notes for text in one.itertext())
    return " ".join(found.split())[:500]


def _made(named: Node, inside: _Inside) -> Node:
    """A node and what its type holds; a text says the type XSD has for it."""
    if not inside.text:
        return named.replaced(kind="tree", children=inside.children)
    return named.replaced(
        kind="text", type=inside.text, words=inside.words, children=inside.children
    )


def _clark(name: tuple[str, str]) -> str:
    return f"{{{name[0]}}}{name[1]}"


def _namespace(node: etree._Element, space: str) -> str:
    parent = node.getparent()
    if parent is not None and parent.tag == f"{_AT}schema":
        return space
    root: etree._Element | None = node
    while root is not None and root.tag != f"{_AT}schema":
        root = root.getparent()
    default = "unqualified" if root is None else root.get("elementFormDefault", "")
    return space if node.get("form", default) == "qualified" else ""


def _occurs(node: etree._Element) -> dict[str, Any]:
    most = node.get("maxOccurs", "1")
    return {
        "required": node.get("minOccurs", "1") != "0",
        "repeated": most not in ("0", "1"),
    }


def _looser(node: Node, occurs: dict[str, Any]) -> Node:
    """A node inside a group that may be left out or stand often."""
    return node.replaced(
        required=node.required and occurs["required"] and not node.choice,
        repeated=node.repeated or occurs["repeated"],
    )


def _words(way: etree._Element) -> tuple[str, ...]:
    return tuple(one.get("value", "") for one in way.iterfind(f"{_AT}enumeration"))


def _first(node: etree._Element, *locals_: str) -> etree._Element | None:
    for local in locals_:
        found = node.find(f"{_AT}{local}")
        if found is not None:
            return found
    return None
