"""A projected case as one canonical record, as the store would give it back."""

from __future__ import annotations

from typing import cast

from hub.contract.messages import Record, Tree
from hub.records.projection import ProjectedPerson, Projection, Told
from hub.records.shape import UNREADABLE


def record_of(projection: Projection, hub_number: str) -> Record:
    """The case in the canonical shape, plus ``hub_number``; absent stays absent."""
    record = _body(projection.case)
    record["hub_number"] = hub_number
    record["persons"] = [_person(one) for one in projection.persons]
    record["documents"] = [_body(told) for _, told in projection.documents]
    return record


def _person(one: ProjectedPerson) -> Record:
    record = _body(one.told)
    record["match_key"] = one.match_key
    record["charges"] = [_body(told) for told in one.charges]
    record["measures"] = [_body(told) for told in one.measures]
    if one.sentence is not None:
        record["sentence"] = _body(one.sentence)
    return record


def _body(told: Told) -> Record:
    body = cast("Record", dict(told.values))
    if told.unreadable:
        body[UNREADABLE] = cast("Tree", dict(told.unreadable))
    return body
