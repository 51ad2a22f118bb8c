"""Mappings as Python source: what the interpreter walks, written out once.

Each record of a file becomes one function, each rule a few lines that name the rule.
The source is kept where tracebacks look for it, so an error shows the real line.
Whatever the straight lines do not foresee (a list where a record is asked for, rules
that are rare) is handed to the interpreter, which stays the measure of all: a test
holds both against each other.
"""

from __future__ import annotations

import linecache
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from types import CodeType
from typing import Any, Final

from hub.contract.messages import Record, Tree
from hub.errors import Fault
from hub.mapping import condition, read
from hub.mapping.read import Reading
from hub.mapping.rules import RecordRules, Rule
from hub.mapping.split import parts
from hub.mapping.spot import Spot, reading_at
from hub.mapping.value import is_blank

#: part of the cache's key: raise it with every change of what is written
GENERATOR: Final = 2

#: a text as it is, where it cannot be a blank one
_PLAIN: Final = (
    "raw if '0' <= raw[:1] <= '9' or '\\u4e00' <= raw[:1] <= '\\u9fff' else None"
)
_PYTHON_TYPES: Final = {"flag": "bool", "int": "int"}

#: reads one record: (node, top, spot, faults) -> body, or ``None`` if nothing is told
Reader = Callable[[Tree, Tree, Spot, list[Fault]], Record | None]


class OddShape(Exception):
    """The straight lines do not foresee this; the interpreter reads the record."""


