"""The server side of any WSDL: its requests judged by its schemas, its answers made.

What ``hub new-adapter --wsdl`` makes serves the vendor's own description with this.
Answers are written by zeep, so an answer that does not fit the WSDL cannot be given.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import etree
from starlette.responses import Response

from hub.contract.messages import Record, Tree
from hub.wire.soap_envelope import SOAP_11, SOAP_12
from hub.wire.trees import element_tree
from hub.wire.wsdl import load_wsdl
from hub.wire.wsdl_describe import Operation, describe
from hub.wire.wsdl_shape import Node
from tests.simulators.soap import SoapFault

_NIL = ("true", "1")
#: attributes of XML Schema's own, which no type declares
_INSTANCE = ("@nil", "@schemaLocation", "@noNamespaceSchemaLocation")
_MEDIA = {"1.1": "text/xml", "1.2": "application/soap+xml"}


class Speaker:
    """One WSDL, spoken by the agency."""

    def __init__(self, path: Path) -> None:
        """Read the WSDL."""
        self._wsdl = load_wsdl(path)
        self._service = describe(self._wsdl)
        self._space = SOAP_11 if self._wsdl.version == "1.1" else SOAP_12

    def asked(self, body: bytes, media: str) -> tuple[str, Record]:
        """The operation called and its parts; raises ``SoapFault``."""
        if not media.startswith(_MEDIA[self._wsdl.version]):
            raise SoapFault("Client.Schema", f"media type {media}")
        element = self._opened(body)
        name = etree.QName(element.tag).localname
        for one in self._service.operations:
            if name in (one.wrapper, *(node.name for node in one.input)):
                self._judge(one, element)
                tree = element_tree(element)
                return one.name, tree if isinstance(tree, dict) else {}
        raise SoapFault("Client.Schema", f"unknown operation {name}")

    def _opened(self, body: bytes) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            envelope = etree.fromstring(body, parser)
        except etree.XMLSyntaxError as error:
            raise SoapFault("Client.Schema", "not well-formed") from error
        content = envelope.find(f"{{{self._space}}}Body")
        if content is None or len(content) != 1:
            raise SoapFault("VersionMismatch", "one element in the body is expected")
        return content[0]

    def _judge(self, operation: Operation, element: etree._Element) -> None:
        if operation.style == "rpc":
            return  # its parts have no schema of their own as a whole
        complaint = self._wsdl.judge.complaint(element)
        if complaint:
            raise SoapFault("Client.Schema", complaint)

    def reply(self, operation: str, tree: Record) -> Response:
        """The answer of an operation with these parts."""
        output: Any = self._wsdl.operations[operation].output
        made = output.serialize(**_spoken(tree))
        head = b'<?xml version="1.0" encoding="utf-8"?>'
        return self._response(head + etree.tostring(made.content, encoding="utf-8"))

    def blank(self, operation: str) -> Record:
        """The parts of an answer that tells nothing."""
        found = next(one for one in self._service.operations if one.name == operation)
        return _blank(found.output)

    def fault(self, fault: SoapFault) -> Response:
        """A fault in the WSDL's version of SOAP."""
        if self._space == SOAP_11:
            told = (
                f"<s:Fault><faultcode>s:{fault.code}</faultcode>"
                "<faultstring>refused</faultstring></s:Fault>"
            )
        else:
            told = (
                "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>"
                f"{fault.code}</s:Value></s:Subcode></s:Code><s:Reason>"
                '<s:Text xml:lang="en">refused</s:Text></s:Reason></s:Fault>'
            )
        body = (
            f'<s:Envelope xmlns:s="{self._space}"><s:Body>{told}</s:Body></s:Envelope>'
        )
        return self._response(body.encode(), 500)

    def _response(self, body: bytes, status: int = 200) -> Response:
        media = f"{_MEDIA[self._wsdl.version]}; charset=utf-8"
        return Response(body, status, media_type=media)


def _spoken(tree: Any) -> Any:
    """A tree of the wire as zeep takes it: attributes bare, what is nil as nothing."""
    if isinstance(tree, list):
        return [_spoken(one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if tree.get("@nil") in _NIL:
        return None
    told = {name: one for name, one in tree.items() if name not in _INSTANCE}
    return {_word(name): _spoken(one) for name, one in told.items()}


def _word(name: str) -> str:
    return "_value_1" if name == "#text" else name.removeprefix("@")


def _blank(nodes: Sequence[Node]) -> Record:
    told = [one for one in nodes if one.required and not one.choice]
    return {one.name: _blank(one.children) or _plain(one) for one in told}


def _plain(node: Node) -> str:
    if node.words:
        return node.words[0]
    local = node.type.rpartition("}")[2]
    known = {"dateTime": "2023-08-01T09:30:00", "date": "2023-08-01"}
    return known.get(local, "0" if local not in ("string", "") else "")


def at(tree: Tree, path: str) -> str:
    """The text at a path of the parts; empty where there is none."""
    for name in path.split("/") if path else ():
        tree = tree.get(name) if isinstance(tree, dict) else None
    return tree if isinstance(tree, str) else ""


def nested(path: str, value: Any) -> Record:
    """A tree with this value at a path."""
    for name in reversed(path.split("/")):
        value = {name: value}
    return dict(value)
