"""Every mapping file read and checked at start; a bad one stops the start."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.contract.messages import Record, Tree
from hub.errors import Fault, NotFound, RecordInvalid, Text
from hub.mapping import ledger
from hub.mapping.account import Known, Loss, account, known_places
from hub.mapping.check import Check
from hub.mapping.code_tables.tables import ANY, Tables
from hub.mapping.compiled import Compiled, compiled
from hub.mapping.converters.converter import VERSION, Converter
from hub.mapping.converters.registry import registry
from hub.mapping.faults import raise_faults
from hub.mapping.overlay import Overlay, laid_over, overlays
from hub.mapping.parse_parcels import ParcelParser
from hub.mapping.parse_records import RecordParser
from hub.mapping.path import find
from hub.mapping.read import Mapped, Reading, read_record
from hub.mapping.reapply import by_place, reapply
from hub.mapping.rules import RecordRules, Rule, SystemRules
from hub.mapping.source import read_yaml
from hub.mapping.trace import Origin, trace
from hub.mapping.write import Written, write_parcel

_TOP_KEYS = ("system", "revision", "title", "records", "parcels", "note")
_NOT_MAPPINGS = frozenset({"precedence"})


@dataclass(frozen=True, slots=True)
class SystemMapping:
    """The mapping of one system, in and out.

    ``rules`` is a hex digest of all that decides what reading and writing give:
    the file, its code tables and crosswalks, and the converters' version. ``overlay``
    is the endpoint whose overlay is laid over it, empty for none.
    """

    system: str
    revision: int
    title: Text
    rules: str
    parsed: SystemRules
    _known: Mapping[str, Known]
    readers: Mapping[str, Compiled] = field(default_factory=dict, repr=False)
    _places: Mapping[str, Rule] = field(default_factory=dict, repr=False)
    overlay: str = ""

    @property
    def nodes(self) -> tuple[str, ...]:
        """The nodes whose parcels can be written for this system."""
        return tuple(self.parsed.parcels)

    def read(self, kind: str, tree: Tree) -> Mapped:
        """Map one raw record. Never raises on data; raises ``NotFound`` for a
        kind that the file lacks.
        """
        record, node, source = self._entry(kind, tree)
        if not isinstance(node, dict):
            return self._nothing(kind, tree, source)
        reading = Reading(tree, source=source)
        body = self.readers[kind](node, tree, reading)
        if body is None:
            body = read_record(record, node, reading)
        return self._mapped(kind, tree, body, reading.faults)

    def interpret(self, kind: str, tree: Tree) -> Mapped:
        """The same by the interpreter: the measure of the compiled reader."""
        record, node, source = self._entry(kind, tree)
        if not isinstance(node, dict):
            return self._nothing(kind, tree, source)
        reading = Reading(tree, source=source)
        body = read_record(record, node, reading)
        return self._mapped(kind, tree, body, reading.faults)

    def _nothing(self, kind: str, tree: Tree, source: str) -> Mapped:
        """No record is where one should be: all that stands there is ledgered."""
        told = ledger.all_of(tree, source)
        return Mapped({}, (_no_record(kind, source),), *told)

    def _mapped(
        self, kind: str, tree: Tree, body: Record, faults: list[Fault]
    ) -> Mapped:
        known = self._known[kind]
        told = account(tree, known)
        losses: tuple[Loss, ...] = ()
        if faults or ledger.holds(body):
            origins = self.trace(kind, tree)
            told, losses = ledger.lost(tree, known, told, origins, faults)
        return Mapped(body, tuple(faults), told, losses)

    def _entry(self, kind: str, tree: Tree) -> tuple[RecordRules, Tree, str]:
        """The rules of a kind, the place in the tree where it lies, and its path."""
        record = _named(self.parsed.records, kind, self.system)
        node = find(record.root, tree, tree) if record.root else tree
        if isinstance(node, list) and len(node) == 1:
            node = node[0]
        return record, node, record.root.text if record.root else ""

    def trace(self, kind: str, tree: Tree) -> tuple[Origin, ...]:
        """Where every leaf comes from that reading this tree gives, in its order.

        Raises ``NotFound`` for a kind that the file lacks.
        """
        record, node, source = self._entry(kind, tree)
        return trace(record, node, tree, source) if isinstance(node, dict) else ()

    def reapply(self, tree: Tree, origin: Origin) -> Tree:
        """The rule and the places that an origin names, applied to a tree again.

        Raises ``LookupError`` where that rule gives nothing there.
        """
        return reapply(self._places, tree, origin)

    def write(self, node: str, record: Record) -> Written:
        """Write a canonical record (facet shape and ``hub_number``) for a node.

        Raises ``NotFound`` for a node that the file lacks.
        """
        return write_parcel(_named(self.parsed.parcels, node, self.system), record)


@dataclass(frozen=True, slots=True)
class Mappings:
    """The mappings of every system, and of endpoints that have an overlay."""

    _systems: Mapping[str, SystemMapping]
    _overlaid: Mapping[tuple[str, str], SystemMapping] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, tables: Tables, only: Collection[str] = ()) -> Mappings:
        """Read every ``<system>.yaml`` of a folder, or ``only`` the named ones, and
        the overlays that belong to them.

        Raises ``MappingInvalid`` (or ``CodeTableMissing`` where only tables are
        missing) that tells every fault of every file at once.
        """
        converters = converters_of(tables)
        faults: list[Fault] = []
        found: dict[str, SystemMapping] = {}
        overlaid: dict[tuple[str, str], SystemMapping] = {}
        for path in sorted(folder.glob("*.yaml")):
            if path.stem in _NOT_MAPPINGS or (only and path.stem not in only):
                continue
            check = Check(path.name, path.stem, tables, converters)
            body = read_yaml(path, check.faults)
            found[path.stem] = _system(path, body, check)
            faults.extend(check.faults)
            for over in overlays(folder, path.stem):
                name = f"overlays/{path.stem}/{over.name}"
                check = Check(name, path.stem, tables, converters)
                overlay = laid_over(body, over, check)
                check.added = overlay.tables
                overlaid[path.stem, over.stem] = _system(
                    path, overlay.body, check, overlay
                )
                faults.extend(check.faults)
        for walk in tables.crosswalks:
            if not only or walk.system in (*only, ANY):
                faults.extend(walk.faults)
        raise_faults(faults)
        return cls(found, overlaid)

    @property
    def names(self) -> tuple[str, ...]:
        """The systems that have a mapping."""
        return tuple(self._systems)

    @property
    def overlays(self) -> tuple[SystemMapping, ...]:
        """The mappings of endpoints that have an overlay, by system and endpoint."""
        return tuple(self._overlaid[key] for key in sorted(self._overlaid))

    def system(self, name: str, endpoint: str = "") -> SystemMapping:
        """The mapping of a system, as an endpoint speaks it. Raises ``NotFound``."""
        if (name, endpoint) in self._overlaid:
            return self._overlaid[name, endpoint]
        if name not in self._systems:
            raise NotFound(
                f"没有系统 {name} 的映射", f"There is no mapping of {name}", where=name
            )
        return self._systems[name]


def load_system(
    path: Path, tables: Tables, overlay: Path | None = None
) -> SystemMapping:
    """One mapping file, wherever it lies, by these tables.

    Raises ``MappingInvalid`` or ``CodeTableMissing`` with every fault at once.
    """
    check = Check(path.name, path.stem, tables, converters_of(tables))
    body = read_yaml(path, check.faults)
    name = body.get("system")
    if isinstance(name, str):
        check.system = name
    over = laid_over(body, overlay, check) if overlay is not None else None
    check.added = over.tables if over else {}
    found = _system(path, over.body if over else body, check, over)
    raise_faults(check.faults)
    return found


def converters_of(tables: Tables) -> Mapping[str, Converter]:
    """Every named converter, by the divisions of these tables."""
    divisions = tables.table("division").codes if tables.has("division") else ()
    return registry(frozenset(divisions))


def _system(
    path: Path, body: dict[str, Any], check: Check, overlay: Overlay | None = None
) -> SystemMapping:
    if overlay is None:
        check.keys("", body, _TOP_KEYS)
    if body and body.get("system") != check.system:
        check.fault("system", f"应为 {check.system}", f"it must be {check.system}")
    revision = body.get("revision")
    if body and (type(revision) is not int or revision < 1):
        check.fault("revision", "应为正整数", "a whole number from 1 is asked for")
    title = check.dict("title", body.get("title"))
    if body and set(title) != {"zh", "en"}:
        check.fault("title", "应有 zh 和 en", "zh and en are asked for")
    records = RecordParser(check, check.dict("records", body.get("records"))).all()
    parcels = ParcelParser(check, check.dict("parcels", body.get("parcels"))).all()
    rules = SystemRules(
        check.system,
        revision if type(revision) is int else 0,
        Text(str(title.get("zh", "")), str(title.get("en", ""))),
        records,
        parcels,
        frozenset(check.used),
    )
    return SystemMapping(
        check.system,
        rules.revision,
        rules.title,
        _digest(path, check, overlay),
        rules,
        {name: known_places(record) for name, record in records.items()},
        {name: compiled(check.system, record) for name, record in records.items()},
        by_place(records),
        overlay.endpoint if overlay else "",
    )


def _digest(path: Path, check: Check, overlay: Overlay | None) -> str:
    parts = [f"converters {VERSION}", hashlib.sha256(path.read_bytes()).hexdigest()]
    if overlay is not None:
        parts.append(hashlib.sha256(overlay.path.read_bytes()).hexdigest())
    for name in sorted(check.used):
        revisions = check.tables.table(name).revisions
        parts += [f"{name} {one.revision} {one.digest}" for one in revisions]
        for system in (check.system, ANY):
            walk = check.tables.crosswalk(system, name)
            if walk is not None:
                parts.append(f"{name}/{walk.system} {walk.digest}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _named(found: Mapping[str, Any], name: str, system: str) -> RecordRules:
    rules = found.get(name)
    if not isinstance(rules, RecordRules):
        raise NotFound(
            f"系统 {system} 的映射中没有 {name}",
            f"The mapping of {system} has no {name}",
            where=name,
        )
    return rules


def _no_record(kind: str, source: str) -> Fault:
    message = Text(
        f"原始数据中找不到记录 {kind}", f"The raw data hold no record {kind}"
    )
    return Fault(RecordInvalid.code, "", message, source, "root")
