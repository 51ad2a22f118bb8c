"""A far side whose clock is off: the times that stand as text in what it says."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

_TIME = re.compile(
    rb"(\d{4}-\d\d-\d\d)( |T|\+|%20)(\d\d)(:|%3A|%3a)(\d\d)(:|%3A|%3a)(\d\d)"
)
_FORM = "%Y-%m-%d %H:%M:%S"


def skewed(text: bytes, seconds: int) -> bytes:
    """The same bytes with every time in them so much later; as long as before."""
    return _TIME.sub(lambda found: _later(found, seconds), text) if seconds else text


def _later(found: re.Match[bytes], seconds: int) -> bytes:
    day, gap, hour, colon, minute, other, second = found.groups()
    told = b" ".join((day, b":".join((hour, minute, second)))).decode()
    try:
        moment = datetime.strptime(told, _FORM) + timedelta(seconds=seconds)  # noqa: DTZ007
    except (ValueError, OverflowError):
        return found[0]
    date, _, clock = moment.strftime(_FORM).encode().partition(b" ")
    hour, minute, second = clock.split(b":")
    return date + gap + hour + colon + minute + other + second


def skewed_date(value: bytes, seconds: int) -> bytes:
    """A Date header by that clock."""
    moment = parsedate_to_datetime(value.decode("ascii")) + timedelta(seconds=seconds)
    return format_datetime(moment.astimezone(UTC), usegmt=True).encode()
