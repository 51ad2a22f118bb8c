"""Trees to the values that zeep writes, without its silent conversions.

A tree is written as it is read (``hub.wire.trees``): a child by its name, an
attribute as ``@name``, text beside attributes as ``#text``. Besides:

    "@type": "Person"       the type to write where the schema's own is abstract
    NIL                     xsi:nil="true"
    "#any": "<x>...</x>"    XML for a place where anything may stand; or a list
    "_value_1": [...]       zeep's own word for a repeated choice or sequence
    Enclosed(file)          bytes sent beside the envelope (MTOM)
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import zeep
from lxml import etree
from zeep.xsd.elements import Any as ZeepAny
from zeep.xsd.types.builtins import Boolean, gDay, gMonthDay, gYear, gYearMonth
from zeep.xsd.types.collection import ListType
from zeep.xsd.types.complex import ComplexType
from zeep.xsd.types.simple import AnySimpleType

from hub.errors import RecordUnreadable
from hub.wire.soap_parts import XOP, File
from hub.wire.trees import xml_element

#: xsi:nil="true": said to be nothing, which is not the same as left out
NIL: Any = zeep.xsd.Nil
_BOOLEANS = ("true", "false", "1", "0", True, False)
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that stands beside the envelope, in place of its base64 text."""

    file: File


class Misfit(ValueError):
    """A value that cannot be written; ``where`` is its place, without the value."""

    def __init__(self, where: str, why: str) -> None:
        """``why`` in a few words of English."""
        super().__init__(f"{where}: {why}")
        self.where = where


class Writer:
    """Makes zeep's values for one request; remembers what is enclosed."""

    def __init__(self, types: Any) -> None:
        """``types``: the schema of the WSDL."""
        self._types = types
        self.enclosed: dict[str, File] = {}

    def fields(self, tree: Mapping[str, Any], kind: Any, where: str) -> dict[str, Any]:
        """The keyword arguments for a complex type or a call."""
        if not isinstance(kind, ComplexType):
            raise Misfit(where, "a simple value is asked for")
        elements, attributes = dict(kind.elements), _attributes(kind)
        found: dict[str, Any] = {}
        for name, value in tree.items():
            place = f"{where}/{name}" if where else name
            if name == "@type":
                continue
            if name.startswith("@"):
                key, attribute = attributes.get(name[1:], (None, None))
                if attribute is None:
                    raise Misfit(place, "there is no such attribute")
                found[str(key)] = self.value(value, attribute.type, place)
            elif name == "#any":
                found.update(_anything(value, kind, place))
            elif name == "#text":
                found["_value_1"] = self.value(value, elements["_value_1"].type, place)
            elif name == "_value_1" and isinstance(value, list):
                found[name] = [self._choice(one, kind, place) for one in value]
            elif name in elements:
                found[name] = self._child(value, elements[name], place)
            else:
                raise Misfit(place, "there is no such element")
        return found

    def value(self, value: Any, kind: Any, where: str) -> Any:
        """What zeep takes for one element of this type."""
        if value is None or value is NIL:
            return value
        if isinstance(value, Enclosed):
            return self._enclose(value.file)
        if isinstance(value, Mapping):
            told = value.get("@type")
            actual = self._named(str(told), where) if told else kind
            fields = self.fields(value, actual, where)
            return actual(**fields) if told else fields
        if isinstance(kind, AnySimpleType):
            return _simple(value, kind, where)
        if isinstance(kind, ComplexType) and _is_simple_content(kind):
            return {"_value_1": _simple(value, kind.elements[0][1].type, where)}
        return self._untyped(value, kind, where)

    def enclose(self, envelope: etree._Element) -> None:
        """Put ``xop:Include`` where the bytes of enclosed files would stand."""
        if not self.enclosed:
            return
        marks = {_mark_text(token): file for token, file in self.enclosed.items()}
        for node in envelope.iter():
            file = marks.get(node.text or "")
            if file is not None:
                node.text = None
                include = etree.SubElement(
                    node, f"{{{XOP}}}Include", nsmap={"xop": XOP}
                )
                include.set("href", f"cid:{file.id}")

    def _child(self, value: Any, element: Any, where: str) -> Any:
        if isinstance(value, list) and not isinstance(element.type, ListType):
            if not element.accepts_multiple:
                raise Misfit(where, "it may stand only once")
            return [
                self.value(one, element.type, f"{where}[{at}]")
                for at, one in enumerate(value)
            ]
        found = self.value(value, element.type, where)
        return [found] if element.accepts_multiple and found is not None else found

    def _choice(self, one: Any, kind: Any, where: str) -> Any:
        if not isinstance(one, Mapping):
            raise Misfit(where, "a repeated choice is a list of objects")
        inner = {
            name: element for _, group in kind.elements for name, element in _of(group)
        }
        for name in one:
            if name not in inner:
                raise Misfit(f"{where}/{name}", "there is no such element")
        return {
            name: self._child(value, inner[name], f"{where}/{name}")
            for name, value in one.items()
        }

    def _named(self, name: str, where: str) -> Any:
        """The type of this name, ``{namespace}name`` or the only one so called."""
        found = [
            one
            for one in self._types.types
            if one.qname is not None and name in (one.qname.text, one.qname.localname)
        ]
        if len(found) != 1:
            raise Misfit(where, f"{len(found)} types are called {name}")
        return found[0]

    def _enclose(self, file: File) -> bytes:
        token = hashlib.sha256(file.id.encode()).digest()
        self.enclosed[token.hex()] = file
        return token

    def _untyped(self, value: Any, kind: Any, where: str) -> Any:
        if isinstance(kind, ComplexType):
            raise Misfit(where, "an object is asked for")
        string = self._types.get_type("{http://www.w3.org/2001/XMLSchema}string")
        return zeep.xsd.AnyObject(string, str(value))


