"""SOAP envelopes of both versions: opened, and their faults read.

Answers are read by our own tree reader: nothing is converted, and what is no
envelope is refused with its place and without its text.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from hub.contract.messages import Tree
from hub.errors import RecordUnreadable
from hub.wire.soap_parts import is_package, unpacked
from hub.wire.trees import element_tree, xml_element

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
#: version -> namespace of the envelope
SPACES = {"1.1": SOAP_11, "1.2": SOAP_12}
#: fault codes longer than this say nothing
_LONGEST_CODE = 200


@dataclass(frozen=True, slots=True)
class SoapFault:
    """The codes of a fault without their prefixes, the most telling one first."""

    codes: tuple[str, ...]


def body_element(content: bytes, media: str = "") -> etree._Element:
    """The one element in a SOAP envelope's body; raises ``RecordUnreadable``.

    Of a multipart answer the root part counts.
    """
    found = body_of(content, media)
    if found is None:
        raise RecordUnreadable(
            "SOAP 信封里没有内容", "The SOAP envelope's body holds nothing"
        )
    return found


def body_of(content: bytes, media: str = "") -> etree._Element | None:
    """The same, but an empty body is ``None``: what answers a call without result."""
    if is_package(media):
        package = unpacked(content, media)
        content, media = package.root, package.root_media
    envelope = xml_element(content, charset(media))
    name = etree.QName(envelope.tag)
    if name.localname != "Envelope" or name.namespace not in SPACES.values():
        raise RecordUnreadable("应答不是 SOAP 信封", "The answer is no SOAP envelope")
    bodies = envelope.findall(f"{{{name.namespace}}}Body")
    if len(bodies) != 1 or len(bodies[0]) > 1:
        raise RecordUnreadable(
            "SOAP 信封须有一个 Body，其中至多一个元素",
            "A SOAP envelope has one body with one element at most",
        )
    return bodies[0][0] if len(bodies[0]) else None


def body_tree(content: bytes, media: str = "") -> Tree:
    """The tree of what stands in a SOAP body; raises ``RecordUnreadable``."""
    return element_tree(body_element(content, media))


def fault_of(element: etree._Element) -> SoapFault | None:
    """The fault that a body holds, of either version."""
    if element.tag == f"{{{SOAP_11}}}Fault":
        # some stacks put the parts into the envelope's namespace, against the book
        found = element.findtext("faultcode") or element.findtext(
            f"{{{SOAP_11}}}faultcode"
        )
        return SoapFault((_local(found),))
    if element.tag == f"{{{SOAP_12}}}Fault":
        at = f"{{{SOAP_12}}}"
        codes = element.iterfind(f"{at}Code//{at}Value")
        return SoapFault(tuple(_local(code.text) for code in codes)[::-1] or ("",))
    return None


def charset(media: str) -> str:
    """The charset that a media type claims, or nothing."""
    _, _, found = media.lower().partition("charset=")
    return found.partition(";")[0].strip(" \"'")


def _local(code: str | None) -> str:
    return (code or "").strip().rpartition(":")[2][:_LONGEST_CODE]
