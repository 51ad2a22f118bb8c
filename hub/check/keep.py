"""Which pulled records make good fixtures, and putting them on the disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from hub.check.fixtures import MEDIA, NOTES, notes
from hub.check.trial import Attempt
from hub.contract.messages import RawRecord, Tree
from hub.errors import NotFound, RequestInvalid
from hub.mapping.account import count_leaves

CASES = ("minimal", "full", "ugly")


def chosen(attempts: Sequence[Attempt], case: str) -> Attempt:
    """The smallest, the fullest or the oddest of the records that map.

    Raises ``NotFound`` where none maps.
    """
    well = [one for one in attempts if one.is_well]
    if not well:
        raise NotFound(
            "拉取的记录中没有能完整映射的，无法选作样例",
            "None of the records maps without a fault, so none can be a fixture",
            where="record",
        )
    if case == "minimal":
        return min(well, key=lambda one: (count_leaves(one.tree), one.record.key))
    measure = _oddness if case == "ugly" else count_leaves
    return max(well, key=lambda one: (measure(one.tree), one.record.key))


def _oddness(node: Tree) -> int:
    """How many values are not written as one would expect them."""
    if isinstance(node, dict):
        return sum(map(_oddness, node.values()))
    if isinstance(node, list):
        return sum(map(_oddness, node))
    text = node if isinstance(node, str) else ""
    marks = ("\u3000", "'", "\n", "null", "  ", "9999", "\u00b7", "<", "&")
    odd = text != text.strip() or any(mark in text for mark in marks)
    wide = any("\uff10" <= one <= "\uff5a" for one in text)
    rare = any("\u3400" <= one <= "\u4dbf" or ord(one) > 0xFFFF for one in text)
    return odd + wide + rare


def keep(folder: Path, record: RawRecord, case: str, *, replace: bool) -> Path:
    """Write a masked record as a fixture, with its note in ``raw.json``.

    Raises ``RequestInvalid`` where one stands there and is not to be replaced.
    """
    path = folder / f"{record.kind}-{case}.raw.{_ending(record)}"
    there = list(folder.glob(f"{record.kind}-{case}.raw.*"))
    if there and not replace:
        raise RequestInvalid(
            f"样例 {there[0].name} 已存在；加 --replace 覆盖",
            f"The fixture {there[0].name} is there; --replace writes over it",
            where="--case",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for one in there:
        one.unlink()
    path.write_bytes(record.body)
    told = {name: note for name, note in notes(folder).items() if name != path.name}
    told[path.name] = {"key": record.key, "media": record.media}
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    (folder / NOTES).write_text(text, "utf-8")
    return path


def _ending(record: RawRecord) -> str:
    """The ending of the file, by its bytes where they tell more than its media."""
    if record.body.startswith(b"PK"):
        return "zip"
    media = record.media.lower()
    for ending in MEDIA:
        if ending in media.partition(";")[0]:
            return ending
    start = record.body.lstrip()[:1]
    return "xml" if start == b"<" else "json" if start in (b"{", b"[") else "bin"
