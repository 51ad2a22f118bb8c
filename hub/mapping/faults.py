"""How faults of mapping files are told: all at once, with the nearest good word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from hub.errors import CodeTableMissing, Fault, MappingInvalid, Text


def hint(word: str, known: Iterable[str]) -> Text:
    """``, did you mean X?`` in both languages, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    if not near:
        return Text("", "")
    return Text(f"，是否应为 {near[0]}？", f", did you mean {near[0]}?")


def raise_faults(faults: Sequence[Fault]) -> None:
    """Raise one error that tells every fault; nothing if there is none."""
    if not faults:
        return
    missing = all(fault.code == CodeTableMissing.code for fault in faults)
    leaf = CodeTableMissing if missing else MappingInvalid
    raise leaf(
        f"{leaf.title.zh}（{len(faults)} 处）："
        + "；".join(f"{fault.where}：{fault.message.zh}" for fault in faults),
        f"{leaf.title.en} ({len(faults)}): "
        + "; ".join(f"{fault.where}: {fault.message.en}" for fault in faults),
        where=faults[0].where,
        faults=tuple(faults),
    )
