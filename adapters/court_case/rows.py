"""The rows of one case across the court's views: one record, and back to a tree."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import cast

from hub.contract.messages import Tree
from hub.contract.place import Spot, taken_apart
from hub.wire.answer import parse_json
from hub.wire.locate import in_json
from hub.wire.sql import Row

CASE, PARTIES, JUDGMENTS, PAPERS = "V_XS_AJ", "V_XS_DSR", "V_XS_PJ", "V_XS_WS"

#: N_PJLX of a row that corrects the ones before it
_CORRECTION = 2


def together(case: Row, others: dict[str, list[Row]]) -> bytes:
    """The rows as canonical JSON: sorted keys, UTF-8, nothing left out."""
    told = {CASE: case, **others}
    return json.dumps(
        told, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode()


def tree(body: bytes) -> Tree:
    """The case with its parties (``DSR``) and papers (``WS``) inside.

    Each party carries its judgment (``PJ``) as corrected. Raises ``ValueError``,
    also for a judgment of somebody who is no party: dropping it would lose it.
    """
    told = parse_json(body)
    if not isinstance(told, dict) or not isinstance(told.get(CASE), dict):
        raise ValueError(f"no {CASE}")  # noqa: TRY004 - one way out
    case = cast("Row", told[CASE])
    judged: dict[str, list[Row]] = {}
    for row in _rows(told, JUDGMENTS):
        judged.setdefault(str(row.get("C_DSRBH")), []).append(row)
    parties = [
        _with_judgment(party, judged.pop(str(party.get("C_BH")), []))
        for party in _rows(told, PARTIES)
    ]
    if judged:
        raise ValueError("a judgment names nobody of this case")
    return {**case, "DSR": cast("Tree", parties), "WS": told.get(PAPERS) or []}


def _rows(told: Row, view: str) -> list[Row]:
    rows = told.get(view) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError(f"{view} is no list of rows")
    return cast("list[Row]", rows)


def _with_judgment(party: Row, rows: list[Row]) -> Row:
    return {**party, "PJ": corrected(rows)} if rows else party


def corrected(rows: Iterable[Row]) -> Row:
    """The judgment in force: later rulings replace what they fill.

    A later judgment that is no correction replaces the whole.
    """
    found: Row = {}
    for row in sorted(rows, key=_order):
        filled: Row = {name: told for name, told in row.items() if told is not None}
        found = {**found, **filled} if row.get("N_PJLX") == _CORRECTION else filled
    return found


def _order(row: Row) -> int:
    order = row.get("N_PJXH")
    if not isinstance(order, int):
        raise ValueError("N_PJXH is no number")  # noqa: TRY004 - one way out
    return order


def spot(body: bytes, place: str) -> Spot:
    """Where a place of ``tree`` stands: ``/V_XS_DSR/0/C_XM``. Raises ``ValueError``.

    A judgment's column is the one of the ruling that filled it last.
    """
    steps = list(taken_apart(place))
    told = cast("Row", parse_json(body))
    (name, indexes), *rest = steps or [("", ())]
    if name not in ("DSR", "WS") or not indexes:
        return in_json(told.get(CASE), place, f"/{CASE}")
    view = PARTIES if name == "DSR" else PAPERS
    row = _rows(told, view)[indexes[0]]
    if rest and rest[0][0] == "PJ" and len(rest) > 1:
        column = rest[1][0]
        return _judgment_spot(told, str(row.get("C_BH")), column)
    inner = "/".join(name for name, _ in rest)
    return in_json(row, inner, f"/{view}/{indexes[0]}")


def _judgment_spot(told: Row, party: str, column: str) -> Spot:
    """The column in the ruling whose value ``corrected`` keeps."""
    numbered = [
        (index, row)
        for index, row in enumerate(_rows(told, JUDGMENTS))
        if str(row.get("C_DSRBH")) == party
    ]
    index = 0
    for at, row in sorted(numbered, key=lambda one: _order(one[1])):
        if row.get("N_PJLX") != _CORRECTION or row.get(column) is not None:
            index = at
    return Spot("", "pointer", f"/{JUDGMENTS}/{index}/{column}")
