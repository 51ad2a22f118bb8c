"""The closed list of named converters (转换器)."""

from __future__ import annotations

from collections.abc import Mapping

from hub.mapping import (
    convert_amounts,
    convert_dates,
    convert_identity,
    convert_numbers,
    convert_terms,
    convert_text,
)
from hub.mapping.convert import Converter


def registry(divisions: frozenset[str]) -> Mapping[str, Converter]:
    """Every converter by name. ``divisions`` are all division codes ever seen."""
    found = (
        *convert_text.CONVERTERS,
        *convert_dates.CONVERTERS,
        *convert_numbers.CONVERTERS,
        *convert_amounts.CONVERTERS,
        *convert_terms.CONVERTERS,
        *convert_identity.converters(divisions),
    )
    return {converter.name: converter for converter in found}
