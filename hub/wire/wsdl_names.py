"""Which names a vendor's files define, and which they refer to.

A walk over every file that the WSDL reaches. zeep passes over much that is missing
(a message, an operation, a port) without a word; what is found here is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from hub.errors import Fault
from hub.wire.wsdl_files import Shelf
from hub.wire.wsdl_flaws import flaw, refusal

XSD = "http://www.w3.org/2001/XMLSchema"
WSDL = "http://schemas.xmlsoap.org/wsdl/"
_WSDL20 = "http://www.w3.org/ns/wsdl"
_OLD = ("http://www.w3.org/1999/XMLSchema", "http://www.w3.org/2000/10/XMLSchema")
#: what zeep understands at the top of a schema, and inside
_WORDS = """
schema import include annotation documentation appinfo element simpleType complexType
simpleContent complexContent sequence group choice all list union attribute any
anyAttribute attributeGroup restriction extension notation enumeration pattern length
minLength maxLength whiteSpace totalDigits fractionDigits minInclusive maxInclusive
minExclusive maxExclusive key unique keyref selector field
"""
_CONSTRUCTS = frozenset(_WORDS.split())
#: global things of a schema by the kind of name they take
_KINDS = {
    "element": "element",
    "simpleType": "type",
    "complexType": "type",
    "group": "group",
    "attribute": "attribute",
    "attributeGroup": "attributeGroup",
}


@dataclass(frozen=True, slots=True)
class Document:
    """A definitions or schema element, where it stands and for which namespace."""

    place: str
    root: etree._Element
    namespace: str

    @property
    def is_schema(self) -> bool:
        """Is it a schema (or else WSDL definitions)?"""
        return bool(self.root.tag == f"{{{XSD}}}schema")


@dataclass(slots=True)
class Names:
    """Everything the files define: (kind, namespace, name) to place and element."""

    shelf: Shelf
    documents: list[Document] = field(default_factory=list)
    defined: dict[tuple[str, str, str], tuple[str, etree._Element]] = field(
        default_factory=dict
    )
    faults: list[Fault] = field(default_factory=list)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    @property
    def schemas(self) -> list[Document]:
        """The schemas, in the order in which they were met."""
        return [one for one in self.documents if one.is_schema]

    @property
    def definitions(self) -> list[Document]:
        """The WSDL files, the first one first."""
        return [one for one in self.documents if not one.is_schema]

    def walk(self, place: str) -> None:
        """Take in a WSDL and all it imports; raises ``InterfaceInvalid``."""
        root = self.shelf.root(place)
        if not self._is_new(place, ""):
            return
        if root.tag == f"{{{XSD}}}schema" and len(self._seen) > 1:
            self._schema(Document(place, root, root.get("targetNamespace", "")))
            return
        self._check_root(place, root)
        document = Document(place, root, root.get("targetNamespace", ""))
        self.documents.append(document)
        for node in root.iterfind(f"{{{WSDL}}}import"):
            self._follow_wsdl(place, node)
        for node in root.iterfind(f"{{{WSDL}}}types/*"):
            self._inline(place, node)
        self._define_wsdl(document)

    def _check_root(self, place: str, root: etree._Element) -> None:
        if root.tag == f"{{{WSDL}}}definitions":
            return
        name, where = etree.QName(root.tag), self.shelf.at(place, root)
        if name.localname.lower() == "html":
            raise refusal([flaw("root.page", where)])
        if name.namespace == _WSDL20:
            raise refusal([flaw("root.version", where)])
        raise refusal([flaw("root.other", where, name=name.localname)])

    def _follow_wsdl(self, place: str, node: etree._Element) -> None:
        location, told = node.get("location", ""), node.get("namespace", "")
        where = self.shelf.at(place, node)
        if not location:
            self.faults.append(flaw("import.location", where, name=f"import {told}"))
            return
        found = self.shelf.beside(place, location, node)
        self.walk(found)
        self._same(told, found, where)

    def _inline(self, place: str, node: etree._Element) -> None:
        if not isinstance(node.tag, str):
            return
        name = etree.QName(node.tag)
        if name.localname != "schema":
            return
        if name.namespace in _OLD:
            where = self.shelf.at(place, node)
            self.faults.append(flaw("schema.old", where, name=name.namespace))
            return
        self._schema(Document(place, node, node.get("targetNamespace", "")))

    def _schema(self, document: Document) -> None:
        self.documents.append(document)
        for node in document.root:
            if not isinstance(node.tag, str):
                continue
            local = etree.QName(node.tag).localname
            if local == "import":
                self._follow_import(document, node)
            elif local == "include":
                self._follow_include(document, node)
            elif local in _KINDS and node.get("name"):
                self._define(document.place, _KINDS[local], document.namespace, node)
        self._check_constructs(document)

    def _check_constructs(self, document: Document) -> None:
        for node in document.root.iter(f"{{{XSD}}}*"):
            local = etree.QName(node.tag).localname
            if local not in _CONSTRUCTS:
                where = self.shelf.at(document.place, node)
                self.faults.append(flaw("schema.construct", where, name=f"xs:{local}"))

    def _follow_import(self, document: Document, node: etree._Element) -> None:
        location, told = node.get("schemaLocation", ""), node.get("namespace", "")
        if not location:
            return  # the namespace may stand elsewhere; if not, its names are unknown
        place = self.shelf.beside(document.place, location, node)
        root = self.shelf.root(place)
        real = root.get("targetNamespace", "")
        self._same(told, place, self.shelf.at(document.place, node))
        self._enter(Document(place, root, real or told))

    def _follow_include(self, document: Document, node: etree._Element) -> None:
        location, where = (
            node.get("schemaLocation"),
            self.shelf.at(document.place, node),
        )
        if not location:
            self.faults.append(flaw("import.location", where, name="xs:include"))
            return
        place = self.shelf.beside(document.place, location, node)
        root = self.shelf.root(place)
        real = root.get("targetNamespace", "")
        if real and real != document.namespace:
            self._same(document.namespace, place, where)
        self._enter(Document(place, root, real or document.namespace))

    def _enter(self, document: Document) -> None:
        if not document.is_schema:
            name = etree.QName(document.root.tag).localname
            where = self.shelf.at(document.place, document.root)
            raise refusal([flaw("root.other", where, name=name)])
        if self._is_new(document.place, document.namespace):
            self._schema(document)

    def _same(self, told: str, place: str, where: str) -> None:
        real = self.shelf.root(place).get("targetNamespace", "")
        if real and real != told:
            name = self.shelf.name(place)
            self.faults.append(
                flaw("import.namespace", where, told=told, name=name, real=real)
            )

    def _define_wsdl(self, document: Document) -> None:
        for kind in ("message", "portType", "binding"):
            for node in document.root.iterfind(f"{{{WSDL}}}{kind}"):
                self._define(document.place, kind, document.namespace, node)

    def _define(
        self, place: str, kind: str, namespace: str, node: etree._Element
    ) -> None:
        key = (kind, namespace, node.get("name", "").strip())
        before = self.defined.setdefault(key, (place, node))
        if before[1] is not node and _form(before[1]) != _form(node):
            where, other = self.shelf.at(place, node), self.shelf.at(*before)
            self.faults.append(
                flaw("name.twice", where, kind=kind, name=key[2], other=other)
            )

    def _is_new(self, place: str, namespace: str) -> bool:
        key = (place, namespace)
        is_new = key not in self._seen
        self._seen.add(key)
        return is_new


def _form(node: etree._Element) -> bytes:
    """Its canonical form, in which only what matters differs."""
    options: dict[str, Any] = {"method": "c14n2", "strip_text": True}
    return bytes(etree.tostring(node, **options))


def bindings(names: Names) -> Iterator[tuple[str, etree._Element]]:
    """Every WSDL binding, with the place it stands in."""
    for (kind, _, _), found in names.defined.items():
        if kind == "binding":
            yield found
