"""Everything that moved in an endpoint's traffic, and when it is over. Pure."""

from __future__ import annotations

from hub.engine.drift_find import (
    CODE_FREQUENT,
    CODE_NEW,
    CODE_RARE,
    CODE_VANISHED,
    FIELD_NEW,
    FIELD_RENAMED,
    Rules,
    Traffic,
    gone_codes,
    gone_fields,
    is_as_before,
    moved_codes,
    new_codes,
    new_fields,
    seen_days,
)
from hub.engine.drift_names import renamed
from hub.records.drift import Drift, Finding


def findings(traffic: Traffic, rules: Rules) -> tuple[Finding, ...]:
    """Everything that moved; a renamed field is one finding and not two."""
    new, gone = new_fields(traffic, rules), gone_fields(traffic, rules)
    pairs = renamed(traffic, new, gone)
    paired = {(one.kind, one.path) for one in pairs}
    paired |= {(one.kind, one.other) for one in pairs}
    alone = [one for one in (*new, *gone) if (one.kind, one.path) not in paired]
    return (
        *new_codes(traffic, rules),
        *gone_codes(traffic, rules),
        *moved_codes(traffic, rules),
        *pairs,
        *alone,
    )


def is_over(kept: Drift, traffic: Traffic, rules: Rules, found: set[object]) -> bool:
    """Is a drift that was found earlier no more?

    What vanished is over when it is seen again, or when the mapping reads it no more;
    it never ends by being forgotten. ``found`` are the keys found now.
    """
    if (kept.drift, kept.kind, kept.path, kept.table, kept.code, kept.other) in found:
        return False
    series = traffic.series.get((kept.kind, kept.path, kept.table, kept.code))
    days = seen_days(series) if series else []
    if kept.drift in (CODE_FREQUENT, CODE_RARE):
        return series is not None and is_as_before(traffic, series, kept.first_on)
    if kept.drift in (CODE_NEW, FIELD_NEW) or (days and days[-1] >= kept.first_on):
        return True
    if kept.drift == CODE_VANISHED:
        return rules.code(kept.kind, kept.path, kept.table, kept.code) is not True
    if kept.drift == FIELD_RENAMED:
        return rules.path(kept.kind, kept.other) != "unread"
    return rules.path(kept.kind, kept.path) != "read"
