"""The places of a record that a code table reads, as a tree to be walked along.

Only what a rule would read is counted: where a condition does not hold, the places
below it are not looked at. Texts that several fields make together (``merge``) are
not counted, since none of these fields holds the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from hub.contract.messages import Tree
from hub.mapping.condition import Condition
from hub.mapping.lookup import Lookup
from hub.mapping.path import Path, find, join
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.split import parts
from hub.mapping.value import ABSENT, Result, Unreadable, as_text, is_blank
from hub.mapping.veil import told


@dataclass(slots=True)
class Reader:
    """A rule that reads one raw path by a table, and the raw texts it met.

    ``where`` is the canonical place, ``split`` the rule that takes a text apart
    before this one, where there is one.
    """

    path: str
    where: str
    rule: Rule
    lookup: Lookup
    split: Rule | None = None
    texts: dict[str, int] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """The code table."""
        return self.lookup.table

    @property
    def meanings(self) -> Mapping[str, str]:
        """The raw codes it knows."""
        return self.lookup.meanings

    @property
    def is_open(self) -> bool:
        """Does the rule take unknown texts for granted?"""
        return self.rule.hold or self.rule.passes

    def count(self, value: Tree) -> None:
        """One raw value met; what is no single text is none."""
        if type(value) is list and len(value) == 1:
            value = value[0]
        if value is not None and not isinstance(value, dict | list):
            text = as_text(value)
            self.texts[text] = self.texts.get(text, 0) + 1

    def take(self) -> dict[str, int]:
        """Raw code -> how often, of the texts met; the reader begins anew.

        What no table knows and does not look like a code is told by its shape.
        """
        counts: dict[str, int] = {}
        for text, count in self.texts.items():
            for code in self._codes(text):
                counts[code] = counts.get(code, 0) + count
        self.texts.clear()
        found: dict[str, int] = {}
        for code, count in counts.items():
            name = code
            if code not in self.meanings:
                name = told(code, self.meanings, count, expected=self.is_open)
            found[name] = found.get(name, 0) + count
        return found

    def _codes(self, text: str) -> Iterator[str]:
        raws: Iterable[str] = (text,)
        if self.split is not None and self.split.split is not None:
            raws = parts(text, self.split.split, self.split.wholes)
        for raw in raws:
            value: Result = raw
            for converter in self.rule.converters:
                if converter.read is None or value is ABSENT:
                    break
                value = converter.read(value)  # type: ignore[arg-type]  # a scalar
                if isinstance(value, Unreadable):
                    break
            if value is not ABSENT and not isinstance(value, Unreadable):
                code = as_text(value).strip()
                if not is_blank(code):
                    yield code


#: one alternative: under which condition, where, and who reads it by a table
Ask = tuple[Condition | None, Path | None, Reader | None]


def _first(ask: Iterable[Ask], node: Tree, top: Tree) -> None:
    """Count the first alternative that tells something; a constant always does."""
    for when, path, reader in ask:
        if when is not None and not when.holds(node, top):
            continue
        if path is None:
            return
        found = find(path, node, top)
        if not is_blank(found):
            if reader is not None:
                reader.count(found)
            return


@dataclass(slots=True)
class Coded:
    """One place on the way to coded fields.

    ``leaves`` are the fields below it that one rule reads and nothing lies below:
    nearly all. ``asks`` are alternatives of which the first that tells something is
    read. ``readers`` are all readers, and stand only at the top.
    """

    below: dict[str, Coded] = field(default_factory=dict)
    leaves: list[tuple[str, dict[str, int]]] = field(default_factory=list)
    deeper: list[tuple[str, Coded]] = field(default_factory=list)
    branches: list[tuple[Condition, Coded]] = field(default_factory=list)
    asks: list[tuple[Ask, ...]] = field(default_factory=list)
    here: list[Reader] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=list)

    def at(self, steps: tuple[str, ...]) -> Coded:
        """The place below this one, made where it is not there yet."""
        place = self
        for step in steps:
            place = place.below.setdefault(step, Coded())
        return place

    def branch(self, when: Condition | None) -> Coded:
        """This place, or the same under a condition."""
        if when is None:
            return self
        found = Coded()
        self.branches.append((when, found))
        return found

    def see(self, node: Tree, top: Tree) -> None:
        """Count the codes at this place and below it."""
        if type(node) is list:
            for element in node:
                self.see(element, top)
            return
        if type(node) is dict:
            self._record(node, top)
        elif node is not None:
            for reader in self.here:
                reader.count(node)
        for ask in self.asks:
            _first(ask, node, top)
        for when, place in self.branches:
            if when.holds(node, top):
                place.see(node, top)

    def _record(self, node: dict[str, Tree], top: Tree) -> None:
        for name, texts in self.leaves:
            told = node.get(name)
            if type(told) is str:
                texts[told] = texts.get(told, 0) + 1
            elif told is not None:
                self.below[name].see(told, top)
        for name, place in self.deeper:
            child = node.get(name)
            if child is not None:
                place.see(child, top)

    @property
    def is_leaf(self) -> bool:
        """Does nothing lie below it?"""
        return not (self.below or self.branches or self.asks)

    def settle(self) -> None:
        """Tell leaves from deeper places, once all are known."""
        for name, place in self.below.items():
            place.settle()
            if place.is_leaf and len(place.here) == 1:
                self.leaves.append((name, place.here[0].texts))
            elif place.here or not place.is_leaf:
                self.deeper.append((name, place))
        for _, place in self.branches:
            place.settle()


def coded(record: RecordRules) -> Coded:
    """The coded places of a record, from the top of its tree."""
    top = Coded()
    start = top.at(record.root.steps if record.root else ())
    base = record.root.text if record.root else ""
    _Building(top).record(record, _Spot(start, base, ""))
    top.settle()
    return top


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place being built: the tree's, its raw path, its canonical place."""

    place: Coded
    path: str
    where: str


