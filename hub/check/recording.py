"""A raw record masked so that it may be kept: proven before anything is written.

The masked bytes must read like the original ones, map to the same faults and fields,
hold none of the masked values anywhere and nothing that looks like a real person's
number. What cannot be shown to be so is refused.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hub.check.mask import Masks, squeezed
from hub.check.personal import (
    BIRTH,
    KEEP,
    Sorted,
    changed,
    leaves,
    sorted_values,
)
from hub.check.persons import real_looking
from hub.contract.adapter import Adapter
from hub.contract.messages import RawRecord, Tree
from hub.errors import HubError, RequestInvalid
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import SystemMapping
from hub.mapping.read import Mapped
from hub.mapping.value import is_blank
from hub.wire.rewrite import Unwritable, plain_bytes, plain_texts, rewritten

#: a shorter value stands in other words by chance
_SHORTEST = 2
_CHARSETS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


@dataclass(slots=True)
class Recorder:
    """Masks the records of one system, all with the same masks."""

    adapter: Adapter
    mapping: SystemMapping
    tables: Tables
    masks: Masks

    @classmethod
    def of(cls, adapter: Adapter, mapping: SystemMapping, tables: Tables) -> Recorder:
        """A recorder with a fresh key."""
        codes = tables.table("division").codes if tables.has("division") else ()
        divisions = [one for one in codes if len(one) == 6 and one[4:] != "00"]
        return cls(adapter, mapping, tables, Masks(divisions))

    def learn(self, records: Sequence[RawRecord]) -> None:
        """Take note of the names in all records, so that each is found in any text."""
        for record in records:
            try:
                tree = self.adapter.read(record)
            except HubError:
                continue
            sorted_ = sorted_values(self.mapping, self.tables, record.kind, tree)
            for (_, value), kind in sorted_.told.items():
                if kind == "name":
                    self.masks.name(value)

    def masked(self, record: RawRecord) -> RawRecord:
        """The record masked; raises ``RequestInvalid`` where that cannot be proven."""
        tree, mapped = self._read(record)
        self.learn([record])
        found = sorted_values(self.mapping, self.tables, record.kind, tree)
        try:
            body = rewritten(
                record.body,
                record.media,
                lambda name, value: changed(found, self.masks, name, value),
            )
        except Unwritable as error:
            raise refused(f"{error}") from error
        made = RawRecord(record.kind, record.key, body, record.media, record.modified)
        self._prove(found, tree, mapped, made)
        return made

    def _read(self, record: RawRecord) -> tuple[Tree, Mapped]:
        try:
            tree = self.adapter.read(record)
            return tree, self.mapping.read(record.kind, tree)
        except HubError as error:
            raise refused("the original cannot be read or mapped") from error

    def _prove(
        self, found: Sorted, tree: Tree, mapped: Mapped, made: RawRecord
    ) -> None:
        try:
            new_tree, new_mapped = self._read(made)
        except RequestInvalid as error:
            raise refused("the masked record cannot be read or mapped") from error
        for place in _unmasked(found, tree, new_tree):
            raise refused(f"{place} would keep its value")
        if _faults(mapped) != _faults(new_mapped) or _shape(mapped.body) != _shape(
            new_mapped.body
        ):
            raise refused("the masked record does not map like the original")
        texts = [form for one in plain_texts(made.body) for form in _forms(one)]
        for name in _left(found, texts, plain_bytes(made.body)):
            raise refused(f"a value of {name} would still stand in the bytes")
        divisions = frozenset(self.masks.divisions)
        if any(any(real_looking(one, divisions)) for one in (*texts, made.key)):
            raise refused("a number that may be a real person's would stay")


def refused(why: str) -> RequestInvalid:
    """Why a record is not kept; no value stands in it."""
    return RequestInvalid(
        f"该记录无法就地遮蔽，未写入任何内容（{why}）",
        f"This record cannot be masked in place, nothing was written: {why}",
        where="record",
    )


def _unmasked(found: Sorted, old: Tree, new: Tree) -> Iterator[str]:
    """Places that should be masked and are not, or are of another shape."""
    before, after = list(leaves(old)), list(leaves(new))
    if [path for path, _, _ in before] != [path for path, _, _ in after]:
        yield "the tree"
        return
    for (path, name, value), (_, _, told) in zip(before, after, strict=True):
        kind = found.of(name, value)
        must = kind not in (KEEP, BIRTH) and any(one.isalnum() for one in value)
        if must and not is_blank(value) and told == value:
            yield path


def _left(
    found: Sorted, texts: Sequence[str], bodies: Sequence[bytes]
) -> Iterator[str]:
    """Names of fields of which a masked value still stands somewhere, in any charset.

    What only the bytes hold is no text of the record, and a person's name all the same.
    """
    for (name, value), kind in found.told.items():
        bare = value.strip()
        if kind in (KEEP, BIRTH) or len(bare) < _SHORTEST or found.knows(bare):
            continue
        if not any(one.isalnum() for one in bare):
            continue
        words = {bare, squeezed(bare)}
        codes = {one.encode(charset) for one in words for charset in _CHARSETS}
        is_there = any(one in text for one in words for text in texts)
        if is_there or any(code in body for code in codes for body in bodies):
            yield name


def _forms(text: str) -> Iterator[str]:
    """A text, and what it says with its escapes undone, as often as they nest."""
    yield text
    if "\\u" in text:
        yield text.encode("utf-8", "replace").decode("raw_unicode_escape", "replace")
    for _ in range(3):
        undone = html.unescape(text)
        if undone == text:
            return
        text = undone
        yield text


def _faults(mapped: Mapped) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in mapped.faults]


def _shape(body: Tree) -> object:
    """Which fields were told, whatever they say."""
    if isinstance(body, dict):
        return {name: _shape(child) for name, child in body.items()}
    return [_shape(child) for child in body] if isinstance(body, list) else ""
