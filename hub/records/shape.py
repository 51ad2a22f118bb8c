"""The canonical shape: which fields a facet may hold, and of what type.

A facet is plain JSON in this shape. A field that is absent was not told; a field
in the record's ``unreadable`` map was told and could not be read (its original
text is the value there). ``mappings/*.yaml`` may only fill what stands here.

Types: ``text``; ``date`` (ISO 8601 ``YYYY-MM-DD``); ``time`` (ISO 8601 with
offset); ``int``; ``amount`` (decimal yuan as text, two places); ``flag``;
``code:TABLE`` (a code of that table); ``one:KIND`` and ``many:KIND`` (nested).

``custody`` and ``item`` are told in facets only: they are kept, traced and shown
there, but not yet put together in the projected case.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

UNREADABLE = "unreadable"

#: case-number field -> scheme, in the order of the procedure
NUMBER_SCHEMES: Mapping[str, str] = MappingProxyType(
    {
        "police_number": "police",
        "department_number": "department",
        "unified_number": "unified",
        "court_number": "court",
        "correction_number": "correction",
    }
)

_CASE = {
    **dict.fromkeys(NUMBER_SCHEMES, "text"),
    "title": "text",
    "summary": "text",
    "stage": "code:stage",
    "investigator": "code:agency",
    "handler": "code:agency",
    "filed_on": "date",
    "accepted_on": "date",
    "due_on": "date",
    "closed_on": "date",
    "modified_at": "time",
    "is_withdrawn": "flag",
    "persons": "many:person",
    "documents": "many:document",
    "items": "many:item",
}

_PERSON = {
    "source_id": "text",
    "name": "text",
    "former_name": "text",
    "sex": "code:sex",
    "birth_date": "date",
    "id_type": "code:id_document_type",
    "id_number": "text",
    "ethnic_group": "code:ethnic_group",
    "education": "code:education",
    "household": "code:division",
    "address": "text",
    "occupation": "text",
    "role": "code:person_role",
    "stage": "code:stage",
    "charges": "many:charge",
    "measures": "many:measure",
    "sentence": "one:sentence",
    "custody": "one:custody",
}

_CHARGE = {"crime": "code:crime", "wording": "text"}

_MEASURE = {
    "kind": "code:compulsory_measure",
    "decided_by": "code:agency",
    "started_on": "date",
    "ends_on": "date",
}

_SENTENCE = {
    "result": "code:judgment_result",
    "penalty": "code:penalty_type",
    "years": "int",
    "months": "int",
    "days": "int",
    "probation_months": "int",
    "fine": "amount",
    "judged_on": "date",
    "effective_on": "date",
}

_DOCUMENT = {
    "type": "code:document_type",
    "name": "text",
    "number": "text",
    "issued_on": "date",
    "file_name": "text",
    "sha256": "text",
}

#: where and how long one person is held
_CUSTODY = {
    "number": "text",
    "centre": "code:agency",
    "ground": "code:compulsory_measure",
    "holds_for": "code:agency",
    "admitted_on": "date",
    "ends_on": "date",
    "released_on": "date",
}

#: a thing that was seized; ``quantity`` is a plain decimal number as text
_ITEM = {
    "number": "text",
    "name": "text",
    "quantity": "text",
    "unit": "text",
    "value": "amount",
    "owner": "text",
    "seized_on": "date",
    "store": "text",
    "left_on": "date",
}

#: kinds that stand in facets and in no projected case
TOLD_ONLY = frozenset({"custody", "item"})

SHAPES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "case": _CASE,
        "person": _PERSON,
        "charge": _CHARGE,
        "measure": _MEASURE,
        "sentence": _SENTENCE,
        "document": _DOCUMENT,
        "custody": _CUSTODY,
        "item": _ITEM,
    }
)


@cache
def scalars(kind: str) -> tuple[str, ...]:
    """The field names of a kind that are not nested records."""
    return tuple(
        name
        for name, shape in SHAPES[kind].items()
        if not shape.startswith(("one:", "many:"))
    )
