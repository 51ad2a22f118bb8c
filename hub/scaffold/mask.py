"""A sample may hold real people: nothing of them goes into a fixture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hub.contract.messages import Record, Tree
from hub.mapping.converters.identity import check_character
from hub.records.shape import NUMBER_SCHEMES, SHAPES
from hub.scaffold.knowledge import Knowledge

_NUMBER = re.compile(
    r"(?<![\dA-Za-z])\d{6}(\d{8})\d{3}[\dXx](?!\d)"
    r"|(?<![\dA-Za-z])\d{6}(\d{6})\d{3}(?!\d)"
)
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_IS_NAME = re.compile(
    r"(xm|姓名|承办人|经办人|录入人|username|person_?name|full_?name)$", re.I
)
_IS_CASE = re.compile(r"(?<!dw)(?<!jg)(?<!zx)(?<!bm)(bh|ah)$|案号$|案件编号$", re.I)
_BORN = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<rest>\D?\d{1,2}\D?\d{1,2})(?!\d)")
#: numbers shorter than this stand in too many other words
_SHORTEST = 6
_INVENTED = "甲乙丙丁戊己庚辛壬癸"
#: names of people are no longer than this
_LONGEST = 20


class Mask:
    """Invents a person for each in the sample; the same one gets the same name."""

    def __init__(self, knowledge: Knowledge, *, renumber: bool = False) -> None:
        """``knowledge`` says which fields hold names and addresses.

        ``renumber``: case numbers too, of a sample that somebody handed over.
        """
        self._knowledge = knowledge
        self._renumber = renumber
        self._cases: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._numbers: dict[str, str] = {}
        self.fields: dict[str, int] = {}

    @property
    def count(self) -> int:
        """How many values were replaced; ``fields`` says how many in each."""
        return sum(self.fields.values())

    def masked(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """The records with people invented."""
        for one in records:
            self._collect(one, "case")
        return tuple(self._tree(one, "case") for one in records)  # type: ignore[misc]  # a record stays one

    def _collect(self, tree: Tree, kind: str, name: str = "") -> None:
        if isinstance(tree, dict):
            for key, child in tree.items():
                self._collect(child, self._kind(kind, key), key)
        elif isinstance(tree, list):
            for one in tree:
                self._collect(one, kind, name)
        elif isinstance(tree, str) and self._is(kind, name, ("name", "former_name")):
            told = tree.strip()
            if 1 < len(told) <= _LONGEST:
                at = len(self._names)
                invented = _INVENTED[at // 10 % 10] if at > 9 else ""
                self._names.setdefault(told, f"测试{invented}{_INVENTED[at % 10]}")
        elif isinstance(tree, str) and kind == "case" and self._is_case(name):
            told = tree.strip()
            if len(told) >= _SHORTEST:
                made = _renumbered(told, len(self._cases) + 1)
                self._cases.setdefault(told, made)

    def _is_case(self, name: str) -> bool:
        """Does a field of this name hold a case's number?"""
        known = self._knowledge.meanings(name, "case")
        if not self._renumber or any(one.field not in NUMBER_SCHEMES for one in known):
            return False
        return bool(known) or bool(_IS_CASE.search(name))

    def _kind(self, kind: str, name: str) -> str:
        for one in self._knowledge.meanings(name, kind):
            shape = SHAPES[kind].get(one.field, "")
            if shape.startswith(("many:", "one:")):
                return shape.partition(":")[2]
        return kind

    def _is(self, kind: str, name: str, fields: tuple[str, ...]) -> bool:
        if kind in ("document", "charge", "measure", "sentence"):
            return False
        if self._knowledge.meanings(name, "case") and kind == "case":
            return False
        known = self._knowledge.meanings(name, "person")
        is_named = fields[0] == "name" and bool(_IS_NAME.search(name))
        return is_named or any(one.field in fields for one in known)

    def _tree(self, tree: Tree, kind: str, name: str = "") -> Tree:
        if isinstance(tree, dict):
            return {k: self._tree(v, self._kind(kind, k), k) for k, v in tree.items()}
        if isinstance(tree, list):
            return [self._tree(one, kind, name) for one in tree]
        if not isinstance(tree, str) or not tree.strip():
            return tree
        made = self._replaced(tree, kind, name)
        if made != tree:
            self.fields[name] = self.fields.get(name, 0) + 1
        return made

    def _replaced(self, text: str, kind: str, name: str) -> str:
        if self._is(kind, name, ("address",)):
            return "某市某街1号"
        if self._is(kind, name, ("birth_date",)):
            return _BORN.sub(_reborn, text)
        return self._text(text)

    def _text(self, text: str) -> str:
        told = text
        for real in sorted(self._cases, key=len, reverse=True):
            told = told.replace(real, self._cases[real])
        for real in sorted(self._names, key=len, reverse=True):
            told = told.replace(real, self._names[real])
        return _PHONE.sub("12000000000", _NUMBER.sub(self._number, told))

    def _number(self, found: re.Match[str]) -> str:
        real = found[0]
        long, short = found[1], found[2]
        day = long or f"19{short}"
        if not "19000101" <= day <= "21000101" or not _is_day(day):
            return real  # some other number
        if real not in self._numbers:
            born = _born(day[:4], day[4:]) + day[4:]
            body = f"421381{born}{len(self._numbers) % 900 + 10:03d}"
            made = body + check_character(body)
            self._numbers[real] = made if long else made[:6] + made[8:17]
        return self._numbers[real]


def _born(year: str, rest: str) -> str:
    """A year of 1900 to 1905, which nobody alive was born in, for another year."""
    is_leap = rest in ("0229", "229")
    return "1904" if is_leap else f"190{int(year[3]) % 6}"


def _reborn(found: re.Match[str]) -> str:
    """A birth date told anew, with the year that its identity number gets."""
    rest = re.sub(r"\D", "", found["rest"])
    return _born(found["y"], rest) + found["rest"]


def _renumbered(number: str, serial: int) -> str:
    """The number with another serial number: the end of its last digits."""
    runs = list(re.finditer(r"[0-9]+", number))
    if not runs:
        return number
    start, end = runs[-1].span()
    width = min(end - start, 4)
    made = f"{serial % 10_000:04d}" if width == 4 else str(serial)
    return number[: end - width] + made + number[end:]


def _is_day(day: str) -> bool:
    return 1 <= int(day[4:6]) <= 12 and 1 <= int(day[6:8]) <= 31
