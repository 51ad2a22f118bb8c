"""Code-like fields: which table, and what the system's own codes may mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.contract.messages import Tree
from hub.mapping.code_tables.tables import ANY, Table, Tables
from hub.mapping.code_tables.translate import Suggestion, suggest
from hub.scaffold.draft import Code
from hub.scaffold.evidence import Converters, reads, told

#: a likeness below this is not worth a person's look
LEAST = 0.75
_ENDINGS = ("MC", "_MC", "mc", "_mc", "Name", "_name", "_NAME", "名称")
_CODE_ENDINGS = ("DM", "BM", "dm", "bm", "Code", "_code", "_CODE", "代码")


@dataclass(frozen=True, slots=True)
class Coded:
    """What a rule says of a code field: its keys, why, and rows to propose."""

    keys: str
    why: str
    rows: tuple[Code, ...] = ()


def name_field(field: str, names: Sequence[str]) -> str:
    """The field beside a code that holds its name (``XB`` and ``XBMC``)."""
    stems = [field, *(field.removesuffix(one) for one in _CODE_ENDINGS)]
    wanted = [f"{stem}{end}" for stem in stems for end in _ENDINGS]
    return next((one for one in wanted if one in names and one != field), "")


def coded(
    tables: Tables,
    converters: Converters,
    table: str,
    values: Sequence[Tree],
    names: Mapping[str, str],
) -> Coded:
    """How a field of this table is to be read; ``names`` are names beside raw codes."""
    given = sorted({str(one).strip() for one in told(values)})
    found = tables.table(table)
    if not given:
        return Coded(f"table: {table}", "by its name; empty in the sample")
    if table == "division" and reads(converters, ("division6",), given):
        return Coded(
            "convert: division6, table: division, unknown: hold", "6 to 12 digits"
        )
    if all(_is_known(tables, found, one, names.get(one, "")) for one in given):
        return Coded(f"table: {table}", f"the values {_few(given)} stand in it")
    column = _column(found, given)
    if column:
        why = f"the values {_few(given)} stand in its column {column}"
        return Coded(f"table: {table}, by: {column}", why)
    return _by_likeness(tables, table, given, names)


def _by_likeness(
    tables: Tables, table: str, given: Sequence[str], names: Mapping[str, str]
) -> Coded:
    rows: list[Code] = []
    for raw in given:
        best = _best(tables, table, raw, names.get(raw, ""))
        if best is not None:
            said = f" ({names[raw]})" if names.get(raw) else ""
            why = f"{best.name}{said}, {best.reason} {best.score:.2f}"
            rows.append(Code(raw, best.code, why))
    if len(rows) == len(given):
        return Coded(f"table: {table}", f"own codes {_few(given)}", tuple(rows))
    lost = _few([one for one in given if one not in {row.raw for row in rows}])
    why = f"no likeness for {lost}, kept as unreadable until the crosswalk has a row"
    return Coded(f"table: {table}, unknown: hold", why, tuple(rows))


def _best(tables: Tables, table: str, raw: str, name: str) -> Suggestion | None:
    for text in filter(None, (name, raw)):
        for one in suggest(tables, table, text, 1):
            is_number = text.isdecimal() and one.reason == "spelling"
            if one.score >= LEAST and not is_number:
                return one
    return None


def _is_known(tables: Tables, table: Table, raw: str, name: str) -> bool:
    """Does the table have this code, and mean by it what the system says?"""
    best = _best(tables, table.name, raw, name) if name else None
    if best is not None and table.row(raw) is not None and best.code != raw:
        return False
    common = tables.crosswalk(ANY, table.name)
    return table.row(raw) is not None or (common is not None and raw in common.meanings)


def _column(table: Table, given: Sequence[str]) -> str:
    columns = ("name_zh", *(name for name in _columns(table) if name != "name_zh"))
    for column in columns:
        held = table.by(column)
        if all(one in held for one in given):
            return column
    return ""


def _columns(table: Table) -> tuple[str, ...]:
    asked = ("police12", "proc6", "court_sign")
    return tuple(one for one in asked if any(row.value(one) for row in table.rows[:5]))


def _few(given: Sequence[str]) -> str:
    shown = ", ".join(one[:20] for one in given[:4])
    return f"{shown}, ..." if len(given) > 4 else shown
