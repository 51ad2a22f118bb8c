"""Rule: no fixture holds what may be a real person's number.

An identity number passes if its check digit is wrong, its division never existed or
its birth is impossible. Agreed for invention: births of 1900 to 1905, which nobody
alive has, and telephones that go on with 0 to 2 after the 1, which no network gives.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime

from hub.check.finding import Finding, found
from hub.check.subject import Subject
from hub.check.texts import files, texts
from hub.mapping.converters.identity import check_character, upgrade

#: births from this year on may be somebody's; the invented ones lie before it
POSSIBLE_FROM = 1906
#: not inside longer numbers and names: message ids and digests are full of digits
IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx]|\d{15})(?![0-9A-Za-z])",
    re.ASCII,
)
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z.])(?:\+?86[- ]?)?(1[3-9]\d(?:[- ]?\d{4}){2})(?![0-9A-Za-z])",
    re.ASCII,
)


def look(subject: Subject) -> Iterator[Finding]:
    """Every line of the three places that holds such a number."""
    divisions = frozenset(
        subject.tables.table("division").codes if subject.tables.has("division") else ()
    )
    for path in files(subject.house, subject.system):
        for member, text in texts(path):
            if not _may_hold(text):
                continue
            for number, line in enumerate(text.split("\n"), 1):
                for zh, en in real_looking(line, divisions):
                    inside = f" ({member})" if member else ""
                    where = subject.house.told(path, number if not member else 0)
                    yield found("PERSON_REAL_LOOKING", where + inside, zh, en)


_LONG = re.compile(r"\d{11}|\d{6}[ -]\d{8}|1\d\d[- ]\d{4}")


def _may_hold(text: str) -> bool:
    """Most files hold no number that long; digits of any width are digits to re."""
    return _LONG.search(text) is not None


def real_looking(line: str, divisions: Collection[str]) -> Iterator[tuple[str, str]]:
    """What of a text may be a real person's number, told without the number."""
    plain = narrowed(line)
    for match in IDENTITY.finditer(plain):
        number = re.sub("[ -]", "", match[0]).upper()
        if is_possible(number, divisions):
            column = match.start() + 1
            yield (
                f"第 {column} 列：校验码、区划和出生日期都可能属实的身份证号",
                f"column {column}: an identity number whose check digit, division and "
                "birth may be real",
            )
    for match in _MOBILE.finditer(plain):
        column = match.start() + 1
        yield f"第 {column} 列：手机号码", f"column {column}: a mobile number"


def narrowed(text: str) -> str:
    """Full-width digits and letters as plain ones, each in its place."""
    if text.isascii():
        return text
    return "".join(
        unicodedata.normalize("NFKC", one) if "\uff01" <= one <= "\uff5e" else one
        for one in text
    )


def is_possible(number: str, divisions: Collection[str]) -> bool:
    """May somebody have this identity number of 15 or 18 characters?"""
    full = upgrade(number) if len(number) == 15 else number
    if check_character(full) != full[17] or full[:6] not in divisions:
        return False
    try:
        born = date(int(full[6:10]), int(full[10:12]), int(full[12:14]))
    except ValueError:
        return False
    return born.year >= POSSIBLE_FROM and born <= datetime.now(UTC).date()
