"""The shape of ``adapters/*/manifest.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from hub.contract.hours import Hours
from hub.errors import ManifestInvalid

Ability = Literal["pull", "push", "probe", "enquire", "lookup", "fetch", "ingest"]
#: how lists come: whole, by page number, by offset, by a cursor or link that the far
#: side gives, by the last value seen, or as messages taken one by one
Paging = Literal["none", "page", "offset", "cursor", "link", "value", "messages"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(_Strict):
    """A name in both languages."""

    zh: str
    en: str


class Increment(_Strict):
    """How a pull moves on: by which field, and how late a commit may come."""

    by: str
    lag_seconds: int = Field(ge=0)


class Limits(_Strict):
    """Budgets of one endpoint of this system; times in seconds, sizes in bytes."""

    page_size: int = Field(default=50, ge=1, le=1000)
    in_flight: int = Field(default=4, ge=1, le=64)
    deadline_seconds: float = Field(default=15.0, gt=0)
    max_bytes: int = Field(default=8_000_000, gt=0)


class Idempotency(_Strict):
    """By what key the system recognises a repeat, and whether it honours it."""

    key: str
    honoured: bool


class Manifest(_Strict):
    """What a system is and what its adapter can do (适配器清单)."""

    system: str
    version: str
    adapter: str
    title: Title
    agency_type: str
    transport: Literal["soap", "rest", "sql", "drop", "mq"]
    owner: str
    can: tuple[Ability, ...]
    kinds: tuple[str, ...] = ("case",)
    identity: dict[str, str] = Field(default_factory=dict)
    own_numbers: tuple[str, ...]
    receives: tuple[str, ...] = ()
    receipt: Literal["at_once", "later"] = "at_once"
    hours: str = Field(default="", pattern=r"^(\d\d:\d\d-\d\d:\d\d)?$")
    increment: Increment
    paging: Paging = "none"
    limits: Limits = Limits()
    idempotency: Idempotency
    quirks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_of_one_piece(self) -> Self:
        strangers = set(self.identity) - set(self.kinds)
        if strangers:
            raise ValueError(f"identity names no kind: {', '.join(sorted(strangers))}")
        Hours.of(self.hours)
        return self


def load_manifest(path: Path) -> Manifest:
    """Read one manifest; raises ``ManifestInvalid`` with every fault in it."""
    try:
        return Manifest.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except (ValidationError, yaml.YAMLError, OSError) as error:
        raise ManifestInvalid(
            f"清单 {path.parent.name} 无效",
            f"Manifest {path.parent.name} is invalid: {error}",
            where=str(path),
        ) from error
