"""The draft as a dictionary that works: loaded, tried on the records, mended."""

from __future__ import annotations

import copy
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.contract.messages import Record, Tree
from hub.contract.place import taken_apart
from hub.errors import RequestInvalid
from hub.mapping.code_tables.tables import Tables
from hub.mapping.dryrun.candidate import candidate
from hub.mapping.load import SystemMapping, load_system
from hub.scaffold.draft import Draft, Numbers, crosswalk_text, mapping_text

#: what may be planted in a field: an impossible day, a word lost on its way
_DIRT = ("2023-02-30", "不详\x9f")
_MOST = 50


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The text of the mapping and its crosswalks, and the mapping they make."""

    mapping: str
    crosswalks: dict[str, str]
    rules: SystemMapping

    def canonical(self, tree: Record) -> str:
        """What a record becomes, as the text of an expectation."""
        told = self.rules.read("case", tree).body
        return json.dumps(told, ensure_ascii=False, indent=2) + "\n"

    def is_clean(self, tree: Record) -> bool:
        """Does a record map without a fault and without a remainder?"""
        found = self.rules.read("case", tree)
        return not found.faults and not found.remainder


def worked_out(
    folder: Path,
    system: str,
    title: tuple[str, str],
    draft: Draft,
    trees: Sequence[Record],
) -> tuple[Dictionary, Numbers]:
    """The dictionary of a draft; what does not read is left out, with its reason."""
    for _ in range(_MOST):
        numbers = Numbers()
        made = _loaded(folder, system, title, draft, numbers)
        wrong = next(_wrong(made, trees), None)
        if wrong is None:
            return made, numbers
        if not _mended(draft, wrong):
            break
    raise RequestInvalid(
        "样本无法映射，请换一个样本",
        "The sample cannot be mapped; try another one",
        where="--sample",
    )


def _loaded(
    folder: Path, system: str, title: tuple[str, str], draft: Draft, numbers: Numbers
) -> Dictionary:
    mapping = mapping_text(draft, system, title, numbers)
    walks = {
        table: crosswalk_text(rows, numbers) for table, rows in draft.crosswalks.items()
    }
    with tempfile.TemporaryDirectory(prefix="hub-scaffold-") as made:
        offered = []
        for table, text in walks.items():
            path = Path(made) / f"{table}.tsv"
            path.write_text(text, "utf-8")
            offered.append(f"tables/{table}/crosswalk/{system}.tsv={path}")
        file = Path(made) / f"{system}.yaml"
        file.write_text(mapping, "utf-8")
        with candidate(folder, offered) as proposed:
            tables = Tables.load(proposed.folder / "tables")
            return Dictionary(mapping, walks, load_system(file, tables))


def _wrong(made: Dictionary, trees: Sequence[Record]) -> Iterator[str]:
    """Raw places that fail or that nobody accounted for."""
    for tree in trees:
        found = made.rules.read("case", tree)
        yield from (fault.source for fault in found.faults)
        yield from found.remainder


def _mended(draft: Draft, place: str) -> bool:
    """Leave a raw place out, in whichever record it lies."""
    names = [name for name, _ in taken_apart(place)]
    for start in range(len(names)):
        path = "/".join(names[start:])
        for layout in draft.layouts.values():
            if layout.drop(path):
                return True
    case = draft.layout("case")
    path = "/".join(names)
    if path in case.ignored or not path:
        return False
    case.leave(path, "尚未弄清 / not yet understood", "nobody accounts for it")
    return True


def dirt_for(made: Dictionary, tree: Record, draft: Draft) -> list[dict[str, str]]:
    """What to plant in a record so that it fails, each with the code it causes."""
    found = []
    for path in _dirty_places(draft):
        for value in _DIRT:
            soiled = copy.deepcopy(tree)
            if not _put(soiled, path, value):
                continue
            told = made.rules.read("case", soiled)
            if told.faults and not told.remainder:
                kind = f"bad {path.rpartition('/')[2]}"
                row = {"path": path, "value": value, "code": told.faults[0].code}
                found.append(row | {"kind": kind})
                break
        if len(found) == 2:
            break
    return found


def _dirty_places(draft: Draft) -> list[str]:
    case = draft.layout("case").fields
    skipped = {draft.key, draft.stamp}
    ahead = [one for one in case.values() if re.search(r"date|yes_no", one.says)]
    rest = [one for one in case.values() if one not in ahead]
    return [one.source for one in (*ahead, *rest) if one.source not in (*skipped, ".")]


def _put(tree: Record, path: str, value: Tree) -> bool:
    *above, name = path.split("/")
    here: Tree = tree
    for step in above:
        here = here.get(step) if isinstance(here, dict) else None
    if not isinstance(here, dict) or isinstance(here.get(name), dict | list):
        return False
    here[name] = value
    return True


def minimal(tree: Record, keep: set[str], is_clean: Callable[[Record], bool]) -> Record:
    """The record with everything empty or gone that may be."""
    found = copy.deepcopy(tree)
    for name in list(found):
        if name in keep:
            continue
        held = found.pop(name)
        if not is_clean(found):
            found[name] = held
    return found


def emptied(tree: Record, keep: set[str], is_clean: Callable[[Record], bool]) -> Record:
    """The same where every column is always there, as in a table."""
    found = copy.deepcopy(tree)
    for name, held in list(found.items()):
        if name not in keep:
            found[name] = [] if isinstance(held, list) else ""
            if not is_clean(found):
                found[name] = held
    return found


def ugly(tree: Record, keep: set[str], is_clean: Callable[[Record], bool]) -> Record:
    """The record with odd spaces wherever the dictionary takes them."""
    found = copy.deepcopy(tree)
    for holder, name in list(_texts(found)):
        held = holder[name]
        if holder is found and name in keep:
            continue
        for odd in (f"\u3000{held} ", f" {held}", f"{held} "):
            holder[name] = odd
            if is_clean(found):
                break
            holder[name] = held
    return found


def _texts(tree: Tree) -> Iterator[tuple[Record, str]]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            if isinstance(value, str) and value:
                yield tree, name
            else:
                yield from _texts(value)
    elif isinstance(tree, list):
        for one in tree:
            yield from _texts(one)
