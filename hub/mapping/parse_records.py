"""The ``records`` half of a mapping file: how raw fields become canonical ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.contract.messages import Tree
from hub.errors import Text
from hub.mapping.check import Check, inner_kind
from hub.mapping.convert import Converter
from hub.mapping.path import Path
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.take import Lookup, reading
from hub.records.shape import SHAPES

RECORD_KEYS = ("kind", "root", "fields", "ignore", "note")
RULE_KEYS = (
    "from",
    "each",
    "split",
    "join",
    "record",
    "convert",
    "table",
    "by",
    "constant",
    "unknown",
    "required",
    "note",
)
_PYTHON_TYPES: dict[str, type] = {"text": str, "int": int, "flag": bool}


@dataclass(slots=True)
class RecordParser:
    """Parses the named records of one file, each once, nested ones first."""

    check: Check
    sections: dict[str, Any]
    done: dict[str, RecordRules] = field(default_factory=dict)
    underway: list[str] = field(default_factory=list)

    def all(self) -> dict[str, RecordRules]:
        """Every record of the file by name."""
        for name in self.sections:
            self.record(name)
        return self.done

    def record(self, name: str) -> RecordRules | None:
        """One record by name; ``None``, with a fault noted, where it is none."""
        place = f"records.{name}"
        if name in self.done:
            return self.done[name]
        if name in self.underway:
            self.check.fault(place, "记录相互嵌套成环", "records nest in a circle")
            return None
        body = self.check.dict(place, self.sections[name])
        self.check.keys(place, body, RECORD_KEYS)
        kind = body.get("kind", name)
        if kind not in SHAPES:
            word = Text("规范记录", "canonical kind")
            self.check.unknown(place, kind, SHAPES, word)
            return None
        self.underway.append(name)
        found = self._body(name, kind, place, body)
        self.underway.remove(name)
        self.done[name] = found
        return found

    def _body(
        self, name: str, kind: str, place: str, body: dict[str, Any]
    ) -> RecordRules:
        check = self.check
        root = check.paths(f"{place}.root", body.get("root"))
        ignore: dict[Path, str] = {}
        told = check.dict(f"{place}.ignore", body.get("ignore"))
        for text, reason in told.items():
            for path in check.paths(f"{place}.ignore.{text}", text):
                ignore[path] = str(reason)
            if not isinstance(reason, str) or not reason.strip():
                check.fault(
                    f"{place}.ignore.{text}", "须说明理由", "a reason is asked for"
                )
        rules = []
        wholes: frozenset[str] = frozenset()
        fields = check.dict(f"{place}.fields", body.get("fields"))
        if not fields:
            check.fault(place, "缺少 fields", "fields are missing")
        for target, rule in fields.items():
            spot = f"{place}.fields.{target}"
            if target not in SHAPES[kind]:
                word = Text("规范字段", "canonical field")
                check.unknown(spot, target, SHAPES[kind], word)
                continue
            parsed = self._rule(spot, target, SHAPES[kind][target], rule)
            if parsed is not None:
                rules.append(parsed)
                wholes |= self._wholes(parsed, rule)
        return RecordRules(
            name,
            kind,
            tuple(rules),
            root[0] if root else None,
            ignore,
            wholes=wholes,
        )

    def _wholes(self, rule: Rule, body: dict[str, Any]) -> frozenset[str]:
        """The raw codes of a rule that looks up the element itself."""
        if not any(path.steps == () for path in rule.sources) or rule.inner:
            return frozenset()
        lookup = self.check.lookup("", body.get("table"), body.get("by"))
        return frozenset(lookup.meanings if lookup else ())

    def _rule(self, place: str, target: str, shape: str, raw: object) -> Rule | None:
        check = self.check
        before = len(check.faults)
        body = check.dict(place, raw)
        check.keys(place, body, RULE_KEYS)
        common = rule_basics(check, place, body)
        if "constant" in body:
            self._constant(place, shape, body)
            return Rule((target,), constant=body["constant"], is_borrowed=True)
        sources = check.paths(f"{place}.from", body.get("from"))
        each = check.paths(f"{place}.each", body.get("each"))
        split = split_pattern(check, place, body)
        if not sources and not each and len(check.faults) == before:
            check.fault(place, "缺少 from 或 each", "from or each is missing")
        inner = self._inner(place, shape, body)
        take = None
        if inner_kind(shape):
            self._list_shape(place, shape, body, inner)
        else:
            converters = check.convert(f"{place}.convert", body.get("convert"))
            lookup = check.lookup(f"{place}.table", body.get("table"), body.get("by"))
            self._scalar_shape(place, shape, body, converters, lookup)
            take = reading(converters, lookup)
        if len(check.faults) > before:
            return None
        plain = len(sources) == 1 and len(sources[0].steps) == 1
        return Rule(
            (target,),
            sources,
            each,
            split,
            join=body.get("join"),
            inner=inner,
            is_many=shape.startswith("many:"),
            take=take,
            key=sources[0].steps[0] if plain and not sources[0].is_absolute else "",
            hold=common[0],
            required=common[1],
            wholes=inner.wholes if inner else frozenset(),
            is_borrowed=all(path.is_absolute for path in each or sources),
        )

    def _inner(
        self, place: str, shape: str, body: dict[str, Any]
    ) -> RecordRules | None:
        name = body.get("record")
        if name is None:
            if inner_kind(shape):
                self.check.fault(place, "缺少 record", "record is missing")
            return None
        if not inner_kind(shape):
            self.check.fault(
                place, "该字段不是下级记录，不能用 record", "the field holds no record"
            )
            return None
        if name not in self.sections:
            word = Text("记录", "record")
            self.check.unknown(f"{place}.record", name, self.sections, word)
            return None
        return self.record(str(name))

    def _list_shape(
        self, place: str, shape: str, body: dict[str, Any], inner: RecordRules | None
    ) -> None:
        for key in ("convert", "table", "by", "join", "unknown"):
            if key in body:
                self.check.fault(
                    f"{place}.{key}",
                    f"{key} 不能用于下级记录",
                    f"{key} is not for nested records",
                )
        if inner is not None and inner.kind != inner_kind(shape):
            self.check.fault(
                f"{place}.record",
                f"应为 {inner_kind(shape)}，实为 {inner.kind}",
                f"the field holds {inner_kind(shape)}, the record is {inner.kind}",
            )
        if shape.startswith("many:") and not {"each", "split"} & set(body):
            self.check.fault(place, "列表须用 each 或 split", "a list asks for each")
        if shape.startswith("one:") and {"each", "split"} & set(body):
            self.check.fault(place, "单条记录须用 from", "one record asks for from")
        if {"each", "from"} <= set(body):
            self.check.fault(place, "each 与 from 只能有一个", "each or from, not both")

    def _scalar_shape(
        self,
        place: str,
        shape: str,
        body: dict[str, Any],
        converters: Sequence[Converter],
        lookup: Lookup | None,
    ) -> None:
        check = self.check
        type_, _, table = shape.partition(":")
        if "split" in body or ("each" in body) != ("join" in body):
            check.fault(
                place,
                "单个值只能用 from，或 each 加 join",
                "one value asks for from, or for each with join",
            )
        for converter in converters:
            if converter.read is None:
                check.fault(
                    f"{place}.convert",
                    f"转换器 {converter.name} 只能用于发出",
                    f"the converter {converter.name} only writes",
                )
        if type_ == "code":
            if lookup is not None and lookup.table != table:
                self._wrong_type(f"{place}.table", shape, f"table {lookup.table}")
            if "table" not in body:
                self._wrong_type(place, shape, "no table")
            return
        if lookup is not None:
            self._wrong_type(f"{place}.table", shape, f"table {lookup.table}")
        gives = converters[-1].gives if converters else "text"
        known = not body.get("convert") or converters
        if gives != type_ and known:
            self._wrong_type(place, shape, gives)

    def _constant(self, place: str, shape: str, body: dict[str, Any]) -> None:
        value: Tree = body["constant"]
        type_, _, table = shape.partition(":")
        if set(body) - {"constant", "note"}:
            self.check.fault(place, "constant 须单独使用", "constant stands alone")
        if type_ == "code":
            self.check.lookup(place, table, None)
            if self.check.tables.has(table) and not (
                isinstance(value, str) and self.check.tables.table(table).row(value)
            ):
                self.check.fault(
                    f"{place}.constant",
                    f"代码 {value} 不在代码表 {table} 中",
                    f"the code {value} does not stand in the table {table}",
                )
        elif value is None or type(value) is not _PYTHON_TYPES.get(type_):
            self._wrong_type(f"{place}.constant", shape, type(value).__name__)

    def _wrong_type(self, place: str, shape: str, given: str) -> None:
        self.check.fault(
            place,
            f"该字段的类型是 {shape}，规则给出 {given}",
            f"the field is of type {shape}, the rule gives {given}",
        )


def rule_basics(check: Check, place: str, body: dict[str, Any]) -> tuple[bool, bool]:
    """``unknown: hold`` and ``required`` of a rule."""
    if body.get("unknown", "reject") not in ("reject", "hold"):
        word = Text("取值", "choice")
        check.unknown(f"{place}.unknown", body["unknown"], ("reject", "hold"), word)
    if not isinstance(body.get("required", False), bool):
        check.fault(
            f"{place}.required", "应为 true 或 false", "true or false is asked for"
        )
    if not isinstance(body.get("join", ""), str):
        check.fault(f"{place}.join", "应为文字", "text is asked for")
    return body.get("unknown") == "hold", body.get("required") is True


def split_pattern(
    check: Check, place: str, body: dict[str, Any]
) -> re.Pattern[str] | None:
    """``split: "、,;"``: any of these characters ends a part."""
    marks = body.get("split")
    if marks is None:
        return None
    if not isinstance(marks, str) or not marks:
        check.fault(
            f"{place}.split", "应为分隔字符", "separating characters are asked for"
        )
        return None
    return re.compile(f"[{re.escape(marks)}]")
