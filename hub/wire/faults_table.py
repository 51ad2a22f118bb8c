"""How foreign exceptions are told: groups of classes, a leaf and a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from hub.errors import AgencyError, HubError, Text

#: foreign classes, the leaf they become, and its sentence (``None``: the leaf's own)
Group = tuple[tuple[type[BaseException], ...], type[HubError], Text | None]
Table = Mapping[type[BaseException], tuple[type[HubError], Text]]


def made(groups: Iterable[Group]) -> Table:
    """Foreign class -> leaf and sentence."""
    return MappingProxyType(
        {
            foreign: (leaf, text or leaf.title)
            for group, leaf, text in groups
            for foreign in group
        }
    )


def nearest(
    table: Table, error: BaseException, *, endpoint: str = "", where: str = ""
) -> HubError:
    """The house error for a foreign one; the nearest class in the table wins.

    Only the foreign class's name goes into ``detail``: its text may quote bytes.
    """
    kind = next(kind for kind in type(error).__mro__ if kind in table)
    leaf, text = table[kind]
    detail = type(error).__name__
    if issubclass(leaf, AgencyError):
        return leaf(text.zh, text.en, endpoint=endpoint, where=where, detail=detail)
    return leaf(text.zh, text.en, where=where or endpoint, detail=detail)
