"""One adapter, loaded as far as it can be: what the rules look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from traceback import extract_tb

from hub.check.finding import Finding, found
from hub.check.fixtures import Pair, pairs_in
from hub.check.house import House
from hub.check.manifest import checked_manifest
from hub.check.mapping import loaded_mapping
from hub.contract.adapter import Adapter
from hub.contract.manifest import Manifest
from hub.contract.messages import Tree
from hub.engine.registry import adapter_class
from hub.errors import HubError
from hub.mapping.code_tables.sheet import gather
from hub.mapping.code_tables.tables import ANY, Tables
from hub.mapping.load import SystemMapping


@dataclass(frozen=True, slots=True)
class Sample:
    """A fixture and the tree that the adapter reads from it; ``None``: it cannot."""

    pair: Pair
    tree: Tree


@dataclass(slots=True)
class Subject:
    """A system's parts; what could not be loaded is ``None`` and told in ``faults``."""

    house: House
    system: str
    tables: Tables
    manifest: Manifest | None = None
    adapter: Adapter | None = None
    mapping: SystemMapping | None = None
    samples: tuple[Sample, ...] = ()
    faults: list[Finding] = field(default_factory=list)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The fixtures, read or not."""
        return tuple(sample.pair for sample in self.samples)

    @property
    def trees(self) -> Iterator[tuple[Pair, Tree]]:
        """The fixtures that could be read."""
        return ((one.pair, one.tree) for one in self.samples if one.tree is not None)


def load(house: House, system: str) -> Subject:
    """Load what there is of a system; never raises for what its author wrote."""
    made = Subject(house, system, tables_for(house, system))
    made.manifest = checked_manifest(house, system, made.tables, made.faults)
    made.adapter = _adapter(made)
    made.mapping = loaded_mapping(house, system, made.tables, made.faults)
    made.samples = tuple(_samples(made))
    return made


def tables_for(house: House, system: str) -> Tables:
    """The code tables with this system's crosswalks: another's are not its business.

    They are most of what there is to read.
    """
    files = gather(house.mappings / "tables")
    own = {f"{system}.tsv", f"{ANY}.tsv"}
    return Tables.of(
        {
            place: body
            for place, body in files.items()
            if "/crosswalk/" not in place or place.rpartition("/")[2] in own
        }
    )


def _adapter(made: Subject) -> Adapter | None:
    """The adapter without an endpoint, enough to read and locate."""
    if made.manifest is None:
        return None
    where = made.house.told(made.house.adapters / made.system / "manifest.yaml")
    try:
        kind = adapter_class(made.manifest)
    except HubError as error:
        made.faults.append(Finding("ADAPTER_UNLOADABLE", where, error.message))
    except Exception as error:  # noqa: BLE001 - an author's module may raise anything
        told = f"{type(error).__name__}: {error}"
        zh, en = f"模块载入时出错：{told}", f"the module fails to load: {told}"
        made.faults.append(found("ADAPTER_UNLOADABLE", where, zh, en))
    else:
        return kind.__new__(kind)
    return None


def _samples(made: Subject) -> Iterator[Sample]:
    folder = made.house.evidence / made.system / "fixtures"
    try:
        pairs = pairs_in(folder, made.system)
    except (ValueError, AttributeError):
        where = made.house.told(folder / "raw.json")
        zh, en = "raw.json 不是有效的 JSON", "raw.json is no valid JSON"
        made.faults.append(found("FIXTURE_UNREADABLE", where, zh, en))
        return
    for pair in pairs:
        yield Sample(pair, _read(made, pair))


def _read(made: Subject, pair: Pair) -> Tree:
    if made.adapter is None:
        return None
    where = made.house.told(pair.raw)
    try:
        return made.adapter.read(pair.record())
    except HubError as error:
        made.faults.append(Finding("FIXTURE_UNREADABLE", where, error.message))
    except Exception as error:  # noqa: BLE001 - an author's read may raise anything
        last = extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__}, {last.name}, line {last.lineno}"
        zh, en = f"read 抛出 {told}", f"read raises {told}"
        made.faults.append(found("FIXTURE_UNREADABLE", where, zh, en))
    return None
