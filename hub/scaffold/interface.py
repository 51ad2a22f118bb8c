"""A WSDL judged and read: which operation may do what, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hub.errors import RequestInvalid
from hub.wire.wsdl import load_wsdl
from hub.wire.wsdl_describe import Operation, Service, describe
from hub.wire.wsdl_shape import Node

_LIST = re.compile(
    r"list|query|search|change|find|getall|all$|cx|lb|bg|列表|查询|变更", re.I
)
_DETAIL = re.compile(r"detail|get|one|info|xq|read|详情", re.I)
_PUSH = re.compile(
    r"receive|push|submit|send|accept|save|import|upload|notify|add"
    r"|js$|ts$|tj|接收|推送|提交",
    re.I,
)
_PROBE = re.compile(
    r"ping|status|version|health|heart|echo|time|zt$|bb|状态|版本|心跳", re.I
)
#: role of a parameter -> how it may be named
_ROLES = {
    "secret": re.compile(r"pass|pwd|secret|token|authoriz|kl$|mm$|key$", re.I),
    "account": re.compile(r"user|account|sender|client|appid|yhm|zh$|login", re.I),
    "size": re.compile(r"size|rows|limit|count|mys|perpage|max|num(ber)?$", re.I),
    "page": re.compile(r"page|index|ym$|dqy|offset$", re.I),
    "until": re.compile(r"end|until|to(time|date)?$|jssj|zzsj|sjz$", re.I),
    "since": re.compile(
        r"since|start|begin|from|after|last|gxsj|xgsj|kssj|qssj|q$"
        r"|time|date|modif|updat",
        re.I,
    ),
}
_XSD = "{http://www.w3.org/2001/XMLSchema}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One decision about the interface, and why."""

    what: str
    why: str


@dataclass(slots=True)
class Interface:
    """What is proposed of a WSDL. Paths are names joined by ``/``.

    ``text`` is where XML stands as text in the list's answer; ``rows`` is where the
    records stand in it. ``always`` are values of parameters nobody has a role for.
    """

    path: Path
    service: Service
    list: Operation
    rows: str = ""
    text: str = ""
    record: Node | None = None
    roles: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    always: dict[str, str] = field(default_factory=dict)
    why: dict[str, Choice] = field(default_factory=dict)


def read_interface(path: Path) -> Interface:
    """Judge a WSDL and propose its use.

    Raises ``InterfaceInvalid`` with the judge's remedy, and ``RequestInvalid`` where no
    operation gives records.
    """
    if path.is_dir():
        zh = f"{path} 是文件夹，请给出其中的 WSDL 文件"
        en = f"{path} is a folder; name the WSDL in it"
        raise RequestInvalid(zh, en, where="--wsdl")
    if not path.is_file():
        raise RequestInvalid(
            f"没有文件 {path}", f"There is no file {path}", where="--wsdl"
        )
    service = describe(load_wsdl(path))
    found = max(service.operations, key=_as_list, default=None)
    if found is None or _as_list(found) <= 0:
        names = ", ".join(one.name for one in service.operations)
        raise RequestInvalid(
            f"WSDL 中没有能列出记录的操作；现有：{names}",
            f"No operation of this WSDL gives a list of records; there are: {names}",
            where="--wsdl",
        )
    made = Interface(path, service, found)
    _rows(made)
    _parameters(made)
    _others(made)
    return made


def _as_list(operation: Operation) -> float:
    """How likely an operation lists changed records; 0 or less: it cannot."""
    if not operation.output:
        return 0
    repeated = list(_repeated(operation.output))
    carrier = [path for path, node in leaves(operation.output) if node.looks_like_xml]
    if not repeated and not carrier:
        return 0
    names = [path.rpartition("/")[2] for path, _ in leaves(operation.input)]
    roles = {role_of(name) for name in names}
    told = 3.0 if repeated else 1.0
    told += 3 * bool(_LIST.search(operation.name)) + 2 * ("since" in roles)
    told += ("page" in roles) + ("size" in roles)
    told += min(3.0, max((len(node.children) for _, node in repeated), default=0) / 4)
    carries = any(node.looks_like_xml for _, node in leaves(operation.input))
    return told - 4 * bool(_PUSH.search(operation.name)) - 5 * carries


