"""The ``records`` half of a mapping file: how raw fields become canonical ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hub.errors import Text
from hub.mapping.check import Check, inner_kind
from hub.mapping.converters.converter import Converter
from hub.mapping.expect import parse_expect
from hub.mapping.fit import (
    check_constant,
    check_nested,
    check_scalar,
    rule_basics,
    split_pattern,
)
from hub.mapping.lookup import Lookup
from hub.mapping.path import Path
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.take import reading
from hub.records.shape import SHAPES

RECORD_KEYS = ("kind", "root", "when", "fields", "ignore", "expect", "note")
RULE_KEYS = (
    "from",
    "merge",
    "when",
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
        if not isinstance(kind, str) or kind not in SHAPES:
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
            parsed = self._choices(spot, target, SHAPES[kind][target], rule)
            if parsed is not None:
                rules.append(parsed)
                wholes |= self._wholes(parsed)
        return RecordRules(
            name,
            kind,
            tuple(rules),
            root[0] if root else None,
            ignore,
            wholes=wholes,
            when=check.condition(f"{place}.when", body.get("when")),
            expect=parse_expect(check, f"{place}.expect", body.get("expect"), kind),
        )

    def _wholes(self, rule: Rule) -> frozenset[str]:
        """The raw codes of a rule that looks up the element itself."""
        found: frozenset[str] = frozenset()
        for one in rule.choices:
            found |= self._wholes(one)
        if not any(path.steps == () for path in rule.sources) or rule.inner:
            return found
        return found | frozenset(rule.lookup.meanings if rule.lookup else ())

    def _choices(self, place: str, target: str, shape: str, raw: object) -> Rule | None:
        """One rule, or a list of rules of which the first that tells something wins."""
        if not isinstance(raw, list):
            return self._rule(place, target, shape, raw)
        if not raw:
            self.check.fault(place, "规则列表为空", "the list of rules is empty")
        found = [
            self._rule(f"{place}[{index}]", target, shape, one)
            for index, one in enumerate(raw)
        ]
        rules = tuple(one for one in found if one is not None)
        if len(rules) < len(found) or not rules:
            return None
        return Rule(
            (target,),
            choices=rules,
            place=place,
            is_many=shape.startswith("many:"),
            required=any(one.required for one in rules),
            is_borrowed=all(one.is_borrowed for one in rules),
        )

    def _rule(self, place: str, target: str, shape: str, raw: object) -> Rule | None:
        check = self.check
        before = len(check.faults)
        body = check.dict(place, raw)
        check.keys(place, body, RULE_KEYS)
        common = rule_basics(check, place, body)
        when = check.condition(f"{place}.when", body.get("when"))
        if "constant" in body:
            check_constant(check, place, shape, body)
            constant = body["constant"]
            return Rule(
                (target,), constant=constant, is_borrowed=True, when=when, place=place
            )
        told = body.get("merge") if "merge" in body else body.get("from")
        sources = check.paths(f"{place}.from", told)
        each = check.paths(f"{place}.each", body.get("each"))
        split = split_pattern(check, place, body)
        if not sources and not each and len(check.faults) == before:
            check.fault(place, "缺少 from 或 each", "from or each is missing")
        inner = self._inner(place, shape, body)
        take = None
        converters: tuple[Converter, ...] = ()
        lookup: Lookup | None = None
        if inner_kind(shape):
            check_nested(check, place, shape, body, inner)
        else:
            converters = check.convert(f"{place}.convert", body.get("convert"))
            lookup = check.lookup(f"{place}.table", body.get("table"), body.get("by"))
            check_scalar(
                check, place, shape, body, converters=converters, lookup=lookup
            )
            take = reading(converters, lookup)
        if len(check.faults) > before:
            return None
        plain = len(sources) == 1 and len(sources[0].steps) == 1 and "merge" not in body
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
            when=when,
            is_merge="merge" in body,
            passes=body.get("unknown") == "pass",
            place=place,
            converters=converters,
            lookup=lookup,
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
        if not isinstance(name, str) or name not in self.sections:
            word = Text("记录", "record")
            self.check.unknown(f"{place}.record", name, self.sections, word)
            return None
        return self.record(name)
