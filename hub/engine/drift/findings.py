"""Everything that moved in an endpoint's traffic, and when it is over. Pure."""

from __future__ import annotations

from hub.engine.drift.find import (
    CODE_FREQUENT,
    CODE_NEW,
    CODE_RARE,
    CODE_RENAMED,
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
from hub.engine.drift.names import renamed, renamed_codes
from hub.records.drift import Drift, Finding


def findings(traffic: Traffic, rules: Rules) -> tuple[Finding, ...]:
    """Everything that moved; a renamed field is one finding and not two.

    A renamed code is told in place of the one that vanished; the one that came stays a
    drift of its own while its table does not know it, because records wait for it.
    """
    new, gone = new_fields(traffic, rules), gone_fields(traffic, rules)
    pairs = renamed(traffic, new, gone)
    paired = {(one.kind, one.path) for one in pairs}
    paired |= {(one.kind, one.other) for one in pairs}
    alone = [one for one in (*new, *gone) if (one.kind, one.path) not in paired]
    codes = gone_codes(traffic, rules)
    moved = renamed_codes(traffic, codes)
    instead = {(one.kind, one.path, one.table, one.code) for one in moved}
    return (
        *new_codes(traffic, rules),
        *moved,
        *(
            one
            for one in codes
            if (one.kind, one.path, one.table, one.code) not in instead
        ),
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
    if kept.drift in (CODE_VANISHED, CODE_RENAMED):
        return rules.code(kept.kind, kept.path, kept.table, kept.code) is not True
    if kept.drift == FIELD_RENAMED:
        return rules.path(kept.kind, kept.other) != "unread"
    return rules.path(kept.kind, kept.path) != "read"
