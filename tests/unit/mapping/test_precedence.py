"""Who is believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hub.errors import MappingInvalid
from hub.mapping.precedence import Precedence
from hub.records.shape import SHAPES

ROOT = Path(__file__).parents[3]
SYSTEMS = {
    "police_case",
    "procuratorate_15",
    "procuratorate_20",
    "court_case",
    "justice_drop",
    "detention_centre",
    "case_property",
}


@pytest.fixture
def product() -> Precedence:
    return Precedence.load(ROOT / "mappings" / "precedence.yaml")


def test_every_field_has_a_full_order(product: Precedence) -> None:
    for kind, fields in SHAPES.items():
        for name in fields:
            order = product.order(kind, name)
            assert set(order) == SYSTEMS
            assert len(order) == len(SYSTEMS)


@pytest.mark.parametrize(
    ("kind", "field", "first"),
    [
        ("person", "name", "police_case"),
        ("person", "id_number", "police_case"),
        ("case", "title", "police_case"),
        ("case", "stage", "justice_drop"),
        ("case", "court_number", "court_case"),
        ("sentence", "months", "court_case"),
        ("person", "measures", "police_case"),
    ],
)
def test_the_agency_that_knows_best_is_believed_first(
    product: Precedence, kind: str, field: str, first: str
) -> None:
    assert product.order(kind, field)[0] == first


def test_the_later_stage_wins(product: Precedence) -> None:
    assert product.order("case", "stage") == (
        "justice_drop",
        "court_case",
        "procuratorate_20",
        "procuratorate_15",
        "police_case",
        "detention_centre",
        "case_property",
    )


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "precedence.yaml"
    path.write_text(
        """
default: [a, b, b]
order: []
kinds: { persn: [a], case: b }
fields: { case: { titel: [a], stage: [c] }, x: {} }
""",
        "utf-8",
    )
    with pytest.raises(MappingInvalid) as caught:
        Precedence.load(path)
    places = [fault.where.partition(": ")[2] for fault in caught.value.faults]
    assert sorted(places) == [
        "default",
        "fields.case.stage",
        "fields.case.titel",
        "fields.x",
        "kinds.case",
        "kinds.persn",
        "order",
    ]


def test_systems_left_out_follow_in_the_default_order(tmp_path: Path) -> None:
    path = tmp_path / "precedence.yaml"
    path.write_text("default: [a, b, c]\nfields: { case: { title: [c] } }", "utf-8")
    assert Precedence.load(path).order("case", "title") == ("c", "a", "b")
    assert Precedence.load(path).order("case", "stage") == ("a", "b", "c")
