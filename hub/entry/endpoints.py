"""The ``[[endpoints]]`` of the settings file: one row an agency's installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import cast

from hub.contract.endpoint import Endpoint
from hub.entry.reading import Reading
from hub.entry.references import holds_password, is_reference

_FIELDS = {field.name: field for field in fields(Endpoint)}
_NEEDED = tuple(
    name
    for name, field in _FIELDS.items()
    if field.default is MISSING and field.default_factory is MISSING
)
_WORDS = ("password", "secret", "token", "key")
#: options whose value is a place on disk, from the settings file's folder
_PLACES = ("inbox", "outbox")


def read_endpoints(reading: Reading, told: object) -> tuple[Endpoint, ...]:
    """Every endpoint, secrets resolved; what is wrong is noted in ``reading``."""
    if not isinstance(told, list):
        reading.wrong("endpoints", "应写作 [[endpoints]]", "should be [[endpoints]]")
        return ()
    found: list[Endpoint] = []
    for position, row in enumerate(told):
        where = f"endpoints[{position}]"
        if not isinstance(row, dict):
            reading.wrong(where, "应为一张表", "should be a table")
            continue
        endpoint = _endpoint(reading, where, cast("dict[str, object]", row))
        if endpoint is None:
            continue
        if endpoint.code in {other.code for other in found}:
            reading.wrong(f"{where}.code", "接入点代码重复", "stands there twice")
        found.append(endpoint)
    return tuple(found)


def _endpoint(reading: Reading, where: str, row: dict[str, object]) -> Endpoint | None:
    before = len(reading.faults)
    for name in row:
        if name not in _FIELDS:
            reading.unknown(f"{where}.{name}", name, tuple(_FIELDS))
    for name in _NEEDED:
        if not isinstance(row.get(name), str) or not row[name]:
            reading.wrong(f"{where}.{name}", "必须填写", "has to be given as a text")
    values = {**row}
    values["serves"] = _texts(reading, f"{where}.serves", row.get("serves", []))
    values["options"] = _options(reading, f"{where}.options", row.get("options", {}))
    values["secrets"] = _secrets(reading, f"{where}.secrets", row.get("secrets", {}))
    _numbers(reading, where, row)
    if len(reading.faults) > before:
        return None
    return Endpoint(**values)  # type: ignore[arg-type]  # every field was looked at


def _texts(reading: Reading, where: str, told: object) -> tuple[str, ...]:
    if isinstance(told, list) and all(isinstance(item, str) for item in told):
        return tuple(cast("list[str]", told))
    reading.wrong(where, "应为文本列表", "should be a list of texts")
    return ()


def _table(reading: Reading, where: str, told: object) -> Mapping[str, str]:
    if isinstance(told, dict) and all(isinstance(v, str) for v in told.values()):
        return cast("dict[str, str]", told)
    reading.wrong(where, "应为名称到文本的表", "should be a table of texts")
    return {}


def _options(reading: Reading, where: str, told: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in _table(reading, where, told).items():
        place = f"{where}.{name}"
        looks_secret = any(word in name.lower() for word in _WORDS)
        if (looks_secret or holds_password(text)) and not is_reference(text):
            reading.wrong(
                place,
                "机密不得写在配置文件中，请放入 secrets 并用 env: 或 file: 引用",
                "a secret may not stand here; put it under secrets as env: or file:",
            )
        value = reading.secret(place, text)
        if name in _PLACES and not Path(value).is_absolute():
            value = str((reading.base / value).resolve())
        found[name] = value
    return found


def _secrets(reading: Reading, where: str, told: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, text in _table(reading, where, told).items():
        place = f"{where}.{name}"
        if not is_reference(text):
            reading.wrong(
                place,
                "不得直接写口令，只能写 env:变量名 或 file:路径",
                "may not be written out, only env:NAME or file:PATH",
            )
            continue
        found[name] = reading.secret(place, text)
    return found


def _numbers(reading: Reading, where: str, row: Mapping[str, object]) -> None:
    for name in ("slots", "every", "fresh_for"):
        value = row.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            reading.wrong(f"{where}.{name}", "应为正数", "should be more than 0")
    if not isinstance(row.get("slots", 1), int):
        reading.wrong(f"{where}.slots", "应为整数", "should be a whole number")
    if not isinstance(row.get("accepts_new", True), bool):
        reading.wrong(f"{where}.accepts_new", "应为 true 或 false", "true or false")
