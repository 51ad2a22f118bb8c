"""A mapping file from a few lines of YAML, with the product's code tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from hub.mapping.code_tables.tables import Tables
from hub.mapping.converters.converter import Converter
from hub.mapping.converters.registry import registry
from hub.mapping.load import Mappings, SystemMapping
from hub.mapping.value import Unreadable

ROOT = Path(__file__).parents[3]

Load = Callable[..., SystemMapping]


def bare(found: object) -> object:
    """A converter's answer without the reason, which has its own tests."""
    return Unreadable(found.original) if isinstance(found, Unreadable) else found


@pytest.fixture(scope="session")
def standard() -> Tables:
    """The product's code tables."""
    return Tables.load(ROOT / "mappings" / "tables")


@pytest.fixture(scope="session")
def converters(standard: Tables) -> dict[str, Converter]:
    """Every converter, with the product's divisions."""
    rows = standard.table("division").rows
    return dict(registry(frozenset(row.code for row in rows)))


@pytest.fixture
def load(tmp_path: Path, standard: Tables) -> Load:
    """Load the mapping of an invented system ``demo`` from its sections."""

    def load_sections(sections: str, tables: Tables = standard) -> SystemMapping:
        head = "system: demo\nrevision: 1\ntitle: { zh: 演示, en: Demo }\n"
        text = head + dedent(sections)
        (tmp_path / "demo.yaml").write_text(text, "utf-8")
        return Mappings.load(tmp_path, tables).system("demo")

    return load_sections
