"""What tells one record from another, and when it changed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hub.contract.messages import Record
from hub.records.shape import NUMBER_SCHEMES
from hub.scaffold.declared import Declared
from hub.scaffold.draft import Draft, quoted
from hub.scaffold.evidence import date_shape, told
from hub.scaffold.knowledge import Knowledge
from hub.scaffold.paths import gathered

_IS_STAMP = re.compile(
    r"xgsj|gxsj|zhxg|zhgx|updat|modif|lastchange|timestamp|更新|修改"
)
_IS_KEY = re.compile(r"(bh|ah|id|no|number|key|code|号)$", re.IGNORECASE)

_IS_NUMBER = re.compile(r"编号|案号|number|identifier", re.IGNORECASE)
_KEY_ONLY = "the record's key, no case number that the hub knows"


def find_key(
    draft: Draft,
    records: Sequence[Record],
    knowledge: Knowledge,
    number: str,
    declared: Declared,
) -> None:
    """Choose the record's key: a case number, else a value of its own in each.

    What the WSDL lets be missing is the key only where nothing else can be.
    """
    case = draft.layout("case")
    order = dict.fromkeys((number, *NUMBER_SCHEMES))
    shaped = [case.fields[one].source for one in order if one in case.fields]
    named = _named_keys(records, knowledge)
    draft.key = _chosen(shaped, named, declared)
    if not draft.key:
        return
    loose = declared.may_lack(draft.key)
    doubt = "; yet the WSDL lets it be missing, ask the vendor" if loose else ""
    target = next((k for k, v in case.fields.items() if v.source == draft.key), "")
    if target in NUMBER_SCHEMES:
        line = case.fields[target]
        says = line.says.replace(" }", ", required: true }")
        case.take(target, says, f"{line.why}; the record's key{doubt}", draft.key)
        return
    case.ignored.pop(draft.key, None)
    case.fields.pop(target, None)
    _take_key(draft, number, declared.says(draft.key), doubt, shaped)


def _take_key(
    draft: Draft, number: str, said: str, doubt: str, shaped: Sequence[str]
) -> None:
    """A key of no known shape: no case number if there is one besides."""
    case = draft.layout("case")
    words = f"the WSDL says {said}; " if said else ""
    why = f"{words}the record's key, but of no known shape; is it the {number}?{doubt}"
    if shaped:
        says = f"记录编号，枢纽没有这种案号 / {_KEY_ONLY}"
        case.leave(draft.key, says, why)
        return
    rule = f"{{ from: {quoted(draft.key)}, convert: trimmed, required: true }}"
    case.take(number, rule, why, draft.key)


def _chosen(shaped: Sequence[str], named: Sequence[str], declared: Declared) -> str:
    """The best key, each kind of reason after the other, the sure ones first."""
    sure = [one for one in shaped if not declared.may_lack(one)]
    certain = [one for one in named if not declared.may_lack(one)]
    said = [one for one in certain if _IS_NUMBER.search(declared.says(one))]
    lists = (sure, said, certain, shaped, named)
    return next((one[0] for one in lists if one), "")


def _named_keys(records: Sequence[Record], knowledge: Knowledge) -> list[str]:
    """Fields with a value of their own in every record, named like a key."""
    found = []
    for path, values in gathered(records, lambda _name, _child: False):
        name = path.rpartition("/")[2]
        given = [str(one) for one in told(values)]
        known = knowledge.meanings(name, "case")
        meant = any(one.field in NUMBER_SCHEMES for one in known)
        is_own = len(given) == len(records) == len(set(given))
        if is_own and (meant or _IS_KEY.search(name)) and not date_shape(values):
            found.append(path)
    return found


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
