"""Field dictionaries: what a mapping says, for people who read no YAML.

One page a system, Chinese first: every field with its meaning, where it is from and
what is done to it; what is left out and why; what each receiver is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.entry import field_names
from hub.errors import Text
from hub.mapping.check import inner_kind, resolve
from hub.mapping.code_tables.tables import ANY, Tables
from hub.mapping.load import SystemMapping
from hub.mapping.path import Path as Place
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.source import read_yaml

READ_HEAD = (
    "规范字段 / field",
    "含义 / meaning",
    "原始字段 / raw field",
    "处理 / done to it",
    "代码表 / table",
    "必填与未知值 / required, unknown",
    "条件 / when",
)
WRITE_HEAD = (
    "接收方字段 / receiver's field",
    "含义 / meaning",
    "取自 / from",
    "处理 / done to it",
    "代码表 / table",
    "未知值 / unknown",
    "条件 / when",
)
_BLANK = "—"


@dataclass(frozen=True, slots=True)
class Words:
    """What fields and kinds are called, and the tables they use."""

    fields: Mapping[str, Text]
    kinds: Mapping[str, Text]
    tables: Tables
    standards: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path, tables: Tables) -> Words:
        """The names of the graph, and the standards of ``sources.tsv``."""
        lines = (folder / "tables/sources.tsv").read_text("utf-8").splitlines()[1:]
        told = (line.split("\t") for line in lines)
        standards = {row[0]: row[2] for row in told}
        return cls(field_names.names(), field_names.kinds(), tables, standards)

    def field(self, kind: str, name: str) -> str:
        """``出生日期 Date of birth``; the bare name where nobody named it."""
        found = self.fields.get(f"{kind}.{name}")
        return f"{found.zh}<br>{found.en}" if found else name

    def zh(self, kind: str, name: str) -> str:
        """The Chinese name alone."""
        found = self.fields.get(f"{kind}.{name}")
        return found.zh if found else name


def page(mapping: SystemMapping, folder: Path, words: Words) -> str:
    """The Markdown page of one system."""
    body = read_yaml(folder / f"{mapping.system}.yaml", [])
    title = mapping.title
    parts = [
        f"# {title.zh}：字段词典",
        f"{title.en}: field dictionary.",
        f"由 `mappings/{mapping.system}.yaml`（第 {mapping.revision} 版）生成，"
        "请勿手改：`hub mappings document --write`。",
        "Generated from the mapping; change that and write this page anew.",
        "原始字段从其所在记录的位置算起；以 `/` 开头者从整条报文的顶端算起，"
        "`.` 为该值本身。",
        "Raw fields start at the place of their record, those with a `/` ahead at the "
        "top of the whole record; `.` is the value itself.",
        *_reading(mapping, body, words),
        *_parcels(mapping, body, words),
        *_tables(mapping, words),
    ]
    return "\n\n".join(parts) + "\n"


def index(mappings: Sequence[SystemMapping]) -> str:
    """The page that lists the others."""
    lines = [
        "# 字段词典 / Field dictionaries",
        "",
        "每个系统一页，由映射生成：字段的含义、来源、处理、代码表，不采用的字段及理由，"
        "以及移送时告知接收方的内容。",
        "One page a system, generated from its mapping: "
        "`hub mappings document --write`.",
        "",
        "| 系统 / system | 名称 / title | 版本 / revision |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| [{one.system}]({one.system}.md) | {one.title.zh} / {one.title.en} | "
        f"{one.revision} |"
        for one in mappings
    ]
    return "\n".join(lines) + "\n"


# --- in ---------------------------------------------------------------------------


def _reading(
    mapping: SystemMapping, body: Mapping[str, Any], words: Words
) -> Iterator[str]:
    yield "## 读入 / What is read"
    order = list(body.get("records", {}))  # as in the file; parsed inside out
    records = mapping.parsed.records
    for record in sorted(records.values(), key=lambda one: order.index(one.name)):
        notes = _notes(body, "records", record.name)
        kind = words.kinds.get(record.kind, Text(record.kind, record.kind))
        at = f"，位于 `{record.root.text}`" if record.root else ""
        when = f"；仅当 `{record.when.text}`" if record.when else ""
        yield f"### {kind.zh} `{record.name}`{at}{when}"
        rows = [
            _read_row(record.kind, rule, words, notes)
            for whole in record.rules
            for rule in whole.choices or (whole,)
        ]
        yield _table(READ_HEAD, rows, notes)
        if record.ignore:
            yield "不采用的字段 / Fields left out, and why:"
            yield _table(
                ("原始字段 / raw field", "理由 / reason"),
                [
                    (_code(_text(path)), reason)
                    for path, reason in record.ignore.items()
                ],
            )


def _read_row(
    kind: str, rule: Rule, words: Words, notes: Mapping[str, str]
) -> tuple[str, ...]:
    name = rule.target[0]
    row = (
        _code(name),
        words.field(kind, name),
        _from(rule),
        _done(rule, words),
        _lookup(rule),
        _policy(rule, is_reading=True),
        _code(rule.when.text) if rule.when else _BLANK,
    )
    return (*row, notes.get(name, "")) if notes else row


def _from(rule: Rule) -> str:
    if rule.constant is not None:
        return f"固定为 {_code(str(rule.constant))}"
    told = [_code(_text(path)) for path in rule.sources]
    each = "、".join(_code(_text(path)) for path in rule.each)
    if each:
        inner = "，".join(told)
        return f"逐条取 {each}" + (f" 的 {inner}" if inner else "")
    if rule.is_merge:
        return f"合并 {' + '.join(told)}"
    return "，无则取 ".join(told) or _BLANK


def _done(rule: Rule, words: Words) -> str:
    told = [f"{one.title.zh} {_code(one.name)}" for one in rule.converters]
    if rule.split is not None:
        marks = rule.split.pattern.strip("[]").replace("\\", "")
        told.append(f"按 {_code(marks)} 拆分")
    if rule.join is not None:
        told.append(f"以 {_code(rule.join)} 连接")
    if rule.inner is not None:
        kind = words.kinds.get(rule.inner.kind)
        named = f"{kind.zh} " if kind else ""
        told.append(f"见 {named}{_code(rule.inner.name)}")
    return "，再".join(told) or _BLANK


def _lookup(rule: Rule) -> str:
    return _code(rule.lookup.table) if rule.lookup else _BLANK


def _policy(rule: Rule, *, is_reading: bool) -> str:
    told = ["必填"] if rule.required else []
    if rule.passes:
        told.append("无法识读时照录原文")
    elif rule.hold:
        told.append("无法识读时保留原文待查" if is_reading else "无法对应时不写")
    elif rule.lookup or rule.converters:
        told.append("无法识读时整条搁置" if is_reading else "无法对应时不予受理")
    return "；".join(told) or _BLANK


# --- out --------------------------------------------------------------------------


def _parcels(
    mapping: SystemMapping, body: Mapping[str, Any], words: Words
) -> Iterator[str]:
    if not mapping.parsed.parcels:
        return
    yield "## 移送 / What the receiver is told"
    nodes = words.tables.table("node") if words.tables.has("node") else None
    for node, record in mapping.parsed.parcels.items():
        row = nodes.row(node) if nodes else None
        yield f"### {row.name_zh if row else node} `{node}`"
        if record.needs:
            needs = "、".join(_meaning("case", path, words) for path in record.needs)
            yield f"缺少以下任一项即不予受理：{needs}。"
        yield from _written(record, body, words, set())


def _written(
    record: RecordRules, body: Mapping[str, Any], words: Words, done: set[str]
) -> Iterator[str]:
    notes = _notes(body, "parcels", record.name)
    rows = [_write_row(record.kind, rule, words, notes) for rule in record.rules]
    yield _table(WRITE_HEAD, rows, notes)
    for rule in record.rules:
        inner = rule.inner
        if inner is not None and inner.name not in done:
            done.add(inner.name)
            yield f"其中 {_code(inner.name)}（每{_zh(words, inner.kind)}一条）："
            yield from _written(inner, body, words, done)


def _write_row(
    kind: str, rule: Rule, words: Words, notes: Mapping[str, str]
) -> tuple[str, ...]:
    paths = (*rule.each, *rule.sources)
    row = (
        _code(rule.name),
        "；".join(_meaning(kind, path, words) for path in paths[:1]) or _BLANK,
        _from(rule),
        _done(rule, words),
        _lookup(rule),
        _policy(rule, is_reading=False),
        _code(rule.when.text) if rule.when else _BLANK,
    )
    return (*row, notes.get(rule.name, "")) if notes else row


def _meaning(kind: str, path: Place, words: Words) -> str:
    """涉案人员的出生日期: the Chinese names along a canonical path."""
    told, here = [], "case" if path.is_absolute else kind
    for depth, step in enumerate(path.steps, start=1):
        told.append(words.zh(here, step))
        shape = resolve(here, Place(step, path.steps[depth - 1 : depth]))
        here = inner_kind(shape[0]) if not isinstance(shape, Text) else ""
        if not here:
            break
    return "的".join(told)


def _zh(words: Words, kind: str) -> str:
    found = words.kinds.get(kind)
    return found.zh if found else kind


# --- code tables ------------------------------------------------------------------


def _tables(mapping: SystemMapping, words: Words) -> Iterator[str]:
    if not mapping.parsed.tables:
        return
    yield "## 代码表 / Code tables"
    rows = []
    for name in sorted(mapping.parsed.tables):
        own = words.tables.crosswalk(mapping.system, name) is not None
        shared = words.tables.crosswalk(ANY, name) is not None
        how = "本系统对照表" if own else "标准代码本身"
        standard = words.standards.get(name, "").replace("hub-defined", "枢纽自定")
        rows.append((_code(name), standard, how + ("，另有通用写法" if shared else "")))
    yield _table(
        ("代码表 / table", "标准 / standard", "本系统的代码 / its codes"), rows
    )


# --- Markdown ---------------------------------------------------------------------


def _table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    notes: Mapping[str, str] | None = None,
) -> str:
    titles = (*head, "备注 / note") if notes else tuple(head)
    lines = [_line(titles), _line(["---"] * len(titles))]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _code(text: str) -> str:
    return f"`{text}`" if "`" not in text else text


def _text(path: Place) -> str:
    told = path.text or "."
    return f"/{told}" if path.is_absolute else told


def _notes(body: Mapping[str, Any], section: str, name: str) -> dict[str, str]:
    """Field -> what its rules note for people."""
    records = body.get(section)
    told = records.get(name) if isinstance(records, dict) else None
    fields = told.get("fields") if isinstance(told, dict) else None
    found = {}
    for field, rules in fields.items() if isinstance(fields, dict) else ():
        several = rules if isinstance(rules, list) else [rules]
        notes = [
            str(one["note"])
            for one in several
            if isinstance(one, dict) and "note" in one
        ]
        if notes:
            found[str(field)] = "；".join(notes)
    return found
