"""The scalars, with descriptions in both languages and one spelling each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

Json = NewType("Json", object)


def _date(value: object) -> date:
    try:
        return date.fromisoformat(_text(value))
    except ValueError as error:
        raise _not("日期 YYYY-MM-DD", "a day, YYYY-MM-DD") from error


def _moment(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(_text(value))
    except ValueError as error:
        raise _not("ISO 8601 时刻", "a moment in ISO 8601") from error
    if found.tzinfo is None:
        raise _not("带时区的时刻", "a moment with its offset")
    return found


def _amount(value: object) -> Decimal:
    try:
        return Decimal(_text(value))
    except InvalidOperation as error:
        raise _not("数额", "an amount") from error


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise _not("文本", "a text")


def _not(zh: str, en: str) -> GraphQLError:
    return GraphQLError(f"应为{zh} / should be {en}")


def _iso(value: date) -> str:
    return value.isoformat()


def plain(value: object) -> object:
    """A value as JSON holds it: dates and amounts become text."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _scalar(
    name: str,
    description: str,
    write: Callable[[Any], object],
    read: Callable[..., Any],
) -> ScalarDefinition:
    return strawberry.scalar(
        name=name, description=description, serialize=write, parse_value=read
    )


SCALARS: dict[object, ScalarDefinition] = {
    date: _scalar("Date", "日期 / A day, YYYY-MM-DD.", _iso, _date),
    datetime: _scalar(
        "DateTime", "时刻 / A moment, ISO 8601 with its offset.", _iso, _moment
    ),
    Decimal: _scalar("Decimal", "数额 / An amount in yuan, as text.", str, _amount),
    Json: _scalar(
        "JSON",
        "任意 JSON 值 / Any JSON value, in the canonical shape.",
        lambda value: value,
        lambda value: value,
    ),
}
