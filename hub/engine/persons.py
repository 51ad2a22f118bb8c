"""Who is who within one case: the same person told by several systems is one.

Only within a case, and never by name alone where the numbers differ: two persons
with different identity numbers stay two, and a human decides (DATA_STANDARDS:
a number is strong evidence, a name is not).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from hub.contract.messages import Record
from hub.store.facets import Facet


@dataclass(slots=True)
class Member:
    """What one facet says of one person."""

    facet: Facet
    body: Record
    match_key: str = ""

    def value(self, name: str) -> str:
        """A field as text; empty when not told."""
        return str(self.body.get(name) or "")


def cluster(tellings: Sequence[tuple[Facet, Record]]) -> list[list[Member]]:
    """Groups of tellings that mean one person, in the order first told."""
    groups: list[list[Member]] = []
    for facet, body in tellings:
        persons = body.get("persons")
        told = cast("list[Record]", persons) if isinstance(persons, list) else []
        members = [Member(facet, item) for item in told]
        if not groups:  # a facet tells each person once: its own are never joined
            groups = [[member] for member in members]
            continue
        for member in members:
            home = _home(groups, member)
            if home is None:
                groups.append([member])
            else:
                home.append(member)
    _name_keys(groups)
    return groups


def _home(groups: list[list[Member]], member: Member) -> list[Member] | None:
    open_groups = [
        group
        for group in groups
        if all(other.facet.id != member.facet.id for other in group)
    ]
    number = member.value("id_number")
    if number:
        for group in open_groups:
            if any(other.value("id_number") == number for other in group):
                return group
    return next((group for group in open_groups if _is_same(group, member)), None)


def _is_same(group: list[Member], member: Member) -> bool:
    number = member.value("id_number")
    birth = member.value("birth_date")
    if not any(other.value("name") == member.value("name") for other in group):
        return False
    numbers = {other.value("id_number") for other in group} - {""}
    births = {other.value("birth_date") for other in group} - {""}
    if number and numbers:
        return False
    return not (birth and births and birth not in births)


def _name_keys(groups: list[list[Member]]) -> None:
    taken: set[str] = set()
    for group in groups:
        key = _key(group)
        while key in taken:
            key += "'"
        taken.add(key)
        for member in group:
            member.match_key = key


def _key(group: list[Member]) -> str:
    """The identity number where anyone tells it, else name and birth date."""
    told = [member.value("id_number") for member in group]
    number = next(filter(None, told), "")
    if number:
        return number
    births = [member.value("birth_date") for member in group]
    return f"{group[0].value('name')}|{next(filter(None, births), '')}"
