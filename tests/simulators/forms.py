"""What a strict interface accepts, written down as data, and nothing else.

``check`` stops at the first thing that is not as the interface says: an unknown or
missing key, a wrong type, an impossible date, a word outside the dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Check = Callable[[Any], bool]


class Refused(ValueError):
    """The message breaks the interface; ``is_code``: by a word nobody knows."""

    def __init__(self, text: str, *, is_code: bool = False) -> None:
        super().__init__(text)
        self.is_code = is_code


@dataclass(frozen=True, slots=True)
class Form:
    """An object: its keys, which of them must be there, and what each holds."""

    needs: Mapping[str, Any]
    may: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one form, with at least so many."""

    form: Form
    least: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A value of one of the system's dictionaries."""

    name: str
    known: Check


def check(value: Any, rule: Any, where: str) -> None:
    """Raises ``Refused`` at the first thing that is not as the interface says."""
    if isinstance(rule, Form):
        _check_form(value, rule, where)
    elif isinstance(rule, Many):
        if not isinstance(value, list) or len(value) < rule.least:
            raise Refused(f"{where} 应为数组")
        for index, item in enumerate(value):
            check(item, rule.form, f"{where}[{index}]")
    elif isinstance(rule, Word):
        if not isinstance(value, str) or not rule.known(value):
            raise Refused(f"{where} 字典值无法识别（{rule.name}）", is_code=True)
    elif not rule(value):
        raise Refused(f"{where} 格式错误")


def _check_form(value: Any, rule: Form, where: str) -> None:
    if not isinstance(value, dict):
        raise Refused(f"{where} 应为对象")
    unknown = set(value) - set(rule.needs) - set(rule.may)
    if unknown:
        raise Refused(f"{where} 含未知字段 {sorted(unknown)[0]}")
    missing = set(rule.needs) - set(value)
    if missing:
        raise Refused(f"{where} 缺少字段 {sorted(missing)[0]}")
    for name, item in value.items():
        check(item, rule.needs.get(name) or rule.may[name], f"{where}.{name}")


def text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def loose(value: Any) -> bool:
    return isinstance(value, str)


def like(pattern: str) -> Check:
    shape = re.compile(pattern)
    return lambda value: isinstance(value, str) and bool(shape.fullmatch(value))


def day(value: Any) -> bool:
    try:
        return (
            isinstance(value, str)
            and len(value) == 10
            and bool(date.fromisoformat(value))
        )
    except ValueError:
        return False


def moment(value: Any) -> bool:
    try:
        return bool(datetime.strptime(value, "%Y-%m-%d %H:%M:%S"))  # noqa: DTZ007
    except (TypeError, ValueError):
        return False


def whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def one_of(words_known: Mapping[str, str]) -> Check:
    return lambda value: value in words_known.values()
