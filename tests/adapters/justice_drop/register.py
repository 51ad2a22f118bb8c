"""How the simulated justice bureau writes its register: ZIPs out of a spreadsheet.

A *card* is one case in the bureau's own plain words (JSON in its state). ``drop``
renders it as the agency's export does, with the damage a spreadsheet does to it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import random
import zipfile
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from xml.sax.saxutils import escape

from tests.simulators import world

Card = dict[str, Any]

COLUMNS = [
    "人员编号",
    "姓名",
    "性别",
    "出生日期",
    "身份证号",
    "民族",
    "罪名",
    "主刑",
    "原判刑期",
    "缓刑考验期",
    "罚金",
    "矫正类别",
    "判决日期",
    "生效日期",
    "矫正开始日期",
    "矫正结束日期",
    "执行地",
    "户籍地",
    "居住地",
]
PLACES = {"421381": "广水市", "421303": "曾都区", "421321": "随县"}
PENALTIES = {"FIXED_TERM": "有期徒刑", "CRIMINAL_DETENTION_PENALTY": "拘役"}
GROUPS = {"01": "汉", "03": "回", "05": "维吾尔", "15": "土家"}
PAPERS = ("社区矫正法律文书回执", "社区矫正告知书")
UNDER_CORRECTION, EXPECTED = "在矫", "待报到"


class _GbkName(zipfile.ZipInfo):
    """A member whose name is written as old Windows tools write it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's name
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def message_id(*parts: object) -> str:
    """The bureau's own message number: 32 upper-case hex digits."""
    text = "/".join(str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:32].upper()


def card_of(case: world.Case, seed: int) -> Card:
    """A case of the world as the bureau has it on its register."""
    return {
        "SJBS": message_id("register", seed, case.index),
        "JZBH": case.correction_number,
        "division": case.division,
        "AJMC": case.title,
        "AH": case.court_number,
        "GAAJBH": case.police_number,
        "TYSAH": case.unified_number,
        "ZT": UNDER_CORRECTION,
        "FSSJ": f"{case.modified:%Y-%m-%d %H:%M:%S}",
        "style": case.index + 1,
        "persons": [
            _row(case, person, position) for position, person in enumerate(case.persons)
        ],
    }


def _row(case: world.Case, person: world.Person, position: int) -> dict[str, Any]:
    sentence = person.sentence
    assert sentence is not None
    begin = case.correction_from
    return {
        "number": f"JZ{case.division}{case.index + 1:06d}{position + 1:02d}",
        "name": person.name,
        "sex": person.sex,
        "birth": person.birth.isoformat(),
        "id_number": person.id_number,
        "ethnic_group": person.ethnic_group,
        "crimes": [world.CRIME_NAMES[code] for code in person.crimes],
        "penalty": PENALTIES[sentence.penalty],
        "years": sentence.months // 12,
        "months": sentence.months % 12,
        "days": 0,
        "probation_months": sentence.probation_months,
        "fine": sentence.fine,
        "judged": case.judged.isoformat(),
        "effective": case.effective.isoformat(),
        "begin": begin.isoformat(),
        "end": (begin + timedelta(days=30 * sentence.probation_months)).isoformat(),
        "household": person.household,
        "address": person.address,
    }


def drop(card: Card) -> bytes:
    """The ZIP of one card, exactly as it lies in ``out/``."""
    return zipped(members(card), gbk_names=card["style"] % 3 == 0)


def members(card: Card) -> dict[str, bytes]:
    """The members of a card's ZIP, its manifest last."""
    found = {
        "head.xml": head(card),
        "data.csv": table(card).encode("gb18030"),
        **{f"files/{name}.pdf": _paper(name, card) for name in PAPERS},
    }
    return found | {"manifest.txt": manifest(found)}


def manifest(found: Mapping[str, bytes]) -> bytes:
    """Name, size and MD5 of every unpacked member."""
    lines = (f"{name}\t{len(body)}\t{digest(body)}" for name, body in found.items())
    return "".join(f"{line}\r\n" for line in lines).encode()


def digest(body: bytes) -> str:
    """The MD5 this bureau writes, in upper case."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest().upper()


def zipped(found: Mapping[str, bytes], *, gbk_names: bool = False) -> bytes:
    """A deflated ZIP, member names in UTF-8 or as old Windows tools write them."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in found.items():
            kind = _GbkName if gbk_names else zipfile.ZipInfo
            archive.writestr(kind(name, (2023, 8, 1, 2, 0, 0)), body)
    return sink.getvalue()