def _repeated(nodes: Sequence[Node], path: str = "") -> Iterator[tuple[str, Node]]:
    """Every repeated element with children, the outermost only."""
    for node in nodes:
        here = f"{path}/{node.name}".lstrip("/")
        if node.repeated and node.children:
            yield here, node
        else:
            yield from _repeated(node.children, here)


def leaves(nodes: Sequence[Node], path: str = "") -> Iterator[tuple[str, Node]]:
    """Every element without children, by the path an adapter passes it."""
    for node in nodes:
        here = f"{path}/{node.part or node.name}".lstrip("/")
        if node.children:
            yield from leaves(node.children, here)
        else:
            yield here, node


def role_of(name: str) -> str:
    """What a parameter is for, by its name; empty if that does not tell."""
    return next((role for role, form in _ROLES.items() if form.search(name)), "")


def _rows(made: Interface) -> None:
    found = _repeated(made.list.output)
    repeated = sorted(found, key=lambda one: -len(one[1].children))
    carrier = [(p, n) for p, n in leaves(made.list.output) if n.looks_like_xml]
    why = made.list.documentation or "by its name and what it gives"
    made.why["list"] = Choice(made.list.name, why.splitlines()[0][:80])
    if repeated:
        made.rows, made.record = repeated[0]
        made.why["rows"] = Choice(made.rows, "the only repeated element with children")
        if len(repeated) > 1:
            made.why["rows"] = Choice(made.rows, "the repeated element that tells most")
    else:
        made.text = carrier[0][0]
        reason = {"name": "its name says XML", "documentation": "its words say XML"}
        why = reason.get(carrier[0][1].looks_like_xml, "it is the only text given back")
        made.why["text"] = Choice(made.text, f"XML stands in it as text: {why}")


def _parameters(made: Interface) -> None:
    for path, node in leaves(made.list.input):
        role = role_of(path.rpartition("/")[2])
        if role in ("until", "") or role in made.roles:
            if node.required or role == "until":
                made.always[path] = _value(node, role)
            continue
        made.roles[role] = path
        made.types[role] = node.type.removeprefix(_XSD)
        made.why[role] = Choice(path, f"named like the {_SPOKEN[role]}")


_SPOKEN = {
    "secret": "secret",
    "account": "account",
    "size": "number of rows on a page",
    "page": "number of the page",
    "since": "time from which changes are asked for",
}


def _value(node: Node, role: str) -> str:
    """A value for a parameter that must be told and that nobody knows."""
    kind = node.type.removeprefix(_XSD)
    if role == "until":
        return {"dateTime": "2099-12-31T00:00:00", "date": "2099-12-31"}.get(
            kind, "2099-12-31 00:00:00"
        )
    if node.words:
        return node.words[0]
    numbers = ("int", "integer", "long", "short", "decimal")
    given = {"boolean": "false", "dateTime": "1900-01-01T00:00:00"}
    return "0" if kind in numbers else given.get(kind, "")


def _others(made: Interface) -> None:
    rest = [one for one in made.service.operations if one.name != made.list.name]
    for one in rest:
        free = [p for p, n in leaves(one.input) if not _is_who(p) and n.required]
        doc = (one.documentation or "by its name").splitlines()[0][:80]
        if _PROBE.search(one.name) and not free:
            made.why.setdefault("probe", Choice(one.name, doc))
        elif _PUSH.search(one.name):
            made.why.setdefault("push", Choice(one.name, doc))
        elif len(free) == 1 and _DETAIL.search(one.name):
            made.why.setdefault("detail", Choice(one.name, doc))


def _is_who(path: str) -> bool:
    return role_of(path.rpartition("/")[2]) in ("account", "secret")