@dataclass(slots=True)
class _Building:
    top: Coded
    done: set[tuple[int, str]] = field(default_factory=set)

    def record(
        self, record: RecordRules, spot: _Spot, split: Rule | None = None
    ) -> None:
        place = spot.place.branch(record.when) if spot.where else spot.place
        here = _Spot(place, spot.path, spot.where)
        for whole in record.rules:
            if whole.choices and not any(_is_nested(one) for one in whole.choices):
                self._ask(whole.choices, here, split)
                continue
            for rule in whole.choices or (whole,):
                under = _Spot(place.branch(rule.when), spot.path, spot.where)
                self.rule(rule, under, split)

    def rule(self, rule: Rule, spot: _Spot, split: Rule | None) -> None:
        name = rule.target[0]
        where = f"{spot.where}.{name}" if spot.where else name
        starts = [self._at(path, spot, where) for path in rule.each]
        found = [
            self._at(path, start, where)
            for start in starts or [spot]
            for path in rule.sources
        ]
        if rule.each and not rule.sources:
            found = starts
        if rule.inner is not None:
            below = f"{where}[]" if rule.is_many else where
            apart = rule if rule.split is not None else split
            for one in found:
                self.record(rule.inner, _Spot(one.place, one.path, below), apart)
        elif rule.lookup is not None and not rule.is_merge:
            if len(rule.sources) > 1:
                for start in starts or [spot]:
                    self._ask((rule,), start, split)
                return
            for one in found:
                self._reader(rule, rule.lookup, one, split)

    def _ask(self, rules: Iterable[Rule], spot: _Spot, split: Rule | None) -> None:
        """Alternatives at one place: of one rule, or several rules of one field."""
        told: list[Ask] = []
        for rule in rules:
            if rule.take is None:
                told.append((rule.when, None, None))
            for path in rule.sources:
                where = f"{spot.where}.{rule.target[0]}".lstrip(".")
                text = path.text if path.is_absolute else join(spot.path, path.text)
                reader = None
                if rule.lookup is not None and not rule.is_merge:
                    reader = Reader(text, where, rule, rule.lookup, split)
                    self.top.readers.append(reader)
                told.append((rule.when, path, reader))
        if any(reader is not None for _, _, reader in told):
            spot.place.asks.append(tuple(told))

    def _at(self, path: Path, spot: _Spot, where: str) -> _Spot:
        if path.is_absolute:
            return _Spot(self.top.at(path.steps), path.text, where)
        return _Spot(spot.place.at(path.steps), join(spot.path, path.text), where)

    def _reader(
        self, rule: Rule, lookup: Lookup, spot: _Spot, split: Rule | None
    ) -> None:
        """Two fields told by one path and table are one reader."""
        key = (id(spot.place), lookup.table)
        if key not in self.done:
            self.done.add(key)
            made = Reader(spot.path, spot.where, rule, lookup, split)
            spot.place.here.append(made)
            self.top.readers.append(made)


def _is_nested(rule: Rule) -> bool:
    return rule.inner is not None or bool(rule.each)