@dataclass(slots=True)
class Source:
    """Python source in the making, and the things it calls by name."""

    lines: list[str] = field(default_factory=list)
    names: dict[str, Any] = field(default_factory=dict)
    done: dict[int, str] = field(default_factory=dict)

    def add(self, depth: int, *lines: str) -> None:
        """Lines at a depth of indentation."""
        self.lines.extend("    " * depth + line for line in lines)

    def name(self, stem: str, thing: Any) -> str:
        """A name for a thing of the mapping."""
        found = f"{stem}{len(self.names)}"
        self.names[found] = thing
        return found

    def record(self, rules: RecordRules, *, is_top: bool = False) -> str:
        """The function of one kind of record; its name."""
        key = id(rules)
        if key in self.done and not is_top:
            return self.done[key]
        inner = [
            (rule, self.record(rule.inner))
            for rule in rules.rules
            if rule.inner is not None
        ]
        called = {id(rule): name for rule, name in inner}
        name = (
            f"read_{len(self.done)}_{rules.name}"
            if rules.name.isidentifier()
            else (f"read_{len(self.done)}")
        )
        self.done[key] = name
        self._function(name, rules, called, is_top=is_top)
        return name

    def _function(
        self, name: str, rules: RecordRules, called: dict[int, str], *, is_top: bool
    ) -> None:
        self.add(0, f"def {name}(node, top, spot, faults):")
        self.add(1, "out = {}", f"told = {is_top}")
        self.add(1, "get = node.get if type(node) is dict else nothing")
        for rule in rules.rules:
            self.add(1, f"# {rule.place}")
            depth = 1
            if rule.when is not None:
                self.add(1, f"if {rule.when.source}:")
                depth = 2
            self._rule(depth, rule, called.get(id(rule), ""))
            if rule.when is not None and rule.required:
                self.add(1, "else:")
                self._by_interpreter(2, rule)
        self.add(1, "return out if told else None", "")

    def _rule(self, depth: int, rule: Rule, called: str) -> None:
        is_plain = not rule.choices and not rule.is_merge and rule.join is None
        if not is_plain:
            self._by_interpreter(depth, rule)
        elif rule.inner is not None:
            self._nested(depth, rule, called)
        elif rule.take is None:
            self.add(depth, f"out[{rule.target[0]!r}] = {rule.constant!r}")
            if not rule.is_borrowed:
                self.add(depth, "told = True")
        else:
            self._scalar(depth, rule)

    def _by_interpreter(self, depth: int, rule: Rule) -> None:
        self.add(depth, self._care(self.name("R", rule)))

    def _care(self, held: str) -> str:
        return f"told |= interpreted({held}, node, top, spot, faults, out)"

    def _scalar(self, depth: int, rule: Rule) -> None:
        """Straight where a text gives a value; anything else is read with care."""
        held = self.name("R", rule)
        care = self._care(held)
        self.add(depth, f"raw = {self._raw(rule)}", "if type(raw) is str:")
        self._take(depth + 1, rule)
        gives = _PYTHON_TYPES.get(rule.converters[-1].gives if rule.converters else "")
        self.add(depth + 1, f"if type(v) is {gives or 'str'}:")
        self.add(depth + 2, f"out[{rule.target[0]!r}] = v")
        if not rule.is_borrowed:
            self.add(depth + 2, "told = True")
        self.add(depth + 1, "else:", f"    {care}")
        self.add(depth, "else:" if rule.required else "elif raw is not None:")
        self.add(depth + 1, care)

    def _raw(self, rule: Rule) -> str:
        if rule.key:
            return f"get({rule.key!r})"
        if len(rule.sources) == 1 and not rule.sources[0].steps:
            return "top" if rule.sources[0].is_absolute else "node"
        return f"first_of({self.name('S', rule.sources)}, node, top)"

    def _take(self, depth: int, rule: Rule) -> None:
        """``v``: what the converters and the table give for the text ``raw``."""
        sides = [self.name("c", one.read) for one in rule.converters]
        table = self.name("m", rule.lookup.meanings.get) if rule.lookup else ""
        if not sides and not table:
            self.add(depth, f"v = {_PLAIN}")
            return
        if not sides:
            self.add(depth, f"v = {table}(raw.strip()) or None")
            return
        value = f"{sides[0]}(raw)"
        self.add(depth, f"v = {value}")
        for side in sides[1:]:
            self.add(depth, f"v = {side}(v) if type(v) is str else None")
        if table:
            self.add(
                depth, f"v = {table}(v.strip()) or None if type(v) is str else None"
            )

    def _nested(self, depth: int, rule: Rule, called: str) -> None:
        paths = rule.each or rule.sources
        plain = len(paths) == 1 and not paths[0].is_absolute
        is_one = not rule.is_many
        if not plain or (is_one and (rule.split is not None or rule.each)):
            self._by_interpreter(depth, rule)
            return
        held = self.name("R", rule)
        if rule.split is not None:
            self._split(depth, rule, called, held)
        elif is_one:
            self._single(depth, rule, called, held)
        else:
            self._many(depth, rule, called, held)

    def _walk(self, depth: int, steps: tuple[str, ...]) -> None:
        """``found``: what stands at a path; an odd shape on the way is signalled."""
        if not steps:
            self.add(depth, "found = node")
            return
        self.add(depth, f"found = get({steps[0]!r})")
        for step in steps[1:]:
            self.add(
                depth,
                "if type(found) is dict:",
                f"    found = found.get({step!r})",
                "elif found is not None:",
                "    found = nowhere(found)",
            )

    def _element(self, rule: Rule, spot: str) -> tuple[str, str]:
        """Condition and place of one element of a nested record."""
        assert rule.inner is not None  # noqa: S101 - nested rules only
        held = ""
        if rule.inner.when is not None:
            held = f" and {self.name('w', rule.inner.when.holds)}(element, top)"
        return f"not blank(element){held}", spot

    def _body(self, depth: int, called: str, spot: str) -> None:
        self.add(
            depth,
            "mark = len(faults)",
            f"body = {called}(element, top, {spot}, faults)",
            "if body is None:",
            "    del faults[mark:]",
        )

    def _many(self, depth: int, rule: Rule, called: str, held: str) -> None:
        path = (rule.each or rule.sources)[0]
        self._walk(depth, path.steps)
        self.add(depth, "items = []", "if found is not None:")
        self.add(depth + 1, "is_list = type(found) is list")
        self.add(
            depth + 1, "for i, element in enumerate(found if is_list else (found,)):"
        )
        self.add(depth + 2, "if type(element) is list: raise OddShape")
        tests, _ = self._element(rule, "")
        self.add(depth + 2, f"if {tests}:")
        spot = f"(spot, {held}, len(items), {path.text or '.'!r}, i if is_list else -1)"
        self._body(depth + 3, called, spot)
        self.add(depth + 3, "else:", "    items.append(body)")
        self._listed(depth, rule, held)

    def _listed(self, depth: int, rule: Rule, held: str) -> None:
        self.add(depth, "if items:", f"    out[{rule.target[0]!r}] = items")
        if not rule.is_borrowed:
            self.add(depth, "    told = True")
        if rule.required:
            self.add(depth, "else:", f"    {self._care(held)}")

    def _split(self, depth: int, rule: Rule, called: str, held: str) -> None:
        path = (rule.each or rule.sources)[0]
        marks = self.name("k", rule.split)
        wholes = self.name("h", rule.wholes)
        self._walk(depth, path.steps)
        self.add(depth, "items = []", "if type(found) is str:")
        self.add(depth + 1, f"for element in parts(found, {marks}, {wholes}):")
        tests, _ = self._element(rule, "")
        self.add(depth + 2, f"if {tests}:")
        self._body(
            depth + 3, called, f"(spot, {held}, len(items), {path.text or '.'!r}, -1)"
        )
        self.add(depth + 3, "else:", "    items.append(body)")
        self.add(depth, "elif found is not None:", "    raise OddShape")
        self._listed(depth, rule, held)

    def _single(self, depth: int, rule: Rule, called: str, held: str) -> None:
        path = rule.sources[0]
        self._walk(depth, path.steps)
        self.add(depth, "element, body = found, None")
        self.add(depth, "if type(element) is list: raise OddShape")
        tests, _ = self._element(rule, "")
        self.add(depth, f"if {tests}:")
        self._body(depth + 1, called, f"(spot, {held}, 0, {path.text or '.'!r}, -1)")
        self.add(depth + 1, "else:", f"    out[{rule.target[0]!r}] = body")
        if not rule.is_borrowed:
            self.add(depth + 1, "    told = True")
        if rule.required:
            self.add(depth, "if body is None:")
            self.add(depth, f"    {self._care(held)}")


