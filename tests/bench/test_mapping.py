"""How many records a second mappings read and write, compiled and interpreted."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import pytest

from hub.entry.assembly import rest_in_memory
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings, SystemMapping
from hub.mapping.read import Reading, read_record

ROOT = Path(__file__).parents[2]
ROUNDS = 20_000

SECTIONS = """
system: demo
revision: 1
title: { zh: 演示, en: Demo }
records:
  case:
    fields:
      police_number: { from: AJBH, convert: police_number, required: true }
      unified_number: { from: TYSAH, convert: unified_number }
      court_number: { from: AH, convert: court_number }
      title: { from: AJMC, convert: trimmed }
      summary: { from: JYAQ }
      stage: { from: AJJD, table: stage }
      filed_on: { from: LASJ, convert: date }
      accepted_on: { from: SLSJ, convert: date }
      modified_at: { from: XGSJ, convert: local_time }
      is_withdrawn: { from: SFSC, convert: yes_no }
      persons: { each: RYLB/RY, record: person }
      documents: { each: WSLB/WS, record: document }
    ignore: { CZR: the clerk }
  person:
    fields:
      source_id: { from: RYBH }
      name: { from: XM, convert: name, required: true }
      sex: { from: XB, table: sex }
      birth_date: { from: CSRQ, convert: birth_date }
      id_type: { from: ZJLX, table: id_document_type }
      id_number: { from: ZJHM, convert: id_number }
      ethnic_group: { from: MZ, table: ethnic_group }
      education: { from: XL, table: education }
      household: { from: HJ, convert: division6, table: division }
      address: { from: ZZ, convert: trimmed }
      occupation: { from: ZY, convert: trimmed }
      role: { constant: SUSPECT }
      charges: { from: ZM, split: "、,", record: charge }
      measures: { each: CSLB/CS, record: measure }
  charge:
    fields:
      crime: { from: ., table: crime, by: name_zh }
      wording: { from: . }
  measure:
    fields:
      kind: { from: LX, table: compulsory_measure }
      started_on: { from: KS, convert: date }
      ends_on: { from: JS, convert: date }
  document:
    fields:
      name: { from: MC }
      number: { from: WH, convert: document_number }
parcels:
  INDICTMENT:
    needs: [title, persons/name]
    fields:
      ajmc: { from: title }
      ah: { from: court_number, convert: court_number_full }
      larq: { from: filed_on, convert: date_compact }
      dsr: { each: persons, record: dsr }
  dsr:
    fields:
      xm: { from: name }
      xb: { from: sex, table: sex }
      csrq: { from: birth_date, convert: date_slash }
      zm: { each: charges/crime, table: crime, by: name_zh, join: "、" }
