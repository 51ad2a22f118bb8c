"""The rules of acceptance, one by one."""

from __future__ import annotations

from datetime import date

import pytest

from hub.contract.endpoint import Endpoint
from hub.contract.messages import Record
from hub.engine import acceptance
from hub.errors import Fault
from hub.mapping.code_tables.tables import Row, Tables

TODAY = date(2026, 11, 24)


def endpoint(code: str, *, accepts_new: bool = True) -> Endpoint:
    return Endpoint(code, "system", "PROC-421300", "", accepts_new=accepts_new)


def node(tables: Tables, code: str) -> Row:
    row = tables.table("node").row(code)
    assert row is not None
    return row


def wanted(tables: Tables, code: str, measures: list[Record]) -> set[str]:
    """The documents that a hand-over without any would lack."""
    person: Record = {"measures": list(measures)}
    row = node(tables, code)
    found = acceptance.documents(tables, row, {}, [person], TODAY)
    return {fault.where.removeprefix("documents.") for fault in found}


def test_a_case_goes_where_it_lives_even_if_that_takes_nothing_new() -> None:
    old, new = endpoint("proc15", accepts_new=False), endpoint("proc20")
    assert acceptance.choose([new, old], {"proc15"}, "PROC", "N") is old
    assert acceptance.choose([old, new], set(), "PROC", "N") is new
    assert isinstance(acceptance.choose([old], set(), "PROC", "N"), Fault)


def test_a_justice_bureau_acts_as_the_community_correction_agency(
    tables: Tables,
) -> None:
    row = node(tables, "COMMUNITY_CORRECTION_HANDOVER")
    assert not list(acceptance.sides(tables, row, "COURT-421381", "JUSTICE-421381"))
    assert list(acceptance.sides(tables, row, "COURT-421381", "PROC-421381"))


@pytest.mark.parametrize(
    ("measures", "asked"),
    [
        ([], set()),
        ([{"kind": "BAIL", "started_on": "2026-11-01"}], {"BAIL_DECISION"}),
        (
            [{"kind": "BAIL", "started_on": "2023-01-01", "ends_on": "2024-01-01"}],
            set(),
        ),
        (
            [
                {"kind": "CRIMINAL_DETENTION", "started_on": "2026-11-01"},
                {"kind": "BAIL_DEPOSIT", "started_on": "2026-11-07"},
            ],
            {"BAIL_DECISION"},
        ),
        ([{"kind": "ARREST", "started_on": "2026-11-01"}], {"CUSTODY_CHANGE_CERT"}),
    ],
)
def test_only_the_measure_in_force_asks_for_its_document(
    tables: Tables, measures: list[Record], asked: set[str]
) -> None:
    conditional = {"BAIL_DECISION", "CUSTODY_CHANGE_CERT"}
    assert wanted(tables, "PROSECUTION_TRANSFER", measures) & conditional == asked


def test_a_stage_that_nobody_told_is_no_permission(tables: Tables) -> None:
    row = node(tables, "INDICTMENT")
    [fault] = acceptance.stages(tables, row, [{"stage": "S110_PROSECUTION_REVIEW"}, {}])
    assert fault.where == "persons[1].stage"


def test_the_stages_of_a_node_are_stages_and_nodes_there_are(tables: Tables) -> None:
    stages = {row.code for row in tables.table("stage").rows}
    nodes = {row.code for row in tables.table("node").rows}
    for row in tables.table("node_stage").rows:
        assert row.code in nodes
        assert set(row.value("stages").split(";")) <= stages
