"""WSDL bindings with attachments, told to zeep without them.

zeep does not look for a ``soap:body`` inside ``mime:multipartRelated``. It is given
the body by itself, without the message parts that travel as attachments; those are
the wire's own business (``hub.wire.soap_parts``).
"""

from __future__ import annotations

from lxml import etree

from hub.wire.wsdl_names import WSDL, Names

MIME = "{http://schemas.xmlsoap.org/wsdl/mime/}"
_AT = f"{{{WSDL}}}"


def without_attachments(names: Names) -> dict[str, bytes]:
    """The files that have to be read differently: place to bytes."""
    changed = {}
    away = _attached(names)
    for document in names.definitions:
        if document.root.find(f".//{MIME}multipartRelated") is None and not away:
            continue
        root = etree.fromstring(etree.tostring(document.root, encoding="utf-8"))
        for related in root.findall(f".//{MIME}multipartRelated"):
            _flatten(related)
        for part in root.findall(f"{_AT}message/{_AT}part"):
            message = part.getparent()
            if message is not None and (message.get("name"), part.get("name")) in away:
                message.remove(part)
        changed[document.place] = etree.tostring(root, encoding="utf-8")
    return changed


def attachments(bound: etree._Element) -> tuple[tuple[str, str], ...]:
    """The attachments of a binding's input or output: part and media type."""
    return tuple(
        (node.get("part", ""), node.get("type", ""))
        for node in bound.iter(f"{MIME}content")
    )


def _attached(names: Names) -> set[tuple[str, str]]:
    """Message and part of everything that travels beside the envelope."""
    found: set[tuple[str, str]] = set()
    for (kind, _, _), (_, binding) in names.defined.items():
        if kind != "binding":
            continue
        for operation in binding.iterfind(f"{_AT}operation"):
            for way in ("input", "output"):
                for bound in operation.iterfind(f"{_AT}{way}"):
                    parts = {part for part, _ in attachments(bound)}
                    message = _message(names, operation.get("name", ""), way)
                    found |= {(message, part) for part in parts}
    return found


def _message(names: Names, operation: str, way: str) -> str:
    for (kind, _, _), (_, node) in names.defined.items():
        if kind == "portType":
            path = f"{_AT}operation[@name='{operation}']/{_AT}{way}"
            found = node.find(path)
            if found is not None:
                return str(found.get("message", "").rpartition(":")[2])
    return ""


def _flatten(related: etree._Element) -> None:
    parent = related.getparent()
    if parent is None:
        return
    for part in related.findall(f"{MIME}part"):
        for child in list(part):
            if not str(child.tag).startswith(MIME):
                parent.append(child)
    parent.remove(related)
