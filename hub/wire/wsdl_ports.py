"""Which port of a vendor's WSDL is spoken, and whether its binding can be.

SOAP 1.1 is taken before 1.2 and the first port before the next, unless one is named.
What is wrong with ports that are not used is nobody's trouble.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from hub.errors import Fault
from hub.wire.wsdl_flaws import flaw, refusal
from hub.wire.wsdl_names import WSDL, Names
from hub.wire.wsdl_references import qualify

_AT = f"{{{WSDL}}}"
_HTTP = (
    "http://schemas.xmlsoap.org/soap/http",
    "http://www.w3.org/2003/05/soap/bindings/HTTP/",
)
#: the namespace of the binding's own elements -> version of SOAP
VERSIONS = {
    "http://schemas.xmlsoap.org/wsdl/soap/": "1.1",
    "http://schemas.xmlsoap.org/wsdl/soap12/": "1.2",
}
_MIME = "{http://schemas.xmlsoap.org/wsdl/mime/}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A port that leads to a SOAP binding: its names and the binding's element."""

    port: str
    service: str
    version: str
    space: str
    place: str
    binding: etree._Element


def choose(names: Names, wanted: str = "") -> Spoken:
    """The port to speak; raises ``InterfaceInvalid`` with every flaw of it."""
    found = list(ports(names))
    if not found:
        raise refusal([_nothing(names)])
    if wanted:
        named = [one for one in found if one.port == wanted]
        if not named:
            known = ", ".join(one.port for one in found)
            where = names.shelf.name(names.definitions[0].place)
            raise refusal([flaw("port.unknown", where, name=wanted, known=known)])
        found = named
    found.sort(key=lambda one: one.version)
    flaws = [list(_flaws(names, one)) for one in found]
    for one, faults in zip(found, flaws, strict=True):
        if not faults:
            return one
    raise refusal(flaws[0])


def ports(names: Names) -> Iterator[Spoken]:
    """Every port that leads to a SOAP binding, in the order of the files."""
    for document in names.definitions:
        for service in document.root.iterfind(f"{_AT}service"):
            for port in service.iterfind(f"{_AT}port"):
                found = _binding(names, port, document.namespace)
                version = found and _version(found[1])
                if found and version:
                    yield Spoken(
                        port.get("name", ""),
                        service.get("name", ""),
                        VERSIONS[version],
                        version,
                        *found,
                    )


def operations(names: Names, spoken: Spoken) -> Iterator[etree._Element]:
    """The operations of the port type behind a port."""
    found = _named(names, "portType", spoken.binding, spoken.binding.get("type", ""))
    if found is not None:
        yield from found[1].iterfind(f"{_AT}operation")


def _binding(
    names: Names, port: etree._Element, namespace: str
) -> tuple[str, etree._Element] | None:
    return _named(names, "binding", port, port.get("binding", ""), namespace)


def _named(
    names: Names, kind: str, node: etree._Element, text: str, namespace: str = ""
) -> tuple[str, etree._Element] | None:
    found = qualify(node, text.strip())
    if found is None:
        return None
    space, local = found
    return names.defined.get((kind, space, local)) or names.defined.get(
        (kind, namespace, local)
    )


def _version(binding: etree._Element) -> str:
    spaces = (
        space for space in VERSIONS if binding.find(f"{{{space}}}binding") is not None
    )
    return next(spaces, "")


def _nothing(names: Names) -> Fault:
    where = names.shelf.name(names.definitions[0].place)
    found = [key for key in names.defined if key[0] == "binding"]
    if any(_version(names.defined[key][1]) for key in found):
        return flaw("port.none", where)
    told = ", ".join(key[2] for key in found) or "no binding"
    return flaw("binding.none", where, found=told)


def _flaws(names: Names, spoken: Spoken) -> Iterator[Fault]:
    head = spoken.binding.find(f"{{{spoken.space}}}binding")
    where = names.shelf.at(spoken.place, spoken.binding)
    if head is not None and head.get("transport") not in _HTTP:
        told = head.get("transport") or '""'
        name = spoken.binding.get("name", "")
        yield flaw("binding.transport", where, name=name, told=told)
    abstract = {one.get("name", ""): one for one in operations(names, spoken)}
    yield from _overloaded(names, spoken)
    for node in spoken.binding.iterfind(f"{_AT}operation"):
        at = names.shelf.at(spoken.place, node)
        name = node.get("name", "")
        if name not in abstract:
            yield flaw("operation.unknown", at, name=name)
            continue
        style = style_of(spoken, node)
        if style not in ("document", "rpc"):
            yield flaw("binding.style", at, name=name, told=style)
            continue
        yield from _bodies(names, spoken, node, (abstract[name], style))


def _overloaded(names: Names, spoken: Spoken) -> Iterator[Fault]:
    seen: set[str] = set()
    for node in operations(names, spoken):
        name = node.get("name", "")
        if name in seen:
            where = names.shelf.at(spoken.place, node)
            kind = spoken.binding.get("type", "")
            yield flaw("operation.twice", where, name=name, kind=kind)
        seen.add(name)


def style_of(spoken: Spoken, bound: etree._Element) -> str:
    """The style of a bound operation: its own, the binding's, or ``document``."""
    head = spoken.binding.find(f"{{{spoken.space}}}binding")
    told = "document" if head is None else head.get("style", "document")
    own = bound.find(f"{{{spoken.space}}}operation")
    return told if own is None else own.get("style", told)


def _bodies(
    names: Names,
    spoken: Spoken,
    node: etree._Element,
    operation: tuple[etree._Element, str],
) -> Iterator[Fault]:
    abstract, style = operation
    name, at = node.get("name", ""), names.shelf.at(spoken.place, node)
    for way in ("input", "output"):
        bound = node.find(f"{_AT}{way}")
        body = None if bound is None else bound.find(f".//{{{spoken.space}}}body")
        if bound is None or body is None:
            continue
        heads = bound.findall(f".//{{{spoken.space}}}header")
        for one in (body, *heads):
            if one.get("use", "literal") != "literal":
                yield flaw("binding.encoded", at, name=name, told=one.get("use"))
        message = message_of(names, abstract, way)
        if message is not None:
            yield from _parts(names, (bound, body, heads), message, (name, style))


def message_of(
    names: Names, abstract: etree._Element, way: str
) -> tuple[str, etree._Element] | None:
    """The message of a port type's operation, with the place it stands in."""
    node = abstract.find(f"{_AT}{way}")
    if node is None:
        return None
    return _named(names, "message", node, node.get("message", ""))


def _parts(
    names: Names,
    bound: tuple[etree._Element, etree._Element, list[etree._Element]],
    message: tuple[str, etree._Element],
    operation: tuple[str, str],
) -> Iterator[Fault]:
    """Every part has a place, and is an element or a type as the style asks."""
    outer, body, heads = bound
    name, style = operation
    parts = {one.get("name", ""): one for one in message[1].iterfind(f"{_AT}part")}
    elsewhere = {head.get("part") for head in heads}
    elsewhere |= {mime.get("part") for mime in outer.iter(f"{_MIME}content")}
    inside = [part for part in parts if part not in elsewhere]
    told = body.get("parts")
    if told is not None and set(told.split()) != set(inside):
        where = names.shelf.at(*message)
        yield flaw("part.some", where, name=name, told=told)
    wanted = "element" if style == "document" else "type"
    for part in inside:
        if not parts[part].get(wanted):
            where = names.shelf.at(message[0], parts[part])
            yield flaw("part.kind", where, name=message[1].get("name", ""))
