"""One request: zeep writes the envelope, the vendor's schemas judge it, we sign it.

Nothing is sent that the WSDL does not allow: a fault of ours is found here, and not
by an agency that answers with a code of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from hub.contract.messages import Tree
from hub.errors import ManifestInvalid
from hub.wire.faults_web import FOREIGN
from hub.wire.soap_envelope import SPACES
from hub.wire.soap_parts import File, packed
from hub.wire.soap_security import Security
from hub.wire.soap_values import Misfit, Writer
from hub.wire.wsdl import Wsdl

#: version -> media type of an envelope
_MEDIA = {"1.1": "text/xml", "1.2": "application/soap+xml"}
#: encodings that agencies ask for; GB18030 is written for GBK, which it contains
ENCODINGS = {"utf-8": "utf-8", "gbk": "GBK", "gb2312": "GB2312", "gb18030": "GB18030"}


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked: an operation, its parts, SOAP headers and files beside it.

    ``parts`` are written as ``hub.wire.soap_values`` says; a body that is one simple
    value is ``{"#text": value}``. A header is named as the WSDL's part of it, or
    ``{namespace}name`` where the WSDL knows nothing of it. ``files`` go beside the
    envelope as they are (SwA); files inside ``parts`` are ``Enclosed`` (MTOM).
    """

    operation: str
    parts: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """The bytes of a request and the headers of HTTP that go with them."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str]


def request(
    wsdl: Wsdl, call: Call, encoding: str = "utf-8", security: Security | None = None
) -> Request:
    """Write a request; raises ``ManifestInvalid`` if it does not fit the WSDL.

    Every call makes it anew: nonce and times of the security header may not repeat.
    """
    where = f"{wsdl.path.name}#{call.operation}"
    operation = wsdl.operations.get(call.operation)
    if operation is None:
        raise _unfit(where, "no such operation")
    writer = Writer(wsdl.types)
    try:
        envelope = _envelope(wsdl, operation, call, writer)
        _judge(wsdl, operation, envelope)
        writer.enclose(envelope)
        if security:
            security.apply(envelope)
        content = _written(envelope, encoding)
        media, headers = _headers(wsdl, operation, encoding)
        files = [*writer.enclosed.values(), *call.files]
        if files:
            is_mtom = bool(writer.enclosed)
            content, media = packed(content, media, files, is_mtom=is_mtom)
    except Misfit as error:
        raise _unfit(f"{where}/{error.where}", str(error)) from error
    except FOREIGN as error:
        raise _unfit(where, _told(error)) from error
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        raise _unfit(where, type(error).__name__) from error
    return Request(content, {**headers, "Content-Type": media})


def is_one_way(wsdl: Wsdl, operation: str) -> bool:
    """Does the WSDL say that nothing comes back?"""
    return wsdl.operations[operation].output is None


def has_result(wsdl: Wsdl, operation: str) -> bool:
    """Does the WSDL say that something stands in the answer's body?"""
    output = wsdl.operations[operation].output
    return output is not None and (
        wsdl.operations[operation].style == "rpc" or output.body is not None
    )


def _written(envelope: etree._Element, encoding: str) -> bytes:
    """The bytes; what an encoding lacks is written as a character reference."""
    name: Any = ENCODINGS[encoding]
    content: bytes = etree.tostring(envelope, encoding=name, xml_declaration=True)
    return content


def _envelope(wsdl: Wsdl, operation: Any, call: Call, writer: Writer) -> etree._Element:
    message = operation.input
    told = {k: v for k, v in call.headers.items() if not k.startswith("{")}
    loose = {k: v for k, v in call.headers.items() if k.startswith("{")}
    parts = _arguments(message, call.parts, writer)
    if told:
        parts["_soapheaders"] = writer.fields(told, message.header.type, "header")
    envelope: etree._Element = message.serialize(**parts).content
    if loose:
        _append_headers(envelope, SPACES[wsdl.version], loose)
    return envelope


def _arguments(
    message: Any, parts: Mapping[str, Any], writer: Writer
) -> dict[str, Any]:
    if message.body is None:
        if parts:
            raise Misfit(next(iter(parts)), "the message has no parts")
        return {}
    kind = message.body.type
    if set(parts) == {"#text"} and not getattr(kind, "elements", None):
        return {"value": writer.value(parts["#text"], kind, "#text")}
    if "@type" in parts:
        raise Misfit("@type", "a body's own type is the WSDL's")
    return writer.fields(parts, kind, "")


def _append_headers(
    envelope: etree._Element, space: str, loose: Mapping[str, Any]
) -> None:
    head = envelope.find(f"{{{space}}}Header")
    if head is None:
        head = etree.Element(f"{{{space}}}Header")
        envelope.insert(0, head)
    for name, tree in loose.items():
        head.append(_loose(name, tree))


def _loose(name: str, tree: Tree) -> etree._Element:
    """An element and its children, all of one namespace."""
    element = etree.Element(name)
    space = name.partition("}")[0] + "}"
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key.startswith("@"):
                element.set(key[1:], str(value))
            elif key == "#text":
                element.text = str(value)
            else:
                for one in value if isinstance(value, list) else [value]:
                    element.append(_loose(space + key, one))
    elif tree is not None:
        element.text = str(tree)
    return element


def _judge(wsdl: Wsdl, operation: Any, envelope: etree._Element) -> None:
    body = envelope.find(f"{{{SPACES[wsdl.version]}}}Body")
    message = operation.input.abstract
    for child in () if body is None else body:
        if operation.style == "rpc":
            name = "" if message is None else message.name.localname
            found = [wsdl.judge.part_complaint(name, part) for part in child]
        else:
            found = [wsdl.judge.complaint(child)]
        told = next((one for one in found if one), "")
        if told:
            raise Misfit(etree.QName(child.tag).localname, told)


def _headers(wsdl: Wsdl, operation: Any, encoding: str) -> tuple[str, dict[str, str]]:
    action = operation.soapaction or ""
    if '"' in action or not action.isprintable():
        raise Misfit("soapAction", "it cannot stand in a header")
    media = f"{_MEDIA[wsdl.version]}; charset={encoding}"
    if wsdl.version == "1.1":
        return media, {"SOAPAction": f'"{action}"'}
    return (f'{media}; action="{action}"' if action else media), {}


def _told(error: BaseException) -> str:
    """The place zeep names; not its sentence, which may quote a value."""
    path = getattr(error, "path", None)
    place = "/".join(str(one) for one in path) if path else ""
    return f"{type(error).__name__} {place}".strip()


def _unfit(where: str, why: str) -> ManifestInvalid:
    return ManifestInvalid(
        f"请求与 WSDL 不符或含有 XML 不允许的字符（{why}）",
        f"The request does not fit the WSDL, or holds characters that XML forbids"
        f" ({why})",
        where=where,
        detail=why,
    )
