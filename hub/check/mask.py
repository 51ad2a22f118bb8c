"""Masks for what a person is called, numbered and told about: same value, same mask.

A mask has the length and the shape of what it hides: Han for Han, digit for digit,
full width for full width, as many bytes in UTF-8 and in GB18030. The key is made for
one recording and kept nowhere, so that nobody can try names until one fits.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from hub.check.persons import IDENTITY, narrowed
from hub.mapping.converters.identity import check_character, upgrade

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
_HAN = (
    "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
    "金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜海咸河淡鳞潜羽翔"
)
_FIRST, _LAST = 1900, 1905
_YEAR = re.compile(r"\d{4}", re.ASCII)
_DATE = re.compile(
    r"(?P<y>\d{4})(?P<a>[^\d]{0,2})(?P<m>\d{1,2})(?P<b>[^\d]{0,2})(?P<d>\d{1,2})",
    re.ASCII,
)
_EPOCH = re.compile(r"-?\d{9,13}", re.ASCII)
_PHONE = re.compile(
    r"(?<!\d)(?:\+?86[- ]?)?(1[3-9])(\d(?:[- ]?\d{4}){2})(?!\d)", re.ASCII
)


@dataclass(slots=True)
class Masks:
    """The masks of one recording. ``divisions`` are codes that an invented identity
    number may begin with, ``names`` what was masked as a name so far.
    """

    divisions: Sequence[str]
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    names: dict[str, str] = field(default_factory=dict, repr=False)

    def name(self, value: str) -> str:
        """A person's name."""
        bare = value.strip()
        if bare not in self.names:
            made = "".join(self._letters("name", bare))
            if bare and "\u4e00" <= bare[0] <= "\u9fff":
                made = self._pick(_SURNAMES, "surname", bare) + made[1:]
            self.names[bare] = made
            pairs = zip(bare, made, strict=True)
            self.names.setdefault(
                squeezed(bare), "".join(two for one, two in pairs if not one.isspace())
            )
        return value.replace(bare, self.names[bare]) if bare else value

    def text(self, value: str) -> str:
        """Free text: known names and numbers by their masks, the rest by letters."""
        known = sorted((one for one in self.names if len(one) > 1), key=len)
        parts = [re.escape(one) for one in reversed(known)]
        if not parts:
            return self._plain(value)
        made, at = [], 0
        for found in re.finditer("|".join(parts), value):
            made += [self._plain(value[at : found.start()]), self.names[found[0]]]
            at = found.end()
        return "".join([*made, self._plain(value[at:])])

    def _plain(self, value: str) -> str:
        """Letters and digits replaced, numbers of persons by their own masks."""
        made = list(self._letters("text", value))
        for found in IDENTITY.finditer(narrowed(value)):
            inside = value[found.start() : found.end()]
            made[found.start() : found.end()] = self.identity(inside)
        told = "".join(made)
        return self.phones(told)

    def phones(self, value: str) -> str:
        """Mobile numbers made ones that no network gives out."""
        made = list(value)
        for found in _PHONE.finditer(narrowed(value)):
            at = found.start(1) + 1
            made[at] = _as_wide(str(self._number(3, "phone", found[0])), value[at])
            for place in range(found.start(2), found.end(2)):
                if narrowed(value[place]).isdigit():
                    digit = str(self._number(10, "phone", found[0], str(place - at)))
                    made[place] = _as_wide(digit, value[place])
        return "".join(made)

    def identity(self, value: str) -> str:
        """An identity number; any other number of a document digit by digit."""
        plain = narrowed(value)
        made = list(self._letters("number", value))
        for found in IDENTITY.finditer(plain):
            at = [n for n in range(*found.span()) if plain[n].isalnum()]
            told = self._numbered("".join(plain[n] for n in at))
            for place, digit in zip(at, told, strict=True):
                made[place] = _as_wide(digit, value[place])
        return "".join(made)

    def _numbered(self, number: str) -> str:
        """A number of somebody born 1900 to 1905, right or wrong as the original."""
        full = upgrade(number) if len(number) == 15 else number.upper()
        told = full[6:10], full[10:12], full[12:14]
        born = self.born(*told) if _is_birth(told[0]) else told
        sequence = self._number(490, "sequence", full) * 2 + 10 + int(full[16]) % 2
        body = f"{self._division(full[:6])}{''.join(born)}{min(sequence, 989):03}"
        check = check_character(body)
        if check_character(full) != full[17]:
            check = str((int(check) + 1) % 10) if check.isdigit() else "0"
        return body[:6] + body[8:] if len(number) == 15 else body + check

    def _division(self, code: str) -> str:
        if code not in self.divisions:
            return f"99{self._number(10_000, 'division', code):04}"
        return self._pick(self.divisions, "division", code)

    def born(self, year: str, month: str, day: str) -> tuple[str, str, str]:
        """Another birth, before anybody alive; month and day as wide as they were."""
        told = (year, month.zfill(2), day.zfill(2))
        made_year = _FIRST + self._number(_LAST - _FIRST + 1, "year", *told)
        m, d = int(month), int(day)
        if not (1 <= m <= 12 and 1 <= d <= 31):
            return str(made_year), month, day
        made_month = 10 + self._number(3, "m", *told) if m > 9 else 0
        made_day = 10 + self._number(19, "d", *told) if d > 9 else 0
        made_month = made_month or 1 + self._number(9, "m", *told)
        made_day = made_day or 1 + self._number(9, "d", *told)
        widths = len(month), len(day)
        return (
            str(made_year),
            str(made_month).zfill(widths[0]),
            str(made_day).zfill(widths[1]),
        )

    def birth(self, value: str) -> str:
        """A birth date in whatever form, told as another one in the same form."""
        plain = narrowed(value)
        if _EPOCH.fullmatch(plain.strip()) and not _is_day(plain.strip()):
            return self._epoch(value)
        found = _DATE.search(plain)
        if found is None:
            year = _YEAR.search(plain)
            return self._years(value, year) if year else value
        if not _is_birth(found["y"]):
            return value
        made = list(value)
        born = self.born(found["y"], found["m"], found["d"])
        for group, told in zip("ymd", born, strict=True):
            for place, digit in zip(range(*found.span(group)), told, strict=True):
                made[place] = _as_wide(digit, value[place])
        return "".join(made)

    def _years(self, value: str, found: re.Match[str]) -> str:
        if not _is_birth(found[0]):
            return value
        year = str(_FIRST + self._number(_LAST - _FIRST + 1, "year", found[0]))
        return value[: found.start()] + year + value[found.end() :]

    def _epoch(self, value: str) -> str:
        number = int(value)
        unit = 1000 if abs(number) >= 10**10 else 1
        days = number // unit // 86_400
        old = date(1970, 1, 1) + timedelta(days=days)
        if not _is_birth(str(old.year)):
            return value
        born = self.born(f"{old.year}", f"{old.month:02}", f"{old.day:02}")
        shift = date(*map(int, born)) - old
        return str(number + shift.days * 86_400 * unit)

    def _letters(self, purpose: str, value: str) -> list[str]:
        """Every letter and digit as another one of its kind, all else as it is."""
        return [
            self._letter(one, purpose, value, str(place))
            for place, one in enumerate(value)
        ]

    def _letter(self, one: str, *about: str) -> str:
        if not one.isalnum():
            return one
        if "\u4e00" <= one <= "\u9fff" and len(one.encode("gb18030")) == 2:
            return self._pick(_HAN.replace(one, ""), *about)
        return self._pick(_alike(one), *about)

    def _pick(self, among: Sequence[str], *about: str) -> str:
        return among[self._number(len(among), *about)]

    def _number(self, below: int, *about: str) -> int:
        told = "\x00".join(about).encode("utf-8", "surrogatepass")
        made = hmac.new(self.key, told, hashlib.sha256).digest()
        return int.from_bytes(made[:8], "big") % below


