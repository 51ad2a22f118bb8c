"""Is what an endpoint told still to be believed as of now? Shown, never hidden.

Where a system has opening hours, only the time it is open counts: what was fresh when
it closed is fresh when it opens, and one that says it is closed is not down.
"""

from __future__ import annotations

from datetime import datetime

from hub.contract.endpoint import Endpoint
from hub.contract.hours import Hours
from hub.errors import AgencyBusy, Text
from hub.records.agency import EndpointStanding, Freshness

ALWAYS = Hours()

_GONE = Text("该接入点已不在配置中", "This endpoint is no longer configured")
_NEVER = Text("尚未完成过同步", "It has not been synced yet")
_OLD = Text("距上次同步已超过保鲜期", "The last sync is older than it may be")
_DOWN = Text("对方系统当前不可用", "The agency's system is down")
_HELD = Text("已暂停，等待人工处理", "It is held until an operator acts")


def freshness(
    endpoint: Endpoint | None,
    standing: EndpointStanding | None,
    now: datetime,
    hours: Hours = ALWAYS,
) -> Freshness:
    """Stale: down, held, not configured, never synced, or synced too long ago."""
    if endpoint is None:
        return Freshness(True, None, _GONE)
    if standing is None:
        return Freshness(True, None, _NEVER)
    if standing.state in {"down", "held"} and not _is_closed(
        endpoint, standing, now, hours
    ):
        return Freshness(True, standing.since, _reason(standing))
    if standing.synced_at is None:
        return Freshness(True, None, _NEVER)
    good_until = hours.after(standing.synced_at, endpoint.fresh_for)
    if good_until < now:
        return Freshness(True, good_until, _OLD)
    return Freshness(False)


def _is_closed(
    endpoint: Endpoint, standing: EndpointStanding, now: datetime, hours: Hours
) -> bool:
    """Is it only closed? Its clock and ours may differ, so it has its grace."""
    if hours == ALWAYS or standing.error_code != AgencyBusy.code:
        return False
    if standing.since is None:
        return not hours.is_open(now)
    return now < hours.after(standing.since, endpoint.fresh_for)


def _reason(standing: EndpointStanding) -> Text:
    plain = _HELD if standing.state == "held" else _DOWN
    return Text(
        f"{plain.zh}：{standing.note_zh}" if standing.note_zh else plain.zh,
        f"{plain.en}: {standing.note_en}" if standing.note_en else plain.en,
    )
