"""What somebody asks for with ``hub new-adapter``, and what is refused at once."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hub.errors import RequestInvalid
from hub.mapping.code_tables.tables import Tables

TRANSPORTS = ("soap", "rest", "sql", "drop", "mq")
#: the forms of a sample that a transport's template can carry
FORMS: dict[str, tuple[Literal["xml", "json", "csv"], ...]] = {
    "soap": ("xml",),
    "rest": ("json",),
    "sql": ("csv", "json"),
    "drop": ("xml", "json", "csv"),
    "mq": ("json", "xml"),
}
#: what each brings is a whole record, and nothing is asked by a time
DELIVERED = ("drop", "mq")
_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)
_LONGEST = 30
#: names that mean something else beside an adapter
_TAKEN = frozenset({"any", "hub", "tests", "precedence", "overlays", "tables"})
#: agency type -> the number field its systems give out
NUMBERS = {
    "POLICE": "police_number",
    "PROC": "department_number",
    "COURT": "court_number",
    "JUSTICE": "correction_number",
    "COMMUNITY_CORRECTION": "correction_number",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """The new adapter as asked for; empty texts were not told.

    ``root`` is the project's folder.
    """

    root: Path
    name: str
    transport: str
    wsdl: Path | None = None
    sample: Path | None = None
    encoding: str = ""
    agency_type: str = ""

    def places(self) -> tuple[Path, ...]:
        """The three places it will fill."""
        return (
            self.root / "adapters" / self.name,
            self.root / "mappings" / f"{self.name}.yaml",
            self.root / "tests/adapters" / self.name,
        )


def check_wish(wish: Wish, tables: Tables) -> None:
    """Raises ``RequestInvalid`` for what cannot be made, before anything is."""
    _check_name(wish)
    for place in wish.places():
        if place.exists():
            told = place.relative_to(wish.root)
            zh, en = f"{told} 已存在", f"{told} is there already"
            raise RequestInvalid(zh, en, where="NAME")
    if wish.transport not in TRANSPORTS:
        known = ", ".join(TRANSPORTS)
        zh, en = f"传输方式应为 {known} 之一", f"The transport is one of {known}"
        raise RequestInvalid(zh, en, where="--transport")
    if wish.wsdl and wish.transport != "soap":
        zh, en = "--wsdl 只用于 soap", "--wsdl goes with soap only"
        raise RequestInvalid(zh, en, where="--wsdl")
    _check_type(wish, tables)


def _check_name(wish: Wish) -> None:
    name = wish.name
    is_good = _NAME.fullmatch(name) and len(name) <= _LONGEST
    if not is_good or keyword.iskeyword(name) or name in _TAKEN:
        raise RequestInvalid(
            f"{name!r} 不能作为适配器名：小写字母开头，只含小写字母、数字和单个下划线，"
            f"至多 {_LONGEST} 个字符，且不是保留字",
            f"{name!r} cannot name an adapter: small letters, digits and single "
            f"underscores, a letter first, at most {_LONGEST}, and no reserved word",
            where="NAME",
        )


def _check_type(wish: Wish, tables: Tables) -> None:
    known = tables.table("agency_type").codes
    if wish.agency_type and wish.agency_type not in known:
        told = ", ".join(known)
        raise RequestInvalid(
            f"没有机关类型 {wish.agency_type}；有：{told}",
            f"There is no agency type {wish.agency_type}; there are: {told}",
            where="--agency-type",
        )


def class_name(name: str) -> str:
    """``police_case`` becomes ``PoliceCase``."""
    return "".join(part.capitalize() for part in name.split("_"))