"""


def tree(number: int) -> dict[str, Any]:
    """A case of 30 filled fields; numbers, names and addresses differ."""
    return {
        "AJBH": f"A421381000000202308{number % 10000:04}",
        "TYSAH": f"421381202300{number % 1000:03}00",
        "AH": f"（2023）鄂1381刑初{number}号",
        "AJMC": f"张三{number}危险驾驶案",
        "JYAQ": "2023年8月1日，张三酒后驾驶小型汽车。",
        "AJJD": "S020_FILED",
        "LASJ": "20230801",
        "SLSJ": "2023-08-02 00:00:00",
        "XGSJ": f"2023-08-01 08:{number // 60 % 60:02}:{number % 60:02}",
        "SFSC": "0",
        "CZR": "x",
        "RYLB": {
            "RY": {
                "RYBH": str(number),
                "XM": f"张 三{number}",
                "XB": "1",
                "CSRQ": f"1900-01-{number % 28 + 1:02}",
                "ZJLX": "111",
                "ZJHM": "421381190001010010" if number % 2 else "422224620731101",
                "MZ": "01",
                "XL": "71",
                "HJ": "421381000000",
                "ZZ": f"湖北省应山大道{number}号",
                "ZY": "务农",
                "ZM": "危险驾驶罪",
                "CSLB": {"CS": {"LX": "BAIL", "KS": "20230802", "JS": "20240801"}},
            }
        },
        "WSLB": {"WS": {"MC": "立案决定书", "WH": f"广公（刑）立字〔2023〕{number}号"}},
    }


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> SystemMapping:
    folder = tmp_path_factory.mktemp("mappings")
    (folder / "demo.yaml").write_text(SECTIONS, "utf-8")
    tables = Tables.load(ROOT / "mappings" / "tables")
    loaded = Mappings.load(folder, tables).system("demo")
    rest_in_memory()  # as the product does
    return loaded


def dirty(number: int, rng: random.Random) -> dict[str, Any]:
    """The same case with three fields in a hundred spoilt."""
    told = tree(number)
    person = told["RYLB"]["RY"]
    for place, name in ((told, "LASJ"), (told, "AH"), (person, "XB"), (person, "ZJHM")):
        if rng.random() < 0.03:
            place[name] = "错"
    for name in ("CSRQ", "MZ", "XL", "HJ"):
        if rng.random() < 0.03:
            person[name] = "?"
    return told


def _rate(read: Callable[[Any], object], raw: Sequence[Any]) -> float:
    started = process_time()
    for one in raw:
        read(one)
    return len(raw) / (process_time() - started)


def _sides(
    mapping: SystemMapping, scope: str
) -> tuple[Callable[[Any], object], Callable[[Any], object]]:
    """Compiled and interpreted, with or without the account of every leaf."""
    if scope == "with account":
        return partial(mapping.read, "case"), partial(mapping.interpret, "case")
    record, reader = mapping.parsed.records["case"], mapping.readers["case"]
    return (
        lambda one: reader(one, one, Reading(one)),
        lambda one: read_record(record, one, Reading(one)),
    )


@pytest.mark.bench
@pytest.mark.parametrize("scope", ["mapping alone", "with account"])
@pytest.mark.parametrize("kind", ["clean", "3 % dirt a field"])
def test_compiled_against_interpreted(
    mapping: SystemMapping, kind: str, scope: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(7)
    raw = [
        tree(number) if kind == "clean" else dirty(number, rng)
        for number in range(ROUNDS // 2)
    ]
    one, two = _sides(mapping, scope)
    rates = [(_rate(one, raw), _rate(two, raw)) for _ in range(5)]
    best = [max(side) for side in zip(*rates, strict=True)]
    with capsys.disabled():
        print(f"\n30 fields, {kind}, {scope}, records per CPU second: ", end="")
        print(f"compiled {best[0]:,.0f}, interpreted {best[1]:,.0f}: ", end="")
        print(f"{best[0] / best[1]:.2f} times (goals: 2 times, 25,000)")
    assert [mapping.read("case", one) for one in raw[:500]] == [
        mapping.interpret("case", one) for one in raw[:500]
    ]


@pytest.mark.bench
def test_parcels_a_second(
    mapping: SystemMapping, capsys: pytest.CaptureFixture[str]
) -> None:
    mapped = [mapping.read("case", tree(number)) for number in range(ROUNDS)]
    assert not any(one.faults or one.remainder for one in mapped)
    started = process_time()
    written = [mapping.write("INDICTMENT", one.body) for one in mapped]
    rate = ROUNDS / (process_time() - started)
    with capsys.disabled():
        print(f"\nparcels of 8 fields per CPU second: {rate:,.0f}")
    assert not any(one.faults for one in written)


@pytest.mark.bench
def test_start_in_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    started = perf_counter()
    tables = Tables.load(ROOT / "mappings" / "tables")
    read = perf_counter()
    mappings = Mappings.load(ROOT / "mappings", tables)
    done = perf_counter()
    with capsys.disabled():
        print(
            f"\ntables {read - started:.3f} s, mappings {done - read:.3f} s"
            f" for {len(mappings.names)} systems"
        )
    assert mappings.names
