"""What tells one record from another, and when it changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hub.contract.messages import Record
from hub.records.shape import NUMBER_SCHEMES
from hub.scaffold.draft import Draft, quoted
from hub.scaffold.evidence import date_shape, told
from hub.scaffold.knowledge import Knowledge
from hub.scaffold.paths import gathered

_IS_STAMP = re.compile(
    r"xgsj|gxsj|zhxg|zhgx|updat|modif|lastchange|timestamp|更新|修改"
)
_IS_KEY = re.compile(r"(bh|ah|id|no|number|key|code|号)$", re.IGNORECASE)


def find_key(
    draft: Draft, records: Sequence[Record], knowledge: Knowledge, number: str
) -> None:
    """Choose the record's key: a case number, else a value of its own in each."""
    case = draft.layout("case")
    order = dict.fromkeys((number, *NUMBER_SCHEMES))
    shaped = [case.fields[one].source for one in order if one in case.fields]
    draft.key = shaped[0] if shaped else _named_key(records, knowledge)
    if not draft.key:
        return
    target = next((k for k, v in case.fields.items() if v.source == draft.key), "")
    if target in NUMBER_SCHEMES:
        line = case.fields[target]
        says = line.says.replace(" }", ", required: true }")
        case.take(target, says, f"{line.why}; the record's key", draft.key)
        return
    case.ignored.pop(draft.key, None)
    case.fields.pop(target, None)
    rule = f"{{ from: {quoted(draft.key)}, convert: trimmed, required: true }}"
    why = f"the record's key, but of no known shape; is it the {number}?"
    case.take(number, rule, why, draft.key)


def _named_key(records: Sequence[Record], knowledge: Knowledge) -> str:
    """A field with a value of its own in every record, named like a key."""
    for path, values in gathered(records, lambda _name, _child: False):
        name = path.rpartition("/")[2]
        given = [str(one) for one in told(values)]
        known = knowledge.meanings(name, "case")
        meant = any(one.field in NUMBER_SCHEMES for one in known)
        is_own = len(given) == len(records) == len(set(given))
        if is_own and (meant or _IS_KEY.search(name)) and not date_shape(values):
            return path
    return ""


def find_stamp(draft: Draft, records: Sequence[Record]) -> None:
    """Choose the time of change: by its meaning, else by its name."""
    case = draft.layout("case")
    if "modified_at" in case.fields:
        draft.stamp = case.fields["modified_at"].source
        return
    for path, values in gathered(records, lambda _name, _child: False):
        name = path.rpartition("/")[2].lower()
        if _IS_STAMP.search(name) and date_shape(values):
            draft.stamp = path
            case.ignored.pop(path, None)
            rule = f"{{ from: {quoted(path)}, convert: local_time }}"
            why = f"named like the time of change; {date_shape(values)}"
            case.take("modified_at", rule, why, path)
            return
