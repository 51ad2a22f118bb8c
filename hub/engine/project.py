"""From facets to one case: for each field the facet that wins, and who disagrees.

Pure. The winner is the first by the declared precedence of systems
(``mappings/precedence.yaml``), among one system the one whose bytes are newest. A
value that lost and differs is kept as a disagreement; nothing is averaged or guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol, cast

from hub.contract.messages import Record, Tree
from hub.engine.persons import Member, cluster
from hub.records.projection import ProjectedPerson, Projection, Told
from hub.records.shape import NUMBER_SCHEMES, SHAPES, UNREADABLE, scalars
from hub.store.facets import Facet

#: Facts of one agency's own handling: a difference is not a disagreement.
OWN = frozenset(
    {
        "accepted_on",
        "due_on",
        "closed_on",
        "handler",
        "modified_at",
        "is_withdrawn",
        "stage",
        "role",
        "source_id",
        "wording",
        "file_name",
        *NUMBER_SCHEMES,
    }
)


class Precedence(Protocol):
    """Which system is believed first for a field."""

    def order(self, kind: str, field: str) -> tuple[str, ...]:
        """System names, most believed first."""


Telling = tuple[Facet, Record]


def project(facets: Sequence[Facet], precedence: Precedence) -> Projection:
    """The case that these current facets make. At least one facet is needed.

    An endpoint that tells of a case in several records (two reviews, a later
    register) speaks with one voice: its newest record that tells the field.
    """
    live = [one for one in facets if not one.body.get("is_withdrawn")]
    tellings: list[Telling] = [(one, one.body) for one in (live or facets)]
    case = _tell("case", tellings, precedence)
    case.values["is_withdrawn"] = not live
    return Projection(
        case=case,
        persons=[_person(members, precedence) for members in cluster(tellings)],
        documents=_documents(tellings, precedence),
        agencies=frozenset(_agencies(tellings)),
    )


def _agencies(tellings: Iterable[Telling]) -> Iterable[str]:
    for _, body in tellings:
        for name in ("investigator", "handler"):
            if body.get(name):
                yield str(body[name])


def _person(members: Sequence[Member], precedence: Precedence) -> ProjectedPerson:
    tellings = [(member.facet, _with_stage(member)) for member in members]
    told = _tell("person", tellings, precedence)
    return ProjectedPerson(
        match_key=members[0].match_key,
        told=told,
        charges=_listed("charges", tellings, told, precedence),
        measures=_listed("measures", tellings, told, precedence),
        sentence=_sentence(tellings, precedence),
    )


def _with_stage(member: Member) -> Record:
    """A system that tells one stage for the whole case tells it for each person."""
    stage = member.body.get("stage") or member.facet.body.get("stage")
    return {**member.body, "stage": stage} if stage else member.body


def _sentence(tellings: Sequence[Telling], precedence: Precedence) -> Told | None:
    given = [
        (facet, cast("Record", body["sentence"]))
        for facet, body in tellings
        if body.get("sentence")
    ]
    return _tell("sentence", given, precedence) if given else None


#: list field of a person -> kind of its items, and the field that marks an item
_LISTS = {"charges": ("charge", "crime"), "measures": ("measure", "kind")}


def _listed(
    name: str, tellings: Sequence[Telling], owner: Told, precedence: Precedence
) -> list[Told]:
    """A list is believed whole: the winning system's; other lists disagree."""
    kind, mark = _LISTS[name]
    telling = [one for one in tellings if one[1].get(name)]
    if not telling:
        return []
    if len(telling) == 1:
        facet, body = telling[0]
        owner.sources[name] = _source(facet)
        return [_alone(kind, facet, item) for item in _items(body[name])]
    ranked = _ranked(telling, precedence.order("person", name))
    facet, body = ranked[0]
    won = {_mark(item, mark) for item in _items(body[name])}
    owner.sources[name] = _source(facet)
    lost = [
        {"value": sorted(marks), **_source(other)}
        for other, told in _voices(ranked)[1:]
        if (marks := {_mark(item, mark) for item in _items(told[name])}) != won
    ]
    if lost:
        owner.disagreements[name] = list(lost)
    return [_tell(kind, [(facet, item)], precedence) for item in _items(body[name])]


