"""A census of traffic: how often each raw field was there and each raw code was seen.

Counted in memory while a page is read, by a walk of its own that knows no values but
codes: of a field that no table reads only its being there is counted. Raw texts of
coded fields are put through the rule's converters once a page and not once a record,
since a page holds few different ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hub.contract.messages import Tree
from hub.mapping.coded import Coded, Reader, coded
from hub.mapping.rules import SystemRules
from hub.mapping.value import as_text, is_blank
from hub.mapping.veil import LONGEST, look, shape
from hub.records.drift import Count

#: fields below one place; a system that uses data for names must not fill the books
_MOST_NAMES = 300
#: different unknown texts of one field in one run that are told one by one
_MOST_TEXTS = 300
#: records of a page whose values are looked at for their class
_SAMPLES = 3
OTHERS = "⟨…⟩"


@dataclass(slots=True)
class Seen:
    """One place in the trees of a page: how often there, how often it told something.

    A list counts its elements. ``look`` is the class of one of its values.
    """

    below: dict[str, Seen] = field(default_factory=dict)
    there: int = 0
    filled: int = 0
    look: str = ""


@dataclass(slots=True)
class Census:
    """What was seen since the last ``take``, by kind of record.

    ``is_load``: of a pull from the beginning. ``has_seen`` stays true once something
    was.
    """

    codes: Mapping[str, Coded]
    is_load: bool = False
    has_seen: bool = False
    fields: dict[str, Seen] = field(default_factory=dict)
    samples: dict[str, list[Tree]] = field(default_factory=dict)
    texts: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: SystemRules, *, is_load: bool = False) -> Census:
        """An empty census by the rules of a system."""
        codes = {name: coded(record) for name, record in rules.records.items()}
        return cls(codes, is_load)

    def see(self, kind: str, tree: Tree) -> None:
        """Count one record. Never raises on data."""
        top = self.fields.get(kind)
        if top is None:
            self.has_seen = True
            top = self.fields[kind] = Seen()
        top.there += 1
        if type(tree) is dict and tree:
            top.filled += 1
            _walk(tree, top.below)
        codes = self.codes.get(kind)
        if codes is not None:
            codes.see(tree, tree)
        samples = self.samples.setdefault(kind, [])
        if len(samples) < _SAMPLES:
            samples.append(tree)

    def take(self) -> list[Count]:
        """What was counted, by path; the census begins anew."""
        found: list[Count] = []
        for kind, top in self.fields.items():
            for tree in self.samples.get(kind, ()):
                _look(tree, top)
            found.extend(_fields(kind, "", top))
        for kind, codes in self.codes.items():
            for reader in codes.readers:
                found.extend(self._codes(kind, reader))
        self.fields.clear()
        self.samples.clear()
        return found

    def _codes(self, kind: str, reader: Reader) -> Iterator[Count]:
        told = self.texts.setdefault((kind, reader.path), set())
        counts: dict[str, int] = {}
        for code, count in reader.take().items():
            name = code
            if code not in reader.meanings and code not in told:
                if len(told) < _MOST_TEXTS:
                    told.add(code)
                else:
                    name = OTHERS
            counts[name] = counts.get(name, 0) + count
        for code, count in counts.items():
            yield Count(kind, reader.path, reader.table, code, count, count, "")


def _walk(node: dict[str, Tree], places: dict[str, Seen]) -> None:
    """Each field of a record and of those below it; the hottest lines here."""
    for name, child in node.items():
        place = places.get(name)
        if place is None:
            place = _new(places, name)
        if type(child) is str:
            place.there += 1
            # nearly every value; the rest is looked at closely
            if (
                "0" <= child < "N"
                or "\u4e00" <= child < "\ua000"
                or not is_blank(child)
            ):
                place.filled += 1
        elif type(child) is dict:
            place.there += 1
            if child:
                place.filled += 1
                _walk(child, place.below)
        elif type(child) is list:
            _walk_list(child, place)
        else:
            place.there += 1
            place.filled += child is not None


def _walk_list(elements: list[Tree], place: Seen) -> None:
    place.there += len(elements) or 1
    for element in elements:
        if type(element) is dict and element:
            place.filled += 1
            _walk(element, place.below)
        elif not is_blank(element):
            place.filled += 1


def _new(places: dict[str, Seen], name: str) -> Seen:
    """A field met for the first time; beyond a number all are one."""
    if len(places) >= _MOST_NAMES:
        return places.setdefault("*", Seen())
    return places.setdefault(name, Seen())


def _fields(kind: str, path: str, place: Seen) -> Iterator[Count]:
    if place.there:
        yield Count(kind, path, "", "", place.there, place.filled, place.look)
    for name, below in place.below.items():
        safe = name if _is_name(name) else shape(name)
        yield from _fields(kind, f"{path}/{safe}" if path else safe, below)


def _is_name(name: str) -> bool:
    """Is it a field's name? Data used for names (an identity number) is not told."""
    digits = sum(letter.isdecimal() for letter in name)
    return len(name) <= LONGEST and digits < 8 and "/" not in name


def _look(node: Tree, place: Seen) -> None:
    """The class of one value of each place."""
    if isinstance(node, dict):
        for name, child in node.items():
            below = place.below.get(name)
            if below is not None:
                _look(child, below)
    elif isinstance(node, list):
        for element in node:
            _look(element, place)
    elif not place.look and not is_blank(node):
        place.look = look(as_text(node))
