"""A person in a case (涉案人员) with charges, measures and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hub.records.provenance import Told


@dataclass(frozen=True, slots=True)
class Person:
    """One person in one case; stage and measures are kept per person."""

    id: int
    case_id: int
    position: int
    name: str | None
    former_name: str | None
    sex: str | None
    birth_date: date | None
    id_type: str | None
    id_number: str | None
    ethnic_group: str | None
    education: str | None
    household: str | None
    address: str | None
    occupation: str | None
    role: str | None
    stage: str | None
    told: Told


@dataclass(frozen=True, slots=True)
class Charge:
    """What a person is accused of (罪名)."""

    id: int
    case_id: int
    person_id: int
    position: int
    crime: str | None
    wording: str | None
    told: Told


@dataclass(frozen=True, slots=True)
class Measure:
    """A compulsory measure on a person (强制措施)."""

    id: int
    case_id: int
    person_id: int
    position: int
    kind: str | None
    decided_by: str | None
    started_on: date | None
    ends_on: date | None
    told: Told


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a court gave a person (判决结果). ``fine`` in yuan."""

    id: int
    case_id: int
    person_id: int
    result: str | None
    penalty: str | None
    years: int | None
    months: int | None
    days: int | None
    probation_months: int | None
    fine: Decimal | None
    judged_on: date | None
    effective_on: date | None
    told: Told


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """Which persons are asked for; all that is given must hold."""

    id_number: str | None = None
    name: str | None = None
    stage: str | None = None
    crime: str | None = None


@dataclass(frozen=True, slots=True)
class ChargeFilter:
    """Which charges are asked for."""

    crime: str | None = None


@dataclass(frozen=True, slots=True)
class MeasureFilter:
    """Which measures are asked for; ``on`` means in force on that day."""

    kind: str | None = None
    on: date | None = None
