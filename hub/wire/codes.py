"""An agency's own answer codes, from its ``faults.yaml`` to house errors.

``faults`` are codes that mean the call failed (an error); ``refusals`` are codes
that mean the receiver looked and said no (a receipt with a reason).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from hub.contract.messages import Reason
from hub.errors import AgencyError, AgencyFaultUnknown, ManifestInvalid, leaf


class _Fault(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    leaf: str
    zh: str
    en: str
    retry_after: float | None = None

    @field_validator("leaf")
    @classmethod
    def _known(cls, code: str) -> str:
        if not issubclass(leaf(code), AgencyError):
            raise ValueError(f"{code} is no leaf of AgencyError")
        return code


class _Refusal(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str = Field(pattern=r"^R\d\d$")
    zh: str
    en: str


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    faults: dict[str, _Fault] = {}
    refusals: dict[str, _Refusal] = {}


@dataclass(frozen=True, slots=True)
class Codes:
    """What each code of one system means."""

    faults: Mapping[str, _Fault]
    refusals: Mapping[str, _Refusal]

    @classmethod
    def load(cls, path: Path) -> Codes:
        """Read one ``faults.yaml``; raises ``ManifestInvalid`` with what is wrong."""
        try:
            found = _File.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
        except (ValidationError, yaml.YAMLError, OSError) as error:
            raise ManifestInvalid(
                f"错误码表 {path.parent.name}/{path.name} 无效",
                f"The fault codes {path.parent.name}/{path.name} are invalid: {error}",
                where=str(path),
            ) from error
        return cls(found.faults, found.refusals)

    def error(self, code: str, *, endpoint: str, body: bytes = b"") -> AgencyError:
        """The error for a fault code; ``AgencyFaultUnknown`` for one not listed."""
        known = self.faults.get(code)
        if known is None:
            return AgencyFaultUnknown(
                f"对方返回未登记的错误码 {code[:40]}",
                f"The agency answered with the unlisted code {code[:40]}",
                endpoint=endpoint,
                body=body,
            )
        kind = leaf(known.leaf)
        if not issubclass(kind, AgencyError):  # the file was checked when read
            raise TypeError(known.leaf)
        wait = known.retry_after
        return kind(known.zh, known.en, endpoint=endpoint, retry_after=wait, body=body)

    def reason(self, code: str, text: str = "") -> Reason | None:
        """The reason for a refusal code, in the far side's words if it gave any."""
        known = self.refusals.get(code)
        return Reason(known.reason, text or known.zh) if known else None
