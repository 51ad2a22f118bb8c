"""Requests judged by the vendor's own schemas before they leave.

zeep writes what it is given: a missing choice, a wrong digit, a code that is not in
the list. The far side would refuse it at best. libxml2 judges the finished body by
all schemas of the WSDL put together; where it cannot make sense of them, nothing is
judged and the reason is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from hub.wire.wsdl_files import XML_XSD
from hub.wire.wsdl_names import WSDL, XSD, Document, Names
from hub.wire.wsdl_references import qualify

_PARTS = "urn:agency-hub:parts"
_ROOT = "shelf:///parts.xsd"


@dataclass(frozen=True, slots=True)
class Judge:
    """All schemas of a WSDL as one; ``why_not`` says why there is none."""

    schema: etree.XMLSchema | None = field(default=None, repr=False)
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    why_not: str = ""

    def complaint(self, element: etree._Element) -> str:
        """What is wrong with an element of a document-style body, or nothing."""
        return "" if self.schema is None else _complaint(self.schema, element)

    def part_complaint(self, message: str, element: etree._Element) -> str:
        """The same for one part of an rpc-style call."""
        name = self.parts.get((message, etree.QName(element.tag).localname))
        if self.schema is None or name is None:
            return ""
        copy = etree.fromstring(etree.tostring(element, encoding="utf-8"))
        copy.tag = f"{{{_PARTS}}}{name}"
        return _complaint(self.schema, copy)


def judge(names: Names) -> Judge:
    """The judge for these files."""
    sources, parts = _sources(names)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parser.resolvers.add(_Library(sources))
    try:
        root = etree.fromstring(sources[_ROOT], parser, base_url=_ROOT)
        return Judge(etree.XMLSchema(root), parts)
    except (etree.XMLSchemaParseError, etree.XMLSyntaxError) as error:
        return Judge(why_not=str(error)[:300])


class _Library(etree.Resolver):
    """The schemas by the addresses they have here; all else is nothing."""

    def __init__(self, sources: dict[str, bytes]) -> None:
        super().__init__()
        self._sources = sources

    def resolve(self, url: str, *others: Any) -> Any:
        content = self._sources.get(url, b"<none/>")
        give: Any = getattr(self, "resolve_string")  # noqa: B009 - the stub lacks it
        return give(content, others[-1], base_url=url)


def _complaint(schema: etree.XMLSchema, element: etree._Element) -> str:
    """The kind of complaint and where; never the value, which may name a person."""
    document = etree.fromstring(etree.tostring(element, encoding="utf-8"))
    if schema.validate(document):
        return ""
    log: Any = schema.error_log
    first = log[0]
    kind = str(first.type_name).removeprefix("SCHEMAV_")
    return f"{kind} {first.path or ''}".strip()


def _sources(
    names: Names,
) -> tuple[dict[str, bytes], dict[tuple[str, str], str]]:
    spaces: dict[str, list[Document]] = {}
    for document in names.schemas:
        spaces.setdefault(document.namespace, []).append(document)
    found = {}
    addresses = {space: f"shelf:///{at}.xsd" for at, space in enumerate(spaces)}
    for space, documents in spaces.items():
        stem = addresses[space].removesuffix(".xsd")
        inner = {f"{stem}-{at}.xsd": one for at, one in enumerate(documents)}
        found[addresses[space]] = _driver(space, addresses, inner)
        found |= {place: _bare(one) for place, one in inner.items()}
    root, parts = _part_elements(names, addresses)
    found[_ROOT] = root
    return found, parts


def _driver(space: str, addresses: dict[str, str], inner: Iterable[str]) -> bytes:
    root = etree.Element(f"{{{XSD}}}schema", nsmap={"xs": XSD})
    if space:
        root.set("targetNamespace", space)
    _import_all(root, addresses, but=space)
    for place in inner:
        etree.SubElement(root, f"{{{XSD}}}include", schemaLocation=place)
    return etree.tostring(root, encoding="utf-8")


def _import_all(
    root: etree._Element, addresses: dict[str, str], but: str | None = None
) -> None:
    for space, place in addresses.items():
        if space != but:
            node = etree.SubElement(root, f"{{{XSD}}}import", schemaLocation=place)
            if space:
                node.set("namespace", space)


def _bare(document: Document) -> bytes:
    """A schema whose imports say only the namespace: the drivers know the places."""
    root = etree.fromstring(etree.tostring(document.root, encoding="utf-8"))
    for node in list(root.iterfind(f"{{{XSD}}}include")):
        root.remove(node)
    for node in root.iterfind(f"{{{XSD}}}import"):
        if node.get("schemaLocation", "") not in XML_XSD:
            node.attrib.pop("schemaLocation", "")
    return etree.tostring(root, encoding="utf-8")


def _part_elements(
    names: Names, addresses: dict[str, str]
) -> tuple[bytes, dict[tuple[str, str], str]]:
    """One element for every rpc part, since rpc has no schema of its own."""
    prefixes = {space: f"s{at}" for at, space in enumerate(addresses) if space}
    prefixes |= {_PARTS: "p", XSD: "xs"}
    nsmap = {short: space for space, short in prefixes.items()}
    root = etree.Element(f"{{{XSD}}}schema", targetNamespace=_PARTS, nsmap=nsmap)
    _import_all(root, addresses)
    parts: dict[tuple[str, str], str] = {}
    for message, part, (space, local) in _typed_parts(names):
        name = f"part{len(parts)}"
        parts[message, part] = name
        short = prefixes.get(space)
        kind = f"{short}:{local}" if short else local
        tag = f"{{{XSD}}}element"
        etree.SubElement(root, tag, name=name, type=kind, nillable="true")
    return etree.tostring(root, encoding="utf-8"), parts


def _typed_parts(names: Names) -> Iterator[tuple[str, str, tuple[str, str]]]:
    """Message, part and qualified type of every part that says a type."""
    for (kind, _, message), (_, node) in names.defined.items():
        if kind != "message":
            continue
        for part in node.iterfind(f"{{{WSDL}}}part"):
            found = qualify(part, part.get("type", "").strip())
            if found and found[1]:
                yield message, part.get("name", ""), found
