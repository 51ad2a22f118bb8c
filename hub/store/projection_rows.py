"""The rows that a projected case is stored as, without saying how they get there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hub.records.projection import Projection, Told
from hub.records.shape import SHAPES
from hub.store.tables import case_record, charge, document, measure, person, sentence

Values = tuple[object, ...]
Projections = Mapping[int, Projection]
#: (case id, match key) -> person id
People = Mapping[tuple[int, str], int]

TABLES = {
    "case": case_record,
    "person": person,
    "charge": charge,
    "measure": measure,
    "sentence": sentence,
    "document": document,
}
_FIELDS = {
    kind: tuple(name for name in SHAPES[kind] if name in table.c)
    for kind, table in TABLES.items()
}
_PLACE = {
    "case": ("id",),
    "person": ("case_id", "position", "match_key"),
    "charge": ("case_id", "person_id", "position"),
    "measure": ("case_id", "person_id", "position"),
    "sentence": ("case_id", "person_id"),
    "document": ("case_id", "position", "match_key"),
}
#: what a row of each kind holds, in order
COLUMNS = {
    kind: (*_PLACE[kind], *fields, "sources", "disagreements", "unreadable")
    for kind, fields in _FIELDS.items()
}
#: by what a child is known again
KEYS = {
    "person": ("case_id", "match_key"),
    "charge": ("person_id", "position"),
    "measure": ("person_id", "position"),
    "sentence": ("person_id",),
    "document": ("case_id", "match_key"),
}


def case_rows(cases: Projections) -> list[Values]:
    """One row a case, in the order of their ids."""
    return [(one, *_told("case", cases[one].case)) for one in sorted(cases)]


def agency_rows(cases: Projections) -> list[Values]:
    """(case id, agency) of all who take part, in one order for everybody."""
    return [
        (case_id, agency)
        for case_id in sorted(cases)
        for agency in sorted(cases[case_id].agencies)
    ]


def person_rows(cases: Projections) -> list[Values]:
    """One row a person."""
    return [
        (case_id, place, one.match_key, *_told("person", one.told))
        for case_id, projection in cases.items()
        for place, one in enumerate(projection.persons)
    ]


def list_rows(cases: Projections, people: People) -> dict[str, list[Values]]:
    """The rows of charges, measures and sentences, by kind."""
    rows: dict[str, list[Values]] = {"charge": [], "measure": [], "sentence": []}
    for case_id, projection in cases.items():
        for one in projection.persons:
            owner = case_id, people[case_id, one.match_key]
            rows["charge"] += _placed(owner, "charge", one.charges)
            rows["measure"] += _placed(owner, "measure", one.measures)
            if one.sentence:
                rows["sentence"].append((*owner, *_told("sentence", one.sentence)))
    return rows


def document_rows(cases: Projections) -> list[Values]:
    """One row a document."""
    return [
        (case_id, place, key, *_told("document", told))
        for case_id, projection in cases.items()
        for place, (key, told) in enumerate(projection.documents)
    ]


def _placed(owner: Values, kind: str, items: Iterable[Told]) -> list[Values]:
    return [(*owner, place, *_told(kind, told)) for place, told in enumerate(items)]


def _told(kind: str, told: Told) -> Values:
    value = told.values.get
    fields = [value(name) for name in _FIELDS[kind]]
    return (*fields, _grouped(told.sources), told.disagreements, told.unreadable)


def _grouped(sources: Mapping[str, object]) -> dict[str, object]:
    """Fields that one facet told stand under one key, parted by spaces.

    Most rows are told by one facet; twelve copies of the same source were half of
    what was written.
    """
    several = set(map(id, sources.values()))
    if len(several) < 2:
        return {" ".join(sources): one for one in list(sources.values())[:1]}
    names: dict[int, list[str]] = {}
    for name, source in sources.items():
        names.setdefault(id(source), []).append(name)
    return {" ".join(some): sources[some[0]] for some in names.values()}
