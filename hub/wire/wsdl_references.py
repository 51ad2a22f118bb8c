"""Is every name that a vendor's files refer to defined? Told with a hint if not."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from hub.errors import Fault
from hub.wire.wsdl_flaws import flaw
from hub.wire.wsdl_names import WSDL, XSD, Document, Names

_ENCODING = (
    "http://schemas.xmlsoap.org/soap/encoding/",
    "http://www.w3.org/2003/05/soap-encoding",
)
_XML = "http://www.w3.org/XML/1998/namespace"
_XML_NAMES = frozenset({"lang", "space", "base", "id", "specialAttrs"})
_SOAP = (
    "http://schemas.xmlsoap.org/wsdl/soap/",
    "http://schemas.xmlsoap.org/wsdl/soap12/",
)
_WORDS = """
anyType anySimpleType string boolean decimal float double duration dateTime time date
gYearMonth gYear gMonthDay gDay gMonth hexBinary base64Binary anyURI QName NOTATION
normalizedString token language NMTOKEN NMTOKENS Name NCName ID IDREF IDREFS ENTITY
ENTITIES integer nonPositiveInteger negativeInteger long int short byte
nonNegativeInteger unsignedLong unsignedInt unsignedShort unsignedByte positiveInteger
"""
#: the simple and ur-types that XSD itself brings
BUILTIN = frozenset(_WORDS.split())
#: construct of XSD -> (attribute, kind of thing it names)
_IN_SCHEMA = {
    "element": (("type", "type"), ("ref", "element"), ("substitutionGroup", "element")),
    "attribute": (("type", "type"), ("ref", "attribute")),
    "restriction": (("base", "type"),),
    "extension": (("base", "type"),),
    "list": (("itemType", "type"),),
    "union": (("memberTypes", "type"),),
    "group": (("ref", "group"),),
    "attributeGroup": (("ref", "attributeGroup"),),
}
Reference = tuple[etree._Element, str, str]


def unresolved(names: Names) -> Iterator[Fault]:
    """A fault for every reference that leads nowhere."""
    strangers = names.shelf.strangers()
    for document in names.documents:
        find = _in_schema if document.is_schema else _in_wsdl
        for node, text, kind in find(document.root):
            where = names.shelf.at(document.place, node)
            for one in text.split():
                problem = _problem(names, document, (node, one, kind), strangers)
                if problem:
                    slug, told = problem
                    yield flaw(slug, where, kind=kind, name=one, **told)


def qualify(node: etree._Element, text: str) -> tuple[str, str] | None:
    """Namespace and local name of a prefixed name; ``None``: unknown prefix."""
    prefix, colon, local = text.rpartition(":")
    if not colon:
        return str(node.nsmap.get(None) or ""), local
    if prefix == "xml":
        return _XML, local
    space = node.nsmap.get(prefix)
    return None if space is None else (str(space), local)


def _problem(
    names: Names, document: Document, reference: Reference, strangers: dict[str, str]
) -> tuple[str, dict[str, str]] | None:
    node, text, kind = reference
    found = qualify(node, text)
    if found is None:
        return "name.prefix", {}
    space, local = found
    if space in _ENCODING:
        return "soap.encoding", {}
    if space == XSD:
        is_known = local in BUILTIN or (kind, local) == ("element", "schema")
    elif space == _XML:
        is_known = local in _XML_NAMES
    else:
        is_known = _is_defined(names, document, kind, found)
    if is_known:
        return None
    zh, en = _hint(names, kind, found, strangers)
    return "name.unknown", {"hint_zh": zh, "hint_en": en}


def _is_defined(
    names: Names, document: Document, kind: str, found: tuple[str, str]
) -> bool:
    space, local = found
    if (kind, space, local) in names.defined:
        return True
    # a name without a namespace is taken to be of the schema's own, as zeep does
    return not space and (kind, document.namespace, local) in names.defined


def _hint(
    names: Names, kind: str, found: tuple[str, str], strangers: dict[str, str]
) -> tuple[str, str]:
    space, local = found
    if space in strangers:
        name = strangers[space]
        return (
            f"；未被导入的 {name} 属于该命名空间 {space}",
            f"; {name}, which nothing imports, is of that namespace {space}",
        )
    others = [ns for (k, ns, name) in names.defined if (k, name) == (kind, local)]
    if others:
        return (
            f"；引用写的命名空间是 {space}，同名的在 {others[0]}",
            f"; the reference says the namespace {space}, one of that name is"
            f" in {others[0]}",
        )
    return f"（命名空间 {space}）", f" (namespace {space})"


def _in_schema(root: etree._Element) -> Iterator[Reference]:
    for node in root.iter(f"{{{XSD}}}*"):
        for name, kind in _IN_SCHEMA.get(etree.QName(node.tag).localname, ()):
            text = node.get(name, "").strip()
            if text:
                yield node, text, kind


def _in_wsdl(root: etree._Element) -> Iterator[Reference]:
    at = f"{{{WSDL}}}"
    for node in root.iterfind(f"{at}message/{at}part"):
        for kind in ("element", "type"):
            if node.get(kind):
                yield node, node.get(kind, "").strip(), kind
    for way in ("input", "output", "fault"):
        for node in root.iterfind(f"{at}portType/{at}operation/{at}{way}"):
            yield node, node.get("message", "").strip() or ":", "message"
        for soap in _SOAP:
            path = f"{at}binding/{at}operation/{at}{way}/{{{soap}}}header"
            for node in root.iterfind(path):
                yield node, node.get("message", "").strip() or ":", "message"
    for node in root.iterfind(f"{at}binding"):
        yield node, node.get("type", "").strip() or ":", "portType"
    for node in root.iterfind(f"{at}service/{at}port"):
        yield node, node.get("binding", "").strip() or ":", "binding"