def head(card: Card) -> bytes:
    """``head.xml``: the platform's envelope in UTF-8."""
    half = card["style"] % 2 == 0
    number = card["AH"]
    fields = {
        "SJBS": card["SJBS"],
        "YWLB": "14",
        "LCJDBH": "1409",
        "FSDWBH": f"SFJ{card['division']}",
        "JSDWBH": "XTPT421300",
        "FSSJ": card["FSSJ"],
        "SJLX": "1",
        "AJMC": card["AJMC"],
        "GAAJBH": card["GAAJBH"],
        "AH": number.replace("（", "(").replace("）", ")") if half else number,
        "TYSAH": card["TYSAH"],
        "JZBH": card["JZBH"],
        "ZT": card["ZT"],
    }
    inner = "".join(
        f"  <{key}>{escape(text)}</{key}>\n" for key, text in fields.items()
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<HEAD>\n{inner}</HEAD>\n'.encode()


def table(card: Card) -> str:
    """``data.csv``: one line a person, as a spreadsheet exports it."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for position, row in enumerate(card["persons"]):
        rng = random.Random(f"{card['style']}/{position}")
        values = cells(row, card, rng) | card.get("spoilt", {}).get(str(position), {})
        writer.writerow([values[column] for column in COLUMNS])
    if card["style"] % 4 == 0:  # a spreadsheet's empty last row
        writer.writerow([""] * len(COLUMNS))
    return sink.getvalue()


def cells(row: Mapping[str, Any], card: Card, rng: random.Random) -> dict[str, str]:
    """One person's cells; every awkward form means the same as the plain one."""
    plain = card["style"] == 1
    number = row["id_number"]
    short = number[:6] + number[8:17]  # valid until 2013; all births here are 19xx
    lowered = number.lower()
    shapes = (number, f"'{number}", f"'{number}", short, lowered, f"'{number} ")
    group = row["ethnic_group"]
    return {
        "人员编号": row["number"],
        "姓名": row["name"] if plain else rng.choice(_names(row["name"])),
        "性别": _any(plain, rng, {"1": "男", "2": "女"}[row["sex"]], row["sex"]),
        "出生日期": _day(row["birth"], plain, rng),
        "身份证号": number if plain else rng.choice(shapes),
        "民族": _any(plain, rng, GROUPS[group], f"{GROUPS[group]}族", f"{int(group)}"),
        "罪名": ("、" if plain else rng.choice("、，；")).join(row["crimes"]),
        "主刑": row["penalty"],
        "原判刑期": _term(row, plain, rng),
        "缓刑考验期": f"{row['probation_months']}",
        "罚金": _any(plain, rng, f"{row['fine']}", f"{row['fine']:,}.00"),
        "矫正类别": "缓刑",
        "判决日期": _day(row["judged"], plain, rng),
        "生效日期": _day(row["effective"], plain, rng),
        "矫正开始日期": _day(row["begin"], plain, rng),
        "矫正结束日期": _day(row["end"], plain, rng),
        "执行地": PLACES[card["division"]],
        "户籍地": row["household"],
        "居住地": row["address"],
    }


def _any(plain: bool, rng: random.Random, *shapes: str) -> str:
    return shapes[0] if plain else rng.choice(shapes)


def _names(name: str) -> tuple[str, ...]:
    spaced = f"{name[0]} {name[1:]}" if "·" not in name else name
    return (name, name, f"{name} ", spaced, name.replace("·", "•"))


def _day(text: str, plain: bool, rng: random.Random) -> str:
    day = date.fromisoformat(text)
    return _any(
        plain,
        rng,
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y-%m-%d}",
    )


def _term(row: Mapping[str, Any], plain: bool, rng: random.Random) -> str:
    """``010600`` is one year six months; a spreadsheet makes ``10600`` of it."""
    packed = f"{row['years']:02d}{row['months']:02d}{row['days']:02d}"
    return _any(plain, rng, f"'{packed}", packed, packed.lstrip("0"))


def _paper(name: str, card: Card) -> bytes:
    text = f"% {name} {card['JZBH']}\n".encode()
    return b"%PDF-1.4\n" + text + b"1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