def _of(group: Any) -> list[tuple[str, Any]]:
    return list(group.elements) if hasattr(group, "elements") else []


def _is_simple_content(kind: Any) -> bool:
    elements = kind.elements
    return (
        len(elements) == 1
        and elements[0][0] == "_value_1"
        and isinstance(getattr(elements[0][1], "type", None), AnySimpleType)
    )


def _attributes(kind: Any) -> dict[str, tuple[str, Any]]:
    return {
        str(attribute.name): (key, attribute)
        for key, attribute in kind.attributes
        if attribute.name is not None
    }


def _anything(value: Any, kind: Any, where: str) -> dict[str, Any]:
    """Elements for ``xs:any``, parsed as carefully as any answer."""
    name = next((key for key, one in kind.elements if isinstance(one, ZeepAny)), None)
    if name is None:
        raise Misfit(where, "there is no place where anything may stand")
    texts = value if isinstance(value, list) else [value]
    try:
        found = [xml_element(str(text).encode()) for text in texts]
    except RecordUnreadable as error:
        raise Misfit(where, "it is not XML") from error
    return {name: found if isinstance(value, list) else found[0]}


def _simple(value: Any, kind: Any, where: str) -> Any:
    """A simple value; zeep would write 是 as true, and a list letter by letter."""
    if isinstance(value, (dict, list)) and not isinstance(kind, ListType):
        raise Misfit(where, "a simple value is asked for")
    if isinstance(kind, Boolean) and value not in _BOOLEANS:
        raise Misfit(where, "true or false is asked for")
    if isinstance(kind, ListType) and isinstance(value, str):
        return value.split()
    if isinstance(value, bool):
        return value if isinstance(kind, Boolean) else str(value).lower()
    read: Callable[[Any], Any] | None = None
    if isinstance(kind, (gYear, gYearMonth, gMonthDay, gDay)):
        read = kind.pythonvalue
    return read(value) if read else value


def _mark_text(token: str) -> str:
    return base64.b64encode(bytes.fromhex(token)).decode()
