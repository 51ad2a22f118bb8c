"""Rule: the manifest is complete, spelt right, and speaks of things that exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hub.check.finding import Finding, found
from hub.check.house import House
from hub.check.lines import Lines
from hub.contract.manifest import Manifest
from hub.errors import Fault, Text
from hub.mapping.code_tables.tables import Tables
from hub.mapping.faults import hint
from hub.mapping.source import read_yaml
from hub.records.shape import NUMBER_SCHEMES


def checked_manifest(
    house: House, system: str, tables: Tables, faults: list[Finding]
) -> Manifest | None:
    """The manifest, or ``None`` with every fault noted."""
    path = house.adapters / system / "manifest.yaml"
    if not path.exists():
        where = house.told(path)
        faults.append(found("FOLDER_INCOMPLETE", where, "缺少清单", "no manifest"))
        return None
    body = _body(house, path, faults)
    if not body:
        return None
    lines = Lines.of(path)
    try:
        manifest = Manifest.model_validate(body)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            line = lines.at(one["loc"])
            faults.append(_finding(house.told(path, line), one))
        return None
    for key, message in _strange(manifest, system, tables):
        where = house.told(path, lines.at([key]))
        faults.append(Finding("MANIFEST_VALUE_INVALID", where, message))
    return manifest


def _body(house: House, path: Path, faults: list[Finding]) -> Mapping[str, Any]:
    wrong: list[Fault] = []
    body = read_yaml(path, wrong)
    for one in wrong:
        where = house.told(path, line_in(one.message.en))
        faults.append(Finding("MANIFEST_UNREADABLE", where, one.message))
    if not wrong and not body:
        where = house.told(path)
        faults.append(
            found("MANIFEST_UNREADABLE", where, "清单为空", "the manifest is empty")
        )
    return body


def line_in(words: str) -> int:
    """The last line that YAML's own sentence names; 0 for none."""
    parts = words.split("line ")[1:]
    digits = "".join(one for one in parts[-1][:6] if one.isdigit()) if parts else ""
    return int(digits or 0)


def _finding(where: str, error: ErrorDetails) -> Finding:
    place = ".".join(str(step) for step in error["loc"]) or "manifest"
    if error["type"] == "extra_forbidden":
        known = _known(error["loc"])
        near = hint(str(error["loc"][-1]), known)
        tell_zh = near.zh or f"；可用：{'、'.join(known)}"
        tell_en = near.en or f"; known: {', '.join(known)}"
        zh, en = f"没有键 {place}{tell_zh}", f"no key {place}{tell_en}"
        return found("MANIFEST_KEY_UNKNOWN", where, zh, en)
    if error["type"] == "missing":
        return found(
            "MANIFEST_KEY_MISSING", where, f"缺少 {place}", f"{place} is missing"
        )
    words = error["msg"]
    near = _near(error)
    zh, en = f"{place} 的值无效{near.zh}：{words}", f"{place}{near.en}: {words}"
    return found("MANIFEST_VALUE_INVALID", where, zh, en)


def _near(error: ErrorDetails) -> Text:
    """The allowed word that was probably meant."""
    told = error.get("ctx", {}).get("expected")
    if error["type"] != "literal_error" or not isinstance(told, str):
        return Text("", "")
    words = [one for one in told.split("'")[1::2] if one]
    return hint(str(error["input"]), words)


def _known(loc: Sequence[str | int]) -> tuple[str, ...]:
    """The keys of the table in which an unknown one stands."""
    model: type[BaseModel] = Manifest
    for step in loc[:-1]:
        field = model.model_fields.get(str(step))
        kinds = (field.annotation, *get_args(field.annotation)) if field else ()
        inner = [
            one for one in kinds if isinstance(one, type) and issubclass(one, BaseModel)
        ]
        model = inner[0] if inner else model
    return tuple(model.model_fields)


def _strange(
    manifest: Manifest, system: str, tables: Tables
) -> Iterator[tuple[str, Text]]:
    """What is spelt right and means nothing."""
    if manifest.system != system:
        yield (
            "system",
            Text(f"应为文件夹名 {system}", f"it must be the folder's name, {system}"),
        )
    for key in ("owner", "version"):
        if not str(getattr(manifest, key)).strip():
            yield key, Text(f"{key} 不得为空", f"{key} may not be empty")
    yield from _coded("agency_type", manifest.agency_type, tables, "agency_type")
    for node in manifest.receives:
        yield from _coded("receives", node, tables, "node")
    schemes = (*NUMBER_SCHEMES.values(), *NUMBER_SCHEMES)
    for name in manifest.own_numbers:
        if name not in schemes:
            near = hint(name, schemes)
            yield (
                "own_numbers",
                Text(f"没有案号类型 {name}{near.zh}", f"no scheme {name}{near.en}"),
            )


def _coded(
    key: str, code: str, tables: Tables, table: str
) -> Iterator[tuple[str, Text]]:
    codes = tables.table(table).codes if tables.has(table) else ()
    if tables.has(table) and code not in codes:
        near = hint(code, codes)
        yield (
            key,
            Text(
                f"代码表 {table} 中没有 {code}{near.zh}",
                f"the table {table} has no {code}{near.en}",
            ),
        )
