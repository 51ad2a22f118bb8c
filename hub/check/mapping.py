"""Rule: the mapping loads, and its code tables, converters and crosswalks exist."""

from __future__ import annotations

from hub.check.finding import Finding, found
from hub.check.house import House
from hub.check.lines import Lines
from hub.check.manifest import line_in
from hub.errors import CodeTableMissing, Fault, HubError
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings, SystemMapping


def loaded_mapping(
    house: House, system: str, tables: Tables, faults: list[Finding]
) -> SystemMapping | None:
    """The system's mapping, or ``None`` with every fault noted."""
    path = house.mappings / f"{system}.yaml"
    if not path.exists():
        where = house.told(path)
        faults.append(
            found("MAPPING_MISSING", where, "没有映射文件", "no mapping file")
        )
        return None
    faults.extend(
        Finding("CROSSWALK_INVALID", f"mappings/{one.where}", one.message)
        for one in tables.findings
    )
    try:
        return Mappings.load(house.mappings, tables, only=(system,)).system(system)
    except HubError as error:
        faults.extend(_finding(house, one) for one in error.faults)
        if not error.faults:
            told = Finding("MAPPING_INVALID", house.told(path), error.message)
            faults.append(told)
        return None


def _finding(house: House, fault: Fault) -> Finding:
    """A fault of the loader, with the line of the file it speaks of."""
    file, _, place = fault.where.partition(": ")
    if file.startswith("tables/"):
        return Finding("CROSSWALK_INVALID", f"mappings/{fault.where}", fault.message)
    path = house.mappings / file
    line = Lines.of(path).dotted(place) if place else line_in(fault.message.en)
    missing = fault.code == CodeTableMissing.code
    code = "TABLE_MISSING" if missing else "MAPPING_INVALID"
    message = fault.message
    if place:
        return found(
            code,
            house.told(path, line),
            f"{place}：{message.zh}",
            f"{place}: {message.en}",
        )
    return Finding(code, house.told(path, line), message)
