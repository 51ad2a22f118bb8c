"""Dirt of the simulated justice bureau: what is wrong and how it must end."""

from __future__ import annotations

from collections.abc import Callable

from tests.adapters.justice_drop.register import (
    Card,
    drop,
    manifest,
    members,
    zipped,
)

UNREADABLE, UNKNOWN, INVALID = "RECORD_UNREADABLE", "CODE_UNKNOWN", "RECORD_INVALID"


def _cut(card: Card) -> bytes:
    whole = drop(card)
    return whole[: len(whole) // 2]


def _changed_after_listing(card: Card) -> bytes:
    found = members(card)
    found["data.csv"] += b"\r\n"
    return zipped(found)


def _lossy(card: Card) -> bytes:
    found = members(card)
    found["data.csv"] = found["data.csv"].replace(b"\r\n", b"\xff\xff\r\n", 1)
    return _listed_anew(found)


def _headless(card: Card) -> bytes:
    found = members(card)
    del found["head.xml"]
    return _listed_anew(found)


def _climbing(card: Card) -> bytes:
    found = members(card)
    found["../../files/x.pdf"] = b"%PDF-1.4\n%%EOF\n"
    return _listed_anew(found)


def _listed_anew(found: dict[str, bytes]) -> bytes:
    del found["manifest.txt"]
    return zipped(found | {"manifest.txt": manifest(found)})


def _cell(column: str, text: str) -> Callable[[Card], bytes]:
    def spoil(card: Card) -> bytes:
        return drop(card | {"spoilt": {"0": {column: text}}})

    return spoil


#: kind of dirt -> (the failure it must cause, how its ZIP is made)
DIRT: dict[str, tuple[str, Callable[[Card], bytes]]] = {
    "half-written": (UNREADABLE, _cut),
    "md5-differs": (UNREADABLE, _changed_after_listing),
    "lossy-csv": (UNREADABLE, _lossy),
    "no-head": (UNREADABLE, _headless),
    "climbing-name": (UNREADABLE, _climbing),
    "unknown-crime": (UNKNOWN, _cell("罪名", "危险驾驶机动车罪")),
    "unknown-penalty": (UNKNOWN, _cell("主刑", "徒刑")),
    "scientific-id": (INVALID, _cell("身份证号", "4.21381E+17")),
    "no-such-day": (INVALID, _cell("出生日期", "1901年2月30日")),
}
