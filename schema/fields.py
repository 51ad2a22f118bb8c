"""The canonical path of every field of the schema that shows a value of a case.

The read log tells fields in these words, as corrections and facets do.
"""

from __future__ import annotations

from collections.abc import Mapping

from strawberry.utils.str_converters import to_camel_case

from hub.records.shape import NUMBER_SCHEMES, scalars

Paths = tuple[str, ...]

#: type of the schema -> kind of the canonical shape, and where it lies in a case
KINDS: Mapping[str, tuple[str, str]] = {
    "Case": ("case", ""),
    "Person": ("person", "persons."),
    "Charge": ("charge", "persons.charges."),
    "Measure": ("measure", "persons.measures."),
    "Sentence": ("sentence", "persons.sentence."),
    "Document": ("document", "documents."),
}

#: fields that lead to another such type of the same case
BELOW: Mapping[str, Mapping[str, str]] = {
    "Case": {
        "persons": "Person",
        "charges": "Charge",
        "measures": "Measure",
        "documents": "Document",
    },
    "Person": {"charges": "Charge", "measures": "Measure", "sentence": "Sentence"},
}

#: what marks an item where two agencies tell different lists
_MARKS = {"charges": "charges.crime", "measures": "measures.kind"}


def _leaves(name: str) -> Mapping[str, Paths]:
    kind, prefix = KINDS[name]
    found: dict[str, Paths] = {
        to_camel_case(field): (f"{prefix}{field}",) for field in scalars(kind)
    }
    if name == "Case":
        found["numbers"] = tuple(NUMBER_SCHEMES)
        found["hubNumber"] = ("hub_number",)
    return found


#: type -> field -> the paths it shows
LEAVES = {name: _leaves(name) for name in KINDS}


def path_of(record: object, name: str) -> str:
    """The path of a record's field by the record's type; a list by its mark."""
    prefix = KINDS[type(record).__name__][1]
    return f"{prefix}{_MARKS.get(name, name)}"


class Shows:
    """A type of the schema that knows itself what it shows of which case."""

    def shows(self, chosen: frozenset[str]) -> tuple[int, Paths]:
        """Case id and canonical paths, when these of its fields are asked for."""
        raise NotImplementedError
