"""A loaded WSDL as plain data: what can be asked, with what, and what comes back.

For whoever writes a mapping or a new adapter from it. Nothing here guesses a
meaning: the only judgement is ``looks_like_xml``, which says why a text is likely to
carry XML of its own, as they do in these systems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from hub.wire.wsdl import Wsdl
from hub.wire.wsdl_files import VendorFile
from hub.wire.wsdl_mime import attachments
from hub.wire.wsdl_names import WSDL, XSD
from hub.wire.wsdl_ports import Spoken, message_of, operations, ports, style_of
from hub.wire.wsdl_shape import Node, Shaper, documentation

_AT = f"{{{WSDL}}}"
_TEXTS = frozenset({"string", "anyType", "anySimpleType", "normalizedString", "token"})
_NAMED = re.compile(r"xml|报文|bw$|baowen|cdata", re.IGNORECASE)
_CARRIERS = frozenset(
    {"return", "result", "out", "in", "arg0", "request", "response", "content", "data"}
    | {"message", "msg", "param", "params", "input", "output", "body"}
)
_WHO = re.compile(r"user|pass|pwd|token|account|sender|auth|yhm|kl$|pj$|mm$", re.I)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what goes in and comes out, as trees of nodes.

    ``input`` and ``output`` are the parts as an adapter passes and sees them: the
    children of the wrapper where there is one (``wrapper``), else the parts.
    ``attachments`` are part and media type of what travels beside the envelope.
    """

    name: str
    action: str
    style: str
    one_way: bool
    documentation: str
    wrapper: str
    input: tuple[Node, ...]
    output: tuple[Node, ...]
    headers: tuple[Node, ...] = ()
    faults: tuple[str, ...] = ()
    attachments: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """A WSDL by one of its ports (服务描述); ``ports`` are all that speak SOAP.

    ``unjudged`` says why requests cannot be judged by the schemas, if so.
    """

    name: str
    namespace: str
    port: str
    version: str
    ports: tuple[tuple[str, str], ...]
    files: tuple[VendorFile, ...]
    operations: tuple[Operation, ...]
    unjudged: str = ""

    def operation(self, name: str) -> Operation:
        """One of them; raises ``KeyError``."""
        return {one.name: one for one in self.operations}[name]


def describe(wsdl: Wsdl) -> Service:
    """The description of a loaded WSDL; pure."""
    spoken, names = wsdl.spoken, wsdl.names
    return Service(
        name=spoken.service,
        namespace=names.definitions[0].namespace,
        port=spoken.port,
        version=spoken.version,
        ports=tuple((one.port, one.version) for one in ports(names)),
        files=wsdl.files,
        operations=tuple(_operations(wsdl)),
        unjudged=wsdl.judge.why_not,
    )


def texts(nodes: tuple[Node, ...], path: str = "") -> Iterator[tuple[str, Node]]:
    """Every leaf below, with its path (``Aj/Ry[]/Xm``)."""
    for node in nodes:
        here = f"{path}/{node.name}".lstrip("/") + ("[]" if node.repeated else "")
        if node.children:
            yield from texts(node.children, here)
        else:
            yield here, node


def _operations(wsdl: Wsdl) -> Iterator[Operation]:
    spoken, names = wsdl.spoken, wsdl.names
    abstract = {node.get("name"): node for node in operations(names, spoken)}
    for bound in spoken.binding.iterfind(f"{_AT}operation"):
        name = bound.get("name", "")
        node = abstract[name]
        style = style_of(spoken, bound)
        wrapper, given = _parts(wsdl, node, bound, "input")
        _, back = _parts(wsdl, node, bound, "output")
        yield Operation(
            name=name,
            action=wsdl.operations[name].soapaction or "",
            style=style,
            one_way=node.find(f"{_AT}output") is None,
            documentation=documentation(node),
            wrapper=wrapper,
            input=_suspected(given, "in"),
            output=_suspected(back, "out"),
            headers=tuple(_headers(wsdl, bound)),
            faults=tuple(one.get("name", "") for one in node.iterfind(f"{_AT}fault")),
            attachments=attachments(bound),
        )


def _parts(
    wsdl: Wsdl, node: etree._Element, bound: etree._Element, way: str
) -> tuple[str, tuple[Node, ...]]:
    """Name of the wrapper, if any, and what stands in it."""
    spoken, names = wsdl.spoken, wsdl.names
    found = message_of(names, node, way)
    inside = [] if found is None else list(_inside(spoken, found[1], bound, way))
    shaper = Shaper(names)
    nodes = tuple(shaper.part(part) for part in inside)
    if style_of(spoken, bound) == "rpc":
        return node.get("name", ""), nodes
    if len(nodes) == 1 and nodes[0].kind == "tree":
        return nodes[0].name, nodes[0].children
    return "", nodes


def _inside(
    spoken: Spoken, message: etree._Element, bound: etree._Element, way: str
) -> Iterator[etree._Element]:
    """The parts of a message that stand in the envelope's body."""
    outer = bound.find(f"{_AT}{way}")
    away: set[str] = set()
    if outer is not None:
        away = {part for part, _ in attachments(outer)}
        heads = outer.iter(f"{{{spoken.space}}}header")
        away |= {head.get("part", "") for head in heads}
    for part in message.iterfind(f"{_AT}part"):
        if part.get("name", "") not in away:
            yield part


def _headers(wsdl: Wsdl, bound: etree._Element) -> Iterator[Node]:
    spoken, names = wsdl.spoken, wsdl.names
    path = f"{_AT}input/{{{spoken.space}}}header"
    for head in bound.iterfind(path):
        local = head.get("message", "").rpartition(":")[2]
        for (kind, _, name), (_, message) in names.defined.items():
            if (kind, name) == ("message", local):
                for part in message.iterfind(f"{_AT}part"):
                    if part.get("name") == head.get("part"):
                        yield Shaper(names).part(part)


def _suspected(nodes: tuple[Node, ...], way: str) -> tuple[Node, ...]:
    """The same nodes, with the reason where a text is likely to carry XML."""
    strings = [one for _, one in texts(nodes) if _is_text(one)]
    mine = [one for one in strings if not _WHO.search(one.name)]
    sole = mine[0] if len(mine) == 1 else None

    def seen(node: Node) -> Node:
        if node.children:
            return node.replaced(children=tuple(seen(one) for one in node.children))
        return node.replaced(looks_like_xml=_why(node, way, is_sole=node is sole))

    return tuple(seen(node) for node in nodes)


def _is_text(node: Node) -> bool:
    local = node.type.rpartition("}")[2]
    is_ours = node.type.startswith(f"{{{XSD}}}") and local in _TEXTS
    return node.kind == "text" and is_ours and not node.words and not node.attribute


def _why(node: Node, way: str, *, is_sole: bool) -> str:
    if not _is_text(node):
        return ""
    name = node.name.lower()
    if _NAMED.search(node.name):
        return "name"
    if _NAMED.search(node.documentation) or "<" in node.documentation:
        return "documentation"
    is_back = name.endswith(("return", "result")) and way == "out"
    if is_sole and (name in _CARRIERS or is_back):
        return "sole"
    return ""