def _mark(item: Record, name: str) -> str:
    return str(item.get(name) or item.get("wording") or "")


def _documents(
    tellings: Sequence[Telling], precedence: Precedence
) -> list[tuple[str, Told]]:
    groups: dict[str, list[Telling]] = {}
    for facet, body in tellings:
        for item in _items(body.get("documents")):
            groups.setdefault(document_key(item), []).append((facet, item))
    return [
        (key, _tell("document", telling, precedence)) for key, telling in groups.items()
    ]


def document_key(item: Record) -> str:
    """The mark by which facets mean one document: type with number, else name."""
    return f"{item.get('type') or ''}|{item.get('number') or item.get('name') or ''}"


def _tell(kind: str, tellings: Sequence[Telling], precedence: Precedence) -> Told:
    if len(tellings) == 1:
        return _alone(kind, *tellings[0])
    told = Told()
    for name in scalars(kind):
        telling = [one for one in tellings if one[1].get(name) is not None]
        if telling:
            _choose(told, name, _ranked(telling, precedence.order(kind, name)))
        else:
            _keep_unreadable(told, name, tellings)
    return told


def _alone(kind: str, facet: Facet, body: Record) -> Told:
    """What one facet tells where no other says anything of it."""
    tell = body.get
    values: dict[str, object] = {
        name: value for name in scalars(kind) if (value := tell(name)) is not None
    }
    told = Told(values, dict.fromkeys(values, _source(facet)))
    if UNREADABLE in body:
        for name in scalars(kind):
            if name not in values:
                _keep_unreadable(told, name, [(facet, body)])
    return told


def _choose(told: Told, name: str, ranked: Sequence[Telling]) -> None:
    facet, body = ranked[0]
    told.values[name] = body[name]
    told.sources[name] = _source(facet)
    if name in OWN:
        return
    lost = [
        {"value": other_body[name], **_source(other)}
        for other, other_body in _voices(ranked)[1:]
        if other_body[name] != body[name]
    ]
    if lost:
        told.disagreements[name] = list(lost)


def _keep_unreadable(told: Told, name: str, tellings: Sequence[Telling]) -> None:
    for facet, body in tellings:
        unread = body.get(UNREADABLE)
        if isinstance(unread, dict) and name in unread:
            told.unreadable[name] = str(unread[name])
            told.sources[name] = _source(facet)


def _ranked(tellings: Sequence[Telling], order: tuple[str, ...]) -> list[Telling]:
    rank = {system: place for place, system in enumerate(order)}
    last = len(rank)
    return sorted(
        tellings,
        key=lambda one: (
            rank.get(one[0].system, last),
            -one[0].raw_id,
            -one[0].id,
        ),
    )


def _voices(ranked: Sequence[Telling]) -> list[Telling]:
    """The first telling of each endpoint; what it told before is superseded."""
    found: dict[str, Telling] = {}
    for one in ranked:
        found.setdefault(one[0].endpoint, one)
    return list(found.values())


def _source(facet: Facet) -> Mapping[str, object]:
    """One and the same thing for a facet, so that a row can tell it once."""
    return _source_of(facet.endpoint, facet.id, facet.fetched_at)


@lru_cache(maxsize=4096)
def _source_of(endpoint: str, facet_id: int, at: datetime) -> Mapping[str, object]:
    return {"endpoint": endpoint, "facet": facet_id, "at": at.isoformat()}


def _items(value: Tree) -> list[Record]:
    return cast("list[Record]", value) if isinstance(value, list) else []


def nested(kind: str) -> tuple[str, ...]:
    """The nested fields of a kind."""
    return tuple(
        name
        for name, shape in SHAPES[kind].items()
        if shape.startswith(("one:", "many:"))
    )
