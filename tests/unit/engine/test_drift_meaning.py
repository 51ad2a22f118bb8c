"""What a renamed code is said to mean is what its table says of the old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from hub.engine.drift.watch import View
from hub.mapping.code_tables.tables import Tables
from hub.records.drift import Finding


@dataclass(frozen=True)
class Shelf:
    """All that is asked of a hub here."""

    tables: Tables


@pytest.mark.parametrize(
    ("old", "told"),
    [("诈骗罪", [("CL2660001", "诈骗罪")]), ("无此罪名", [])],
)
def test_the_meaning_of_the_old_code_is_the_row_for_the_new_one(
    mappings, tables, old, told
):
    view = View(mappings.system("justice_drop"))
    path = "rows/row/罪名"
    found = Finding(
        "code_renamed", "case", path, date(2024, 1, 1), 9, 9, 0, 9,
        table="crime", code=old, other="诈编罪",
    )  # fmt: skip
    assert list(view.meaning(Shelf(tables), found)) == told
