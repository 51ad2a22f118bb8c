"""A system's own codes to house leaves: what ``adapters/*/faults.yaml`` says.

    codes:
      "5000": { leaf: AGENCY_BUSY, zh: 系统繁忙, en: the system is busy }
      "1409": { reason: R13, zh: 重复推送, en: duplicate push }
    texts:                       # for systems that answer in words only
      - { has: [管辖], reason: R01 }

A code has a ``leaf`` of the error tree (the far side failed) or a ``reason`` of
the table ``return_reason`` (the far side said no). Codes not listed end as
``AgencyFaultUnknown``, texts not listed as R99.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from hub.contract.messages import Reason
from hub.errors import (
    AgencyError,
    AgencyFaultUnknown,
    ManifestInvalid,
    RecordError,
    leaf,
)

OTHER = "R99"


#: what a code looks like; a number of a person, a telephone or a sentence does not
_CODE = re.compile(r"(?!.*\d{9})[A-Za-z0-9_.:/{}-]{1,64}")


def shown(code: str) -> str:
    """A fault code as an error may tell it; of what is no code only its length."""
    return code if _CODE.fullmatch(code) else f"({len(code)} characters)"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one code of the far side means to us: a leaf or a reason."""

    leaf: str
    reason: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class BusinessFaults:
    """The codes and phrases by which one system says that something is wrong."""

    codes: dict[str, Meaning]
    texts: tuple[tuple[tuple[str, ...], str], ...]

    @classmethod
    def load(cls, path: Path) -> BusinessFaults:
        """Read ``faults.yaml``; raises ``ManifestInvalid``."""
        try:
            content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8")) or {}
            codes = {
                str(code): Meaning(
                    row.get("leaf", ""), row.get("reason", ""), row["zh"], row["en"]
                )
                for code, row in (content.get("codes") or {}).items()
            }
            texts = tuple(
                (tuple(row["has"]), str(row["reason"]))
                for row in content.get("texts") or ()
            )
        except (OSError, yaml.YAMLError, KeyError, AttributeError, TypeError) as error:
            raise ManifestInvalid(
                f"错误码文件 {path.parent.name}/faults.yaml 无效",
                f"{path.parent.name}/faults.yaml is invalid: {error}",
                where=str(path),
            ) from error
        return cls(codes, texts)

    def error(
        self, code: str, *, endpoint: str, body: bytes = b"", where: str = ""
    ) -> AgencyError:
        """The leaf for a code, ready to be raised."""
        meaning = self.codes.get(code)
        kind = leaf(meaning.leaf) if meaning and meaning.leaf else AgencyFaultUnknown
        if meaning is None or not issubclass(kind, AgencyError):
            return AgencyFaultUnknown(
                f"对方返回未登记的错误码 {shown(code)}",
                f"The agency answered with the unlisted code {shown(code)}",
                endpoint=endpoint,
                body=body,
                where=where,
            )
        return kind(meaning.zh, meaning.en, endpoint=endpoint, body=body, where=where)

    def concerns_record(self, code: str) -> bool:
        """Is only the one record at fault? Then the bytes are kept as the record."""
        meaning = self.codes.get(code)
        return meaning is not None and issubclass(leaf(meaning.leaf), RecordError)

    def reason(self, code: str, text: str) -> Reason | None:
        """The reason for which the far side said no; ``None`` if it did not."""
        meaning = self.codes.get(code)
        if meaning is None or not meaning.reason:
            return None
        return Reason(meaning.reason, text or meaning.zh)

    def reason_in(self, text: str) -> Reason:
        """The reason that a refusal in words gives; the first phrase wins."""
        for phrases, reason in self.texts:
            if any(phrase in text for phrase in phrases):
                return Reason(reason, text)
        return Reason(OTHER, text)
