"""The closed list of named converters (转换器)."""

from __future__ import annotations

from collections.abc import Mapping

from hub.mapping.converters import (
    amounts,
    counts,
    dates,
    documents,
    flags,
    identity,
    names,
    numbers,
    organisations,
    partial,
    places,
    quantity,
    sentences,
    sheets,
    terms,
    text,
    times,
    xsd,
)
from hub.mapping.converters.converter import Converter


def registry(divisions: frozenset[str]) -> Mapping[str, Converter]:
    """Every converter by name. ``divisions`` are all division codes ever seen."""
    found = (
        *text.CONVERTERS,
        *names.CONVERTERS,
        *flags.CONVERTERS,
        *dates.CONVERTERS,
        *times.CONVERTERS,
        *partial.CONVERTERS,
        *sheets.CONVERTERS,
        *xsd.CONVERTERS,
        *numbers.CONVERTERS,
        *documents.CONVERTERS,
        *places.CONVERTERS,
        *organisations.CONVERTERS,
        *counts.CONVERTERS,
        *amounts.CONVERTERS,
        *quantity.CONVERTERS,
        *terms.CONVERTERS,
        *sentences.CONVERTERS,
        *identity.converters(divisions),
    )
    return {converter.name: converter for converter in found}
