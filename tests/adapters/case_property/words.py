"""The world's facts in the words of a case property centre, traps included.

What was seized is the centre's own knowledge: ``things`` makes it up for each case,
the same for the same seed, and is the yardstick of the tests as well.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.simulators import dirt, world

SYSTEM = "case_property"
PAPERS = {
    "SEIZURE_DECISION": ("KYJD", "扣押决定书"),
    "SEIZURE_LIST": ("KYQD", "扣押清单"),
    "PROPERTY_TRANSFER_LIST": ("YSQD", "随案移送清单"),
    "PROPERTY_RETURN_LIST": ("FHQD", "发还清单"),
}
#: kind of dirt -> the code of the failure it must cause
KINDS = {
    "truncated": "RECORD_UNREADABLE",
    "gone": "RECORD_UNREADABLE",
    "list": "CODE_UNKNOWN",
    "quantity": "RECORD_INVALID",
    "value": "RECORD_INVALID",
    "date": "RECORD_INVALID",
}
Words = dict[str, Any]

_GOODS = (
    ("手机", "部"),
    ("现金", "元"),
    ("银行卡", "张"),
    ("电动车", "辆"),
    ("砍刀", "把"),
    ("黄金项链", "克"),
    ("香烟", "条"),
)
_FIGURES = "零壹贰叁肆伍陆柒捌玖"


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing that was seized."""

    number: str
    name: str
    quantity: Decimal
    unit: str
    value: int
    owner: str
    seized: date
    store: str
    left: date | None


def belongs(case: world.Case) -> bool:
    """Was anything seized in this case? A drunk driver's car is not."""
    return case.crimes[0] != world.DRIVING


def account(case: world.Case) -> str:
    """The number of the case's account."""
    return f"TZ{case.division}{case.filed:%Y}{case.index + 1:06d}"


def things(case: world.Case, seed: int) -> Iterator[Thing]:
    """What was seized in a case."""
    rng = random.Random(f"things/{seed}/{case.index}")
    for place in range(rng.randint(1, 4)):
        name, unit = rng.choice(_GOODS)
        is_weight = unit == "克"
        count = Decimal(rng.randint(10, 400)) / 10 if is_weight else rng.randint(1, 9)
        left = case.judged + timedelta(days=9) if case.reached("EXECUTION") else None
        yield Thing(
            number=f"CW{case.division}{case.filed:%Y%m%d}{case.index:04d}{place:02d}",
            name=name,
            quantity=Decimal(count),
            unit=unit,
            value=rng.randint(2, 90) * 100,
            owner=rng.choice(case.persons).name,
            seized=case.filed,
            store=f"{rng.choice('ABC')}-{rng.randint(1, 40):02d}",
            left=left,
        )


def planted(seed: int, index: int) -> str:
    """The dirt that an account carries; empty for a clean one."""
    if not dirt.is_dirty(seed, SYSTEM, index, 0.06):
        return ""
    return tuple(KINDS)[index % len(KINDS)]


def form(case: world.Case, seed: int) -> Words:
    """The account of a case, no dirt."""
    rng = random.Random(f"trap/{seed}/{SYSTEM}/{case.index}")
    return {
        "tzbh": account(case),
        "ajbh": case.police_number,
        "tysah": case.unified_number if case.reached("PROSECUTION") else None,
        "ah": case.court_number if case.reached("TRIAL") else None,
        "ajmc": case.title,
        "badw": {
            "dm": world.police_unit(case.division),
            "mc": f"{world.DIVISIONS[case.division]}公安局",
        },
        "zx": f"ZX{case.division}",
        "jbr": "保管员",
        "qdlb": [
            {
                "lx": PAPERS["SEIZURE_LIST"][0],
                "mc": PAPERS["SEIZURE_LIST"][1],
                "wh": seizure_number(case),
                "rq": case.filed.isoformat(),
            }
        ],
        "cwlb": [_thing(one, rng) for one in things(case, seed)],
        "zhgxsj": f"{case.modified:%Y-%m-%dT%H:%M:%S}.{case.index % 1000:03d}+08:00",
    }


def seizure_number(case: world.Case) -> str:
    """The number of the list of seizure."""
    place = world.DIVISIONS[case.division][0]
    return f"{place}公（刑）扣清字〔{case.filed.year}〕{case.index + 1:03d}号"


def _thing(one: Thing, rng: random.Random) -> Words:
    told: Words = {
        "cwbh": one.number,
        "cwmc": one.name,
        **_quantity(one, rng),
        "gz": _value(one.value, rng),
        "cyr": one.owner if "·" in one.owner else f"{one.owner[0]} {one.owner[1:]}",
        "kyrq": rng.choice((f"{one.seized}", f"{one.seized:%Y%m%d}")),
        "kw": one.store,
        "cksj": f"{one.left}T15:30:00+08:00" if one.left else None,
        "lz": [{"sj": f"{one.seized} 18:00:00", "lx": "RK", "kw": one.store}],
        "zp": [f"ZP{one.number[2:]}-1"],
    }
    if one.left:
        told["lz"].append({"sj": f"{one.left} 15:30:00", "lx": "CK", "kw": ""})
    return told


def _quantity(one: Thing, rng: random.Random) -> Words:
    plain = f"{one.quantity:f}"
    shape = rng.choice(("plain", "plain", "wide", "spaced", "words", "beside"))
    if shape == "beside":
        return {"sl": plain, "dw": one.unit}
    is_figure = one.quantity == int(one.quantity) and one.quantity < len(_FIGURES)
    if shape == "words" and is_figure:
        return {"sl": f"{_FIGURES[int(one.quantity)]}{one.unit}"}
    if shape == "wide":
        wide = "".join(
            chr(ord(mark) + 0xFEE0) if mark.isdigit() else mark for mark in plain
        )
        return {"sl": f"{wide}{one.unit}"}
    return {"sl": f"{plain}{' ' if shape == 'spaced' else ''}{one.unit}"}


def _value(yuan: int, rng: random.Random) -> str:
    shape = rng.choice(("plain", "comma", "wan", "words"))
    if shape == "wan":
        return f"{Decimal(yuan) / 10_000:f}万元"
    if shape == "words":
        return _capitals(yuan)
    return f"{yuan:,}.00元" if shape == "comma" else f"{yuan}.00"


def _capitals(yuan: int) -> str:
    """Hundreds of yuan below ten thousand in capitals: 壹仟贰佰元整."""
    thousands, hundreds = divmod(yuan // 100, 10)
    told = f"{_FIGURES[thousands]}仟" if thousands else ""
    told += f"{_FIGURES[hundreds]}佰" if hundreds else ""
    return f"{told}元整"


def soil(told: Words, kind: str) -> Words:
    """The account with this dirt; ``truncated`` and ``gone`` are done when sent."""
    first = dict(told["cwlb"][0])
    paper = dict(told["qdlb"][0])
    if kind == "quantity":
        first["sl"] = "若干"
    elif kind == "value":
        first["gz"] = "约3000元"
    elif kind == "date":
        first["kyrq"] = "2023-02-30"
    elif kind == "list":
        paper["lx"] = "QT99"
    return told | {"cwlb": [first, *told["cwlb"][1:]], "qdlb": [paper]}
