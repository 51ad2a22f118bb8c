"""The mapping room: legacy words into canonical ones and back, by data files."""

from hub.mapping.code_tables.tables import Crosswalk, Row, Table, Tables
from hub.mapping.load import Mappings, SystemMapping
from hub.mapping.precedence import Precedence
from hub.mapping.read import Mapped
from hub.mapping.write import Written

__all__ = [
    "Crosswalk",
    "Mapped",
    "Mappings",
    "Precedence",
    "Row",
    "SystemMapping",
    "Table",
    "Tables",
    "Written",
]
