"""Stated patches of a vendor's file: what is replaced, why, and in which bytes.

``zfba.wsdl.patch.yaml`` beside ``zfba.wsdl``:

    sha256: 5f0c...          # of the vendor's file, which stays as it was received
    replacements:
      - reason: 厂商来函确认 / confirmed by the vendor
        find: 'use="encoded"'
        replace: 'use="literal"'

Every ``find`` is looked for in the vendor's own text and has to stand there exactly
once; no two may overlap, so their order says nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from hub.errors import Fault, InterfaceInvalid, Text

SUFFIX = ".patch.yaml"
_KEYS = {"reason", "find", "replace"}


@dataclass(frozen=True, slots=True)
class Replacement:
    """One stated change: ``find`` becomes ``replace`` because of ``reason``."""

    reason: str
    find: str
    replace: str


@dataclass(frozen=True, slots=True)
class Patch:
    """What a patch file says about one vendor's file (补丁)."""

    path: Path
    sha256: str
    replacements: tuple[Replacement, ...]

    def apply(self, content: bytes, text: str) -> str:
        """The mended text; raises ``InterfaceInvalid`` with every misfit.

        ``content`` are the vendor's bytes, ``text`` what they say, lines ended by
        ``\\n``.
        """
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise self._refused(
                f"补丁是为另一份文件写的：现文件摘要为 {found}；核对改动后更新 sha256",
                f"The patch was written for another file: this one's digest is {found};"
                " look at the changes, then write the new sha256",
            )
        spans = self._spans(text)
        mended, end = [], 0
        for start, stop, change in spans:
            mended += [text[end:start], change.replace]
            end = stop
        return "".join([*mended, text[end:]])

    def _spans(self, text: str) -> list[tuple[int, int, Replacement]]:
        faults, spans = [], []
        for number, change in enumerate(self.replacements):
            times = _times(text, change.find)
            if times != 1:
                faults.append(self._misfit(number, times))
            start = text.find(change.find)
            spans.append((start, start + len(change.find), change))
        if faults:
            told = faults[0].message
            raise self._refused(told.zh, told.en, tuple(faults))
        spans.sort(key=lambda span: span[0])
        for before, after in pairwise(spans):
            if after[0] < before[1]:
                raise self._refused(
                    "两条替换互相重叠；请合并为一条",
                    "Two replacements overlap; write them as one",
                )
        return spans

    def _misfit(self, number: int, times: int) -> Fault:
        zh = f"第 {number + 1} 条替换的 find 在厂商文件中出现 {times} 次，须恰好一次"
        en = (
            f"The find of replacement {number + 1} occurs {times} times in the"
            " vendor's file and has to occur exactly once"
        )
        where = f"{self.path.name}: replacements[{number}].find"
        return Fault(InterfaceInvalid.code, where, Text(zh, en), rule="patch.misfit")

    def _refused(
        self, zh: str, en: str, faults: tuple[Fault, ...] = ()
    ) -> InterfaceInvalid:
        return InterfaceInvalid(zh, en, where=self.path.name, faults=faults)


def patch_of(file: Path) -> Patch | None:
    """The patch beside a file, if there is one; raises ``InterfaceInvalid``."""
    path = file.with_name(file.name + SUFFIX)
    return read_patch(path) if path.exists() else None


def read_patch(path: Path) -> Patch:
    """Read one patch file; raises ``InterfaceInvalid``."""
    try:
        return _patch(path, yaml.safe_load(path.read_text("utf-8")))
    except (
        OSError,
        UnicodeDecodeError,
        yaml.YAMLError,
        AttributeError,
        KeyError,
        TypeError,
        ValueError,
    ) as error:
        raise InterfaceInvalid(
            "补丁文件须写明 sha256 和 replacements，每条含 reason、find、replace",
            "A patch says sha256 and replacements, each with reason, find and replace"
            f": {error}",
            where=path.name,
        ) from error


def _patch(path: Path, told: Any) -> Patch:
    if set(told) != {"sha256", "replacements"} or not told["replacements"]:
        raise ValueError("its keys are sha256 and replacements, which is not empty")
    changes = tuple(_replacement(row) for row in told["replacements"])
    return Patch(path, str(told["sha256"]).lower(), changes)


def _replacement(row: dict[str, Any]) -> Replacement:
    if set(row) != _KEYS or not all(isinstance(row[key], str) for key in _KEYS):
        raise ValueError(f"a replacement has the texts {sorted(_KEYS)}")
    if not row["reason"].strip() or not row["find"]:
        raise ValueError("reason and find may not be empty")
    return Replacement(row["reason"].strip(), row["find"], row["replace"])


def _times(text: str, find: str) -> int:
    """How often it occurs, those that overlap each other counted too."""
    times, at = 0, text.find(find)
    while at >= 0:
        times, at = times + 1, text.find(find, at + 1)
    return times
