"""A made-up world from a few records: copies with keys and times of their own.

What ``hub new-adapter`` makes keeps its records in ``seeds.json`` beside the
simulator: the records, which path is the key and which the time of change, the
sample's form, and the dirt to plant. Whoever knows the system better writes a
simulator of the invented world instead (``tests/simulators/world.py``).
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hub.contract.window import SHANGHAI, STAMP
from tests.simulators.dirt import Dirt

_FIRST = datetime(2023, 8, 1, 8, 0, 0)  # noqa: DTZ001 - the agency's local clock
_DIGITS = re.compile(r"(\d+)(\D*)$")
#: every so many records one is dirty, the first after so many
_EVERY, _OFFSET = 29, 7
#: so many records share one second now and then
_TIES = 3

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Copy:
    """One record of the world: its key, when it changed, and the dirt in it."""

    key: str
    modified: str
    tree: Record
    dirt: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Seeds:
    """What ``seeds.json`` says."""

    key: str
    stamp: str
    stamp_form: str
    form: str
    encoding: str
    name: str
    records: list[Record]
    dirt: list[dict[str, str]]

    @classmethod
    def load(cls, folder: Path) -> Seeds:
        """Read the seeds beside a simulator."""
        return cls(**json.loads((folder / "seeds.json").read_text("utf-8")))

    def copies(self, count: int) -> Iterator[Copy]:
        """So many records, each with a key of its own, the oldest first."""
        for index in range(count):
            tree = copy.deepcopy(self.records[index % len(self.records)])
            moment = _FIRST + timedelta(minutes=index - index % _TIES)
            key = _set(tree, self.key, numbered(_at(tree, self.key), index + 1))
            if self.stamp:
                _set(tree, self.stamp, _spelt(moment, self.stamp_form))
            yield self._soiled(str(key), moment.strftime(STAMP), tree, index)

    def saved(self, one: Copy, moment: datetime) -> Copy:
        """The record as somebody saves it at a later time of the agency's clock."""
        tree = copy.deepcopy(one.tree)
        _set(tree, self.stamp, _spelt(moment, self.stamp_form))
        return replace(one, modified=moment.strftime(STAMP), tree=tree)

    def _soiled(self, key: str, modified: str, tree: Record, index: int) -> Copy:
        if index % _EVERY != _OFFSET or not self.dirt:
            return Copy(key, modified, tree)
        planted = self.dirt[index // _EVERY % len(self.dirt)]
        if planted["path"]:
            _set(tree, planted["path"], planted["value"])
        return Copy(key, modified, tree, planted["kind"], planted["code"])

    def declared(self, count: int) -> list[Dirt]:
        """The dirty ones among so many."""
        return [
            Dirt(one.key, one.code, one.dirt) for one in self.copies(count) if one.dirt
        ]


def numbered(key: object, number: int) -> object:
    """A key of the same kind with another number at its end."""
    if isinstance(key, int):
        return key + number
    found = _DIGITS.search(str(key))
    if found is None:
        return f"{key}{number:04d}"
    digits, width = found[1], 4
    head = digits[:-width] if len(digits) >= width else ""
    told = f"{number:0{width}d}" if len(digits) >= width else str(number)
    return f"{str(key)[: found.start()]}{head}{told}{found[2]}"


def _spelt(moment: datetime, form: str) -> object:
    if form == "ms":
        return int(moment.replace(tzinfo=SHANGHAI).timestamp()) * 1000
    return moment.strftime(form)


def _at(tree: Any, path: str) -> Any:
    for name in path.split("/"):
        tree = tree[name]
    return tree


def _set(tree: Any, path: str, value: Any) -> Any:
    """Put a value at a path; of a list on the way the first element is meant."""
    *above, name = path.split("/")
    for step in above:
        tree = tree[step]
        tree = tree[0] if isinstance(tree, list) else tree
    tree[name] = value
    return value
