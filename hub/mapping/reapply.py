"""A named rule on named places again: the proof that a value is what its way says.

Nothing but the rule, the raw values at its places and, for one of several values in
a text, which part: no walk through the record that would find the value by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hub.contract.messages import Tree
from hub.contract.place import at
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.split import parts
from hub.mapping.trace import Origin
from hub.mapping.value import ABSENT, Result, Unreadable, as_text


def by_place(records: Mapping[str, RecordRules]) -> dict[str, Rule]:
    """Every rule of a file by its place there (``records.case.fields.title``)."""
    return {
        one.place: one
        for record in records.values()
        for rule in record.rules
        for one in _all(rule)
    }


def _all(rule: Rule) -> Iterator[Rule]:
    yield rule
    yield from rule.choices


def reapply(rules: Mapping[str, Rule], tree: Tree, one: Origin) -> Tree:
    """What the origin's rule gives for what stands at its places in a tree.

    The canonical value, or the original text of what cannot be read. Raises
    ``LookupError`` where the rule is none of these or gives nothing there.
    """
    rule = rules[one.rule]
    if rule.take is None:
        return rule.constant
    raws = [at(tree, place) for place in one.places]
    if one.cut[1] >= 0 and len(raws) == 1 and not rule.join:
        raws = [_part(rules[one.cut[0]], raws[0], one.cut[1])]
    result = _taken(rule, raws)
    if result is ABSENT:
        raise LookupError(one.where)
    return result.original if isinstance(result, Unreadable) else result


def _part(rule: Rule, raw: Tree, index: int) -> Tree:
    assert rule.split is not None  # noqa: S101 - the origin names a rule that splits
    found = list(parts(as_text(raw), rule.split, rule.wholes))
    return found[index] if index < len(found) else None


def _taken(rule: Rule, raws: Sequence[Tree]) -> Result:
    assert rule.take is not None  # noqa: S101 - constants are told before
    if rule.is_merge:
        told = [as_text(raw).strip() for raw in raws if raw is not None]
        return rule.take((rule.join or "").join(told)) if told else ABSENT
    if rule.join is None:
        raw = raws[0] if raws else None
        return ABSENT if raw is None else rule.take(raw)
    found: dict[str, None] = {}
    for raw in raws:
        value = rule.take(raw)
        if isinstance(value, Unreadable):
            return value
        if value is not ABSENT:
            found[as_text(value)] = None
    return rule.join.join(found) if found else ABSENT