def squeezed(text: str) -> str:
    """A text without its blanks: forms have them between a short name's letters."""
    return "".join(text.split())


def _is_day(text: str) -> bool:
    """Eight digits are a day, not seconds."""
    return len(text.lstrip("-")) == 8


def _is_birth(year: str) -> bool:
    """May somebody alive be born in it? Others are marks for "unknown"."""
    return _LAST < int(year) < 2100


def _as_wide(digit: str, like: str) -> str:
    """A digit or letter in the width of another character."""
    return chr(ord(digit) + 0xFEE0) if "\uff01" <= like <= "\uff5e" else digit


@lru_cache(maxsize=4096)
def _alike(one: str) -> str:
    """The characters that may stand for this one: same kind, same bytes."""
    if one in "0123456789":
        return "0123456789".replace(one, "")
    start = ord(one) & ~0x3F
    near = (chr(point) for point in range(start, start + 0x40))
    found = "".join(two for two in near if two != one and _kind(two) == _kind(one))
    return found or one


def _kind(one: str) -> tuple[object, ...]:
    try:
        sizes = len(one.encode("utf-8")), len(one.encode("gb18030"))
    except UnicodeEncodeError:
        return (one,)
    return one.isalnum(), one.isdecimal(), one.isupper(), one.islower(), *sizes
