"""The closed list of named converters (转换器)."""

from __future__ import annotations

from collections.abc import Mapping

from hub.mapping import (
    convert_amounts,
    convert_counts,
    convert_dates,
    convert_documents,
    convert_flags,
    convert_identity,
    convert_names,
    convert_numbers,
    convert_organisations,
    convert_partial,
    convert_places,
    convert_quantity,
    convert_sentences,
    convert_sheets,
    convert_terms,
    convert_text,
    convert_times,
    convert_xsd,
)
from hub.mapping.convert import Converter


def registry(divisions: frozenset[str]) -> Mapping[str, Converter]:
    """Every converter by name. ``divisions`` are all division codes ever seen."""
    found = (
        *convert_text.CONVERTERS,
        *convert_names.CONVERTERS,
        *convert_flags.CONVERTERS,
        *convert_dates.CONVERTERS,
        *convert_times.CONVERTERS,
        *convert_partial.CONVERTERS,
        *convert_sheets.CONVERTERS,
        *convert_xsd.CONVERTERS,
        *convert_numbers.CONVERTERS,
        *convert_documents.CONVERTERS,
        *convert_places.CONVERTERS,
        *convert_organisations.CONVERTERS,
        *convert_counts.CONVERTERS,
        *convert_amounts.CONVERTERS,
        *convert_quantity.CONVERTERS,
        *convert_terms.CONVERTERS,
        *convert_sentences.CONVERTERS,
        *convert_identity.converters(divisions),
    )
    return {converter.name: converter for converter in found}
