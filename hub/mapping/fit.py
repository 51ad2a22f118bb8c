"""Does a rule fit the field it is for? Every answer "no" is a fault."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from hub.contract.messages import Tree
from hub.errors import Text
from hub.mapping.check import Check, inner_kind
from hub.mapping.converters.converter import Converter
from hub.mapping.lookup import Lookup
from hub.mapping.rules import RecordRules

_PYTHON_TYPES: dict[str, type] = {"text": str, "int": int, "flag": bool}


def check_nested(
    check: Check,
    place: str,
    shape: str,
    body: dict[str, Any],
    inner: RecordRules | None,
) -> None:
    """A field that holds nested records asks for ``record`` and a list."""
    for key in ("convert", "table", "by", "join", "unknown", "merge"):
        if key in body:
            check.fault(
                f"{place}.{key}",
                f"{key} 不能用于下级记录",
                f"{key} is not for nested records",
            )
    if inner is not None and inner.kind != inner_kind(shape):
        check.fault(
            f"{place}.record",
            f"应为 {inner_kind(shape)}，实为 {inner.kind}",
            f"the field holds {inner_kind(shape)}, the record is {inner.kind}",
        )
    if shape.startswith("many:") and not {"each", "split"} & set(body):
        check.fault(place, "列表须用 each 或 split", "a list asks for each")
    if shape.startswith("one:") and {"each", "split"} & set(body):
        check.fault(place, "单条记录须用 from", "one record asks for from")
    if {"each", "from"} <= set(body):
        check.fault(place, "each 与 from 只能有一个", "each or from, not both")


def check_scalar(
    check: Check,
    place: str,
    shape: str,
    body: dict[str, Any],
    *,
    converters: Sequence[Converter],
    lookup: Lookup | None,
) -> None:
    """A plain field asks for a converter that gives its type, or for its table."""
    type_, _, table = shape.partition(":")
    if "split" in body or (
        ("each" in body) != ("join" in body) and "merge" not in body
    ):
        check.fault(
            place,
            "单个值只能用 from、merge，或 each 加 join",
            "one value asks for from, for merge, or for each with join",
        )
    if "merge" in body and {"from", "each"} & set(body):
        check.fault(
            place, "merge 不与 from、each 同用", "merge stands without from and each"
        )
    if body.get("unknown") == "pass" and type_ != "text":
        check.fault(
            f"{place}.unknown",
            "pass 只能用于文字字段；其他字段用 hold",
            "pass is for text fields only; use hold for others",
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
            _wrong_type(check, f"{place}.table", shape, f"table {lookup.table}")
        if "table" not in body:
            _wrong_type(check, place, shape, "no table")
        return
    if lookup is not None:
        _wrong_type(check, f"{place}.table", shape, f"table {lookup.table}")
    gives = converters[-1].gives if converters else "text"
    known = not body.get("convert") or converters
    if gives != type_ and known:
        _wrong_type(check, place, shape, gives)


def check_constant(check: Check, place: str, shape: str, body: dict[str, Any]) -> None:
    """A constant must be of the field's type, a code of its table."""
    value: Tree = body["constant"]
    type_, _, table = shape.partition(":")
    if set(body) - {"constant", "note", "when"}:
        check.fault(place, "constant 须单独使用", "constant stands alone")
    if type_ == "code":
        check.lookup(place, table, None)
        if check.tables.has(table) and not (
            isinstance(value, str) and check.tables.table(table).row(value)
        ):
            check.fault(
                f"{place}.constant",
                f"代码 {value} 不在代码表 {table} 中",
                f"the code {value} does not stand in the table {table}",
            )
    elif value is None or type(value) is not _PYTHON_TYPES.get(type_):
        _wrong_type(check, f"{place}.constant", shape, type(value).__name__)


def _wrong_type(check: Check, place: str, shape: str, given: str) -> None:
    check.fault(
        place,
        f"该字段的类型是 {shape}，规则给出 {given}",
        f"the field is of type {shape}, the rule gives {given}",
    )


#: what may be done with a value that cannot be read
UNKNOWN = ("reject", "hold", "pass")


def rule_basics(check: Check, place: str, body: dict[str, Any]) -> tuple[bool, bool]:
    """``unknown: hold`` and ``required`` of a rule."""
    if body.get("unknown", "reject") not in UNKNOWN:
        word = Text("取值", "choice")
        check.unknown(f"{place}.unknown", body["unknown"], UNKNOWN, word)
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
