"""The ``parcels`` half of a mapping file: what a receiver is told, per node."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from hub.errors import Text
from hub.mapping.check import Check, inner_kind, resolve
from hub.mapping.fit import rule_basics
from hub.mapping.parse_records import RULE_KEYS
from hub.mapping.path import Path
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.take import writing

PARCEL_KEYS = ("needs", "fields", "note")
_RULE_KEYS = tuple(key for key in RULE_KEYS if key != "split")


@dataclass(slots=True)
class ParcelParser:
    """Parses the nodes of one file and the nested records that they use."""

    check: Check
    sections: dict[str, Any]
    underway: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def all(self) -> dict[str, RecordRules]:
        """Every node of the file by code; the other sections must be used by one."""
        tables = self.check.tables
        nodes = (
            {row.code for row in tables.table("node").rows}
            if tables.has("node")
            else set()
        )
        if self.sections and not nodes:
            self.check.lookup("parcels", "node", None)
        found = {
            name: self._section(name, "case") for name in self.sections if name in nodes
        }
        for name in self.sections:
            if name not in nodes and name not in self.used:
                word = Text("节点或被引用的记录", "node or used record")
                self.check.unknown(f"parcels.{name}", name, nodes, word)
        return {name: rules for name, rules in found.items() if rules is not None}

    def _section(self, name: str, kind: str) -> RecordRules | None:
        place = f"parcels.{name}"
        if name in self.underway:
            self.check.fault(place, "记录相互嵌套成环", "records nest in a circle")
            return None
        self.underway.append(name)
        body = self.check.dict(place, self.sections[name])
        self.check.keys(place, body, PARCEL_KEYS)
        needs = self.check.paths(f"{place}.needs", body.get("needs"))
        for need in needs:
            self._shape(f"{place}.needs", kind, need)
        rules: list[Rule] = []
        fields = self.check.dict(f"{place}.fields", body.get("fields"))
        if not fields:
            self.check.fault(place, "缺少 fields", "fields are missing")
        for target, rule in fields.items():
            parsed = self._rule(f"{place}.fields.{target}", target, kind, rule)
            if parsed is not None:
                self._clash(place, parsed, rules)
                rules.append(parsed)
        self.underway.remove(name)
        return RecordRules(name, kind, tuple(rules), needs=needs)

    def _clash(self, place: str, rule: Rule, others: list[Rule]) -> None:
        for other in others:
            shorter = min(len(rule.target), len(other.target))
            if rule.target[:shorter] == other.target[:shorter]:
                self.check.fault(
                    f"{place}.fields.{rule.name}",
                    f"与 {other.name} 冲突",
                    f"it clashes with {other.name}",
                )

    def _shape(self, place: str, kind: str, path: Path) -> tuple[str, bool]:
        found = resolve(kind, path)
        if isinstance(found, Text):
            self.check.fault(place, found.zh, found.en)
            return "", False
        return found

    def _rule(self, place: str, target: str, kind: str, raw: object) -> Rule | None:
        check = self.check
        before = len(check.faults)
        body = check.dict(place, raw)
        check.keys(place, body, _RULE_KEYS)
        paths = check.paths(place, target)
        if not paths or not paths[0].steps:
            return None
        steps = paths[0].steps
        hold, required = rule_basics(check, place, body)
        when = check.condition(f"{place}.when", body.get("when"))
        if when is not None:
            for path in when.paths:
                self._shape(f"{place}.when", kind, path)
        if body.get("unknown") == "pass":
            check.fault(
                f"{place}.unknown", "pass 只能用于读入", "pass is for reading only"
            )
        if "constant" in body:
            if set(body) - {"constant", "note", "when"}:
                check.fault(place, "constant 须单独使用", "constant stands alone")
            if body["constant"] is None:
                check.fault(place, "constant 为空", "the constant is empty")
            return Rule(steps, constant=body["constant"], when=when, place=place)
        is_merge = "merge" in body
        told = body.get("merge") if is_merge else body.get("from")
        sources = check.paths(f"{place}.from", told)
        each = check.paths(f"{place}.each", body.get("each"))
        if not sources and not each and len(check.faults) == before:
            check.fault(place, "缺少 from 或 each", "from or each is missing")
        shape = self._source_shape(place, kind, each, sources, body)
        rule = Rule(
            steps,
            sources,
            each,
            join=body.get("join"),
            is_many=bool(each) and "join" not in body,
            hold=hold,
            required=required,
            when=when,
            is_merge=is_merge,
            place=place,
        )
        rule = self._filled(place, rule, shape, body)
        return rule if len(check.faults) == before else None

    def _source_shape(
        self,
        place: str,
        kind: str,
        each: tuple[Path, ...],
        sources: tuple[Path, ...],
        body: dict[str, Any],
    ) -> str:
        """The canonical type that the rule speaks of."""
        shape = ""
        for path in each:
            shape, many = self._shape(f"{place}.each", kind, path)
            if shape and not many and not inner_kind(shape):
                self.check.fault(f"{place}.each", "不是列表", "it is no list")
        if each and sources and inner_kind(shape):
            kind = inner_kind(shape)
        if each and ("join" in body) == ("record" in body):
            self.check.fault(
                place,
                "each 须与 record 或 join 之一同用",
                "each asks for record or join, one of them",
            )
        if "join" in body and not each and "merge" not in body:
            self.check.fault(place, "join 须与 each 同用", "join asks for each")
        for path in sources:
            shape, many = self._shape(f"{place}.from", kind, path)
            if many or (shape.startswith("many:")):
                self.check.fault(
                    f"{place}.from",
                    "路径经过列表，须用 each",
                    "a list lies on the path, use each",
                )
        return shape

    def _filled(self, place: str, rule: Rule, shape: str, body: dict[str, Any]) -> Rule:
        """The rule with its nested record, or with its converters and table."""
        name = body.get("record")
        if name is not None:
            if {"convert", "table", "by"} & set(body):
                self.check.fault(
                    place,
                    "record 不与 convert、table 同用",
                    "record stands without convert and table",
                )
            if not isinstance(name, str) or name not in self.sections:
                word = Text("记录", "record")
                self.check.unknown(f"{place}.record", name, self.sections, word)
                return rule
            self.used.add(name)
            if not inner_kind(shape):
                if shape:
                    self.check.fault(place, "不是下级记录", "it is no nested record")
                return rule
            return replace(rule, inner=self._section(name, inner_kind(shape)))
        return self._taking(place, rule, shape, body)

    def _taking(self, place: str, rule: Rule, shape: str, body: dict[str, Any]) -> Rule:
        check = self.check
        converters = check.convert(f"{place}.convert", body.get("convert"))
        lookup = check.lookup(f"{place}.table", body.get("table"), body.get("by"))
        if lookup is not None and shape and shape != f"code:{lookup.table}":
            check.fault(
                f"{place}.table",
                f"该字段的类型是 {shape}",
                f"the field is of type {shape}",
            )
        for position, converter in enumerate(converters):
            if converter.write is None:
                check.fault(
                    f"{place}.convert",
                    f"转换器 {converter.name} 只能用于读入",
                    f"the converter {converter.name} only reads",
                )
            elif position == 0 and converter.takes != inner_kind(shape) and shape:
                check.fault(
                    f"{place}.convert",
                    f"转换器 {converter.name} 不适用于 {shape}",
                    f"the converter {converter.name} does not take {shape}",
                )
        if not converters and inner_kind(shape) and "each" not in body:
            check.fault(place, "缺少 record", "record is missing")
        take = writing(converters, lookup)
        return replace(rule, take=take, converters=converters, lookup=lookup)
