"""The rules a hand-over must meet before it is accepted. Pure; all faults at once.

Only form, jurisdiction, completeness and the state of the procedure are looked
at. Whether the evidence is strong enough is never a rule here (PR 157).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import cast

from hub.contract.endpoint import Endpoint
from hub.contract.messages import Record, Tree
from hub.errors import Fault, Text, TransferNotAcceptable
from hub.mapping.code_tables.tables import Row, Tables

_ON_BAIL = frozenset({"BAIL", "BAIL_GUARANTOR", "BAIL_DEPOSIT"})
_IN_CUSTODY = frozenset({"CRIMINAL_DETENTION", "ARREST"})


def fault(where: str, rule: str, zh: str, en: str) -> Fault:
    """One reason why a hand-over cannot be sent as it stands."""
    return Fault(TransferNotAcceptable.code, where, Text(zh, en), rule=rule)


def no_node(code: str) -> Fault:
    """The node does not exist."""
    zh, en = f"没有业务节点 {code}", f"There is no node {code}"
    return fault("node", "node", zh, en)


def no_agency(where: str, code: str) -> Fault:
    """The agency does not exist."""
    zh, en = f"单位代码 {code} 不存在", f"There is no agency {code}"
    return fault(where, "agency", zh, en)


def sides(tables: Tables, node: Row, sender: str, receiver: str) -> Iterator[Fault]:
    """Both agencies are known, differ, and are of the kinds this node goes between."""
    if sender == receiver:
        yield fault(
            "receiver",
            "sides",
            "接收单位不能是移送单位本身",
            "The receiver cannot be the sender itself",
        )
    for where, agency in (("sender", sender), ("receiver", receiver)):
        row = tables.table("agency").row(agency)
        if row is None:
            yield no_agency(where, agency)
            continue
        wanted = set(node.value(where).split("|"))
        if wanted.isdisjoint({row.value("type"), row.value("acts_as"), "any"}):
            yield fault(
                where,
                "sides",
                f"{node.name_zh}的{'移送' if where == 'sender' else '接收'}单位应为"
                f" {'、'.join(sorted(wanted))}，{row.name_zh}不是",
                f"The {where} of {node.code} is a {' or '.join(sorted(wanted))};"
                f" {agency} is none",
            )


def choose(
    receivers: Sequence[Endpoint], homes: Collection[str], agency: str, node: str
) -> Endpoint | Fault:
    """Which endpoint of the receiver: where the case lives, else one that takes new."""
    at_home = [one for one in receivers if one.code in homes]
    open_to_new = [one for one in receivers if one.accepts_new]
    chosen = next(iter([*at_home, *open_to_new]), None)
    if chosen is not None:
        return chosen
    return fault(
        "receiver",
        "route",
        f"单位 {agency} 没有可接收 {node} 的接入点",
        f"No endpoint of {agency} receives {node}",
    )


def documents(
    tables: Tables, node: Row, record: Record, persons: Sequence[Record], today: date
) -> Iterator[Fault]:
    """The documents this node asks for are in the case.

    A conditional one is asked for where its condition can be computed and holds;
    conditions that need a person's judgment are left to the receiver's intake.
    """
    there = {str(paper.get("type")) for paper in _records(record.get("documents"))}
    for code in _wanted(node, persons, today):
        if code not in there:
            row = tables.table("document_type").row(code)
            zh, en = (row.name_zh, row.name_en) if row else (code, code)
            yield fault(
                f"documents.{code}",
                "documents",
                f"缺少文书：{zh}（{code}）",
                f"The case lacks a document: {en} ({code})",
            )


def stages(tables: Tables, node: Row, persons: Sequence[Record]) -> Iterator[Fault]:
    """Each person is at a stage of the procedure in which this node is possible."""
    row = tables.table("node_stage").row(node.code)
    if row is None:
        return
    allowed = row.value("stages").split(";")
    for place, person in enumerate(persons):
        stage = str(person.get("stage") or "")
        if stage in allowed:
            continue
        known = tables.table("stage").row(stage)
        zh = known.name_zh if known else "未知"
        yield fault(
            f"persons[{place}].stage",
            "stage",
            f"当前诉讼阶段（{zh}）不能{node.name_zh}",
            f"{node.code} is not possible at the stage {stage or 'unknown'}",
        )


def _wanted(node: Row, persons: Sequence[Record], today: date) -> Iterator[str]:
    yield from filter(None, node.value("required_docs").split(";"))
    for item in filter(None, node.value("conditional_docs").split(";")):
        code, _, condition = item.partition("?")
        holds = _CONDITIONS.get(condition)
        if holds is not None and any(holds(person, today) for person in persons):
            yield code


def _measure_now(person: Record, today: date) -> str:
    """The compulsory measure in force; there is at most one at a time."""
    begun = sorted(
        (str(one.get("started_on") or ""), place, one)
        for place, one in enumerate(_records(person.get("measures")))
    )
    if not begun:
        return ""
    last = begun[-1][2]
    ends = str(last.get("ends_on") or "9999-12-31")
    return str(last.get("kind") or "") if ends >= today.isoformat() else ""


_CONDITIONS: Mapping[str, Callable[[Record, date], bool]] = MappingProxyType(
    {
        "if_on_bail": lambda person, today: _measure_now(person, today) in _ON_BAIL,
        "if_in_custody": lambda person, today: (
            _measure_now(person, today) in _IN_CUSTODY
        ),
    }
)


def _records(value: Tree) -> list[Record]:
    return [cast("Record", item) for item in value] if isinstance(value, list) else []
