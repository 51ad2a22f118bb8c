"""How faults are told: those of files all at once, with the nearest good word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from hub.errors import CodeTableMissing, Fault, MappingInvalid, RecordInvalid, Text
from hub.mapping.value import Unreadable


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


def unreadable_fault(where: str, source: str, bad: Unreadable) -> Fault:
    """The fault of an unreadable value, in both languages, without the value."""
    rule = bad.rule or "text"
    if bad.code != RecordInvalid.code:
        message = Text(
            f"{where} 的值在代码表 {rule} 中没有对应",
            f"The value of {where} has no counterpart in the code table {rule}",
        )
        return Fault(bad.code, where, message, source, rule)
    more = bad.reason
    message = Text(
        f"{where} 的值无法按 {rule} 处理" + (f"：{more.zh}" if more else ""),
        f"The value of {where} does not fit {rule}" + (f": {more.en}" if more else ""),
    )
    return Fault(bad.code, where, message, source, rule)
