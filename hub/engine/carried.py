"""Did a parcel carry a value? Its words are written anew from before and after.

A hand-over is concerned only where the receiver would be told other words now, and
what it was sent has the words of before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import combinations
from typing import cast

from hub.contract.messages import Record, Tree
from hub.engine.hub import Hub
from hub.errors import NotFound
from hub.mapping.path import Path
from hub.mapping.rules import RecordRules
from hub.store.replay_changes import Sent

#: of more persons than this only all of them and each alone are tried
_FEW = 10


def carried(hub: Hub, sent: Sent, before: Record, after: Record) -> frozenset[str]:
    """The canonical paths that this hand-over tells, if it carried what was wrong.

    Empty where its words would be the same now, or were others than those of
    before. A path stands for everything below it.
    """
    try:
        mapping = hub.mapping_of(sent.endpoint)
        rules = mapping.parsed.parcels[sent.node]
    except (NotFound, KeyError):
        return frozenset()
    keys = _persons(sent, before)
    words = [
        _flat(mapping.write(sent.node, _handed(record, sent, keys)).body)
        for record in (before, after)
    ]
    told = _flat(sent.body)
    places = {*words[0], *words[1]}
    wrong = (
        place
        for place in places
        if words[0].get(place) != words[1].get(place)
        and told.get(place) == words[0].get(place)
    )
    return frozenset(told_paths(rules)) if any(wrong) else frozenset()


def concerns(path: str, told: frozenset[str]) -> bool:
    """Is a changed path among those a parcel tells?"""
    return any(path == one or path.startswith(f"{one}.") for one in told)


def _handed(record: Record, sent: Sent, keys: frozenset[str]) -> Record:
    """The record as packing saw it: its handler, and the persons handed over."""
    persons = cast("list[Record]", record.get("persons") or [])
    chosen: list[Tree] = [one for one in persons if one.get("match_key") in keys]
    if not chosen:
        chosen = list(persons)  # their identity itself was mended
    return {**record, "handler": sent.sender, "persons": chosen}


def _persons(sent: Sent, record: Record) -> frozenset[str]:
    """Whose match keys the business key stands for; all where none fits."""
    persons = cast("list[Record]", record.get("persons") or [])
    keys = sorted(str(one.get("match_key")) for one in persons)
    wanted = sent.business_key.split("/")[-2] if "/" in sent.business_key else ""
    sizes = range(len(keys), 0, -1) if len(keys) <= _FEW else (len(keys), 1)
    for size in sizes:
        for chosen in combinations(keys, size):
            joined = "\n".join(chosen)
            if sha256(joined.encode()).hexdigest()[:12] == wanted:
                return frozenset(chosen)
    return frozenset(keys)


def told_paths(rules: RecordRules, base: str = "") -> Iterator[str]:
    """The canonical paths that the rules of a parcel speak of."""
    for rule in rules.rules:
        if rule.when is not None:
            yield from (_below(base, path) for path in rule.when.paths)
        homes = [_below(base, path) for path in rule.each] or [base]
        for home in homes:
            if rule.inner is not None:
                lead = rule.sources if not rule.each else (Path("", ()),)
                for path in lead:
                    yield from told_paths(rule.inner, _below(home, path))
            elif rule.sources:
                yield from (_below(home, path) for path in rule.sources)
            elif rule.each:
                yield home


def _below(base: str, path: Path) -> str:
    steps = path.steps if path.is_absolute or not base else (base, *path.steps)
    return ".".join(steps)


def _flat(tree: Tree, place: str = "") -> Mapping[str, Tree]:
    """Place -> value of every leaf."""
    found: dict[str, Tree] = {}
    if isinstance(tree, dict):
        for name, below in tree.items():
            found |= _flat(below, f"{place}/{name}")
    elif isinstance(tree, list):
        for index, below in enumerate(tree):
            found |= _flat(below, f"{place}[{index}]")
    else:
        found[place] = tree
    return found