def _interpreted(  # noqa: PLR0917 - as the generated lines call it
    rule: Rule, node: Tree, top: Tree, spot: Spot, faults: list[Fault], out: Record
) -> bool:
    """One rule as the interpreter reads it; says whether it told something."""
    reading = reading_at(top, spot, faults)
    read.read_rule(rule, node, reading, out)
    return reading.told


def _nowhere(found: Tree) -> None:
    """A path goes on where the tree ends: nothing, unless a list was in the way."""
    if isinstance(found, list):
        raise OddShape


def _blank(element: Tree) -> bool:
    return not element if type(element) is dict else is_blank(element)


_CALLED: Final[dict[str, Any]] = {
    **condition.READERS,
    "OddShape": OddShape,
    "nothing": lambda _name: None,
    "first_of": read.first_of,
    "parts": parts,
    "blank": _blank,
    "nowhere": _nowhere,
    "interpreted": _interpreted,
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A record's reader and the source it was made from."""

    text: str
    reader: Reader

    def __call__(self, node: Tree, top: Tree, reading: Reading) -> Record | None:
        """The body; ``None`` where only the interpreter can tell."""
        try:
            return self.reader(
                node, top, (None, None, 0, reading.source, -1), reading.faults
            )
        except OddShape:
            reading.faults.clear()
            return None


def compiled(system: str, rules: RecordRules) -> Compiled:
    """A record's rules as a function, and its source."""
    source = Source()
    name = source.record(rules, is_top=True)
    text = "\n".join(source.lines)
    place = f"<mapping {system}.{rules.name}>"
    scope = {**_CALLED, **source.names}
    exec(_code(text, place), scope)  # noqa: S102 - the source is our own
    return Compiled(text, scope[name])


@lru_cache(maxsize=256)
def _code(text: str, place: str) -> CodeType:
    """The source compiled, cached by its content; tracebacks show its lines."""
    lines = [f"{line}\n" for line in text.splitlines()]
    linecache.cache[place] = (len(text), None, lines, place)
    return compile(text, place, "exec")
