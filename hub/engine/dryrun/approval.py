"""Approval of a change of the rules, bound to the difference that was seen.

One person runs the dry run, another approves its digest. The approval looks again:
the same captured records must show the same, newer ones nothing of another sort.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.engine.dryrun.bench import Difference, Told, Wanted, Window
from hub.engine.dryrun.run import dry_run
from hub.engine.hub import Hub
from hub.engine.rules import not_approved
from hub.errors import ApprovalStale, NotAllowed, NotFound, RequestInvalid
from hub.mapping.dryrun.report import shifts_of
from hub.records.actor import Actor
from hub.store import approvals, events
from hub.store.approvals import StoredDiff

_LONGEST_NAME, _LONGEST_REASON = 100, 500
_SHORTEST_DIGEST = 8
_FIRST = Actor("hub", "hub")


async def propose(
    hub: Hub, wanted: Wanted, who: Actor, told: Told, *, unmasked: bool = False
) -> Difference:
    """Run the comparison and keep what it showed, without anybody's values.

    ``unmasked`` says that samples will be shown as they are: the event ``raw.seen``
    is committed before that.
    """
    _checked(who.name, "--by", _LONGEST_NAME)
    found = await dry_run(hub, wanted, told)
    async with hub.database.begin() as connection:
        rules = found.before, found.after
        await approvals.keep_diff(connection, found.digest, rules, found.body, who)
        if unmasked:
            body = {"diff": found.digest, "by": who.account}
            await events.announce(connection, "raw.seen", body=body)
    return found


async def approve(
    hub: Hub,
    offered: Sequence[str],
    digest: str,
    *,
    who: Actor,
    reason: str,
    told: Told,
) -> StoredDiff:
    """Approve the difference with this digest, if it is still what would be seen.

    Raises ``NotFound`` for a digest nobody was shown, ``NotAllowed`` for whoever ran
    the comparison, ``ApprovalStale`` where anything differs from what was seen.
    """
    _checked(who.name, "--by", _LONGEST_NAME)
    _checked(reason, "--reason", _LONGEST_REASON)
    seen = await _seen(hub, digest)
    if _same_name(who.name, seen.proposed_by):
        raise NotAllowed(
            "批准人不得是运行差异比较的人",
            "Who ran the comparison may not approve it",
            where="--by",
        )
    await _look_again(hub, tuple(offered), seen, told)
    async with hub.database.begin() as connection:
        await approvals.approve(connection, seen, who, reason.strip())
        body = {"diff": seen.digest, "rules": seen.rules_after, "by": who.name}
        await events.announce(connection, "rules.approved", body=body)
    return seen


async def _seen(hub: Hub, digest: str) -> StoredDiff:
    found = None
    if len(digest) >= _SHORTEST_DIGEST:
        async with hub.database.read() as connection:
            found = await approvals.load_diff(connection, digest.lower())
    if found is None:
        raise NotFound(
            "没有这个摘要的差异；先运行 hub map diff",
            "No difference has this digest; run hub map diff first",
            where="--diff",
        )
    return found


async def _look_again(
    hub: Hub, offered: tuple[str, ...], seen: StoredDiff, told: Told
) -> None:
    if hub.book.now.digest != seen.rules_before:
        raise _stale(
            "现行规则已不是比较时的规则",
            "The rules in force are not those of the comparison",
            "mappings",
        )
    window = Window(**seen.body["window"])
    wanted = Wanted(offered, window.last, window.endpoint, window.system)
    again = await dry_run(hub, wanted, told, window=window)
    if again.after != seen.rules_after:
        raise _stale(
            "所给文件不是比较时的文件",
            "The files offered are not those of the comparison",
            "--with",
        )
    before, now = seen.body["groups"], again.body["groups"]
    if _records(before) != _records(now) or _news(before, now):
        raise _changed("--diff")
    newer = await dry_run(hub, wanted, told, after=window.up_to)
    if _news(before, newer.body["groups"]):
        raise _changed("--diff")


def _records(groups: Any) -> list[Any]:
    return [one for one in groups if one["part"] == "records"]


def _news(seen: Any, now: Any) -> bool:
    """Is there anything of a sort that was not seen? Cases move on all the time, so
    of them and of parcels the counts may differ.
    """
    return not shifts_of(now) <= shifts_of(seen)


def _changed(where: str) -> ApprovalStale:
    return _stale(
        "已采集的记录现在显示的差异与所见不同",
        "The captured records show another difference now than was seen",
        where,
    )


def _stale(zh: str, en: str, where: str) -> ApprovalStale:
    return ApprovalStale(zh, en, where=where)


def _same_name(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _checked(text: str, where: str, longest: int) -> None:
    if not text.strip() or len(text) > longest or not text.isprintable():
        raise RequestInvalid(
            f"请填写，不超过 {longest} 个字",
            f"Give a text of at most {longest} characters",
            where=where,
        )


async def guard(hub: Hub) -> None:
    """From now on rules come into force only when somebody approved them.

    The first rules that a hub is guarded with count as approved. Raises
    ``RulesNotApproved`` where those in force now are not.
    """

    async def gate(rules: str) -> bool:
        async with hub.database.read() as connection:
            return await approvals.is_approved(connection, rules)

    rules = hub.book.now.digest
    async with hub.database.begin() as connection:
        reason = "在开始要求批准时已生效 / in force when approvals were first asked for"
        await approvals.begin(connection, rules, _FIRST, reason)
    if not await gate(rules):
        raise not_approved(rules)
    hub.book.gate = gate
