"""A settings file being read: what it says, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from hub.entry.references import is_reference, resolve
from hub.errors import Fault, SettingInvalid, Text


@dataclass(slots=True)
class Reading:
    """Where the reading takes place and the faults found so far.

    ``base`` is the folder relative paths start at.
    """

    source: str
    base: Path
    environment: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def wrong(self, where: str, zh: str, en: str) -> None:
        """Note one fault; reading goes on, so that all are told at once."""
        self.faults.append(Fault(SettingInvalid.code, where, Text(zh, en)))

    def unknown(self, where: str, name: str, known: tuple[str, ...]) -> None:
        """Note a key nobody knows, with the one that was probably meant."""
        near = get_close_matches(name, known, 1, 0.6)
        zh = f"；是否想写 {near[0]}？" if near else f"；可用：{'、'.join(known)}"
        en = f"; did you mean {near[0]}?" if near else f"; known: {', '.join(known)}"
        self.wrong(where, f"没有这个配置项{zh}", f"there is no such setting{en}")

    def secret(self, where: str, text: str) -> str:
        """What a reference points at, or the text itself where it is none."""
        if not is_reference(text):
            return text
        try:
            return resolve(text, self.environment, self.base)
        except LookupError:
            kind, _, place = text.partition(":")
            zh = f"引用 {kind}:{place} 不存在或为空"
            self.wrong(where, zh, f"reference {kind}:{place} is missing or empty")
            return ""
