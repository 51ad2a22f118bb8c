"""Codes as the five systems write them, taken in and asked for (代码归一).

Each system's own record, as its simulator would tell it, is spelled anew, goes
through the system's own adapter, mapping and crosswalk into the store, and is asked
for through GraphQL.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

import pytest
import sqlalchemy as sa

from hub.contract.endpoint import Endpoint
from hub.contract.messages import Page, RawRecord, Watermark
from hub.engine.absorb import Desk, tallies
from hub.engine.hub import Hub
from hub.engine.registry import Registry, adapter_class
from hub.engine.sync import prepare, settle
from hub.entry.golden import pairs
from hub.store import runs, tables
from schema.execute import execute
from tests.conftest import ROOT
from tests.schema.conftest import caller_of

DRIVING = "CL1330101"
AGENCIES = {
    "police_case": "POLICE-421300",
    "procuratorate_15": "PROC-421300",
    "procuratorate_20": "PROC-421300",
    "court_case": "COURT-421300",
    "justice_drop": "JUSTICE-421300",
}
#: system -> what its record says in the place of the crime, and how it may be said
PLACES = {
    "police_case": (r"(?<=&lt;ZM&gt;)[^&]*", ["醉驾", "危险驾驶", "醉酒驾驶"]),
    "procuratorate_15": (
        r"<AYDM>\d+</AYDM><AYMC>[^<]*</AYMC>",
        [
            "<AYDM>1403100000055</AYDM><AYMC></AYMC>",
            "<AYDM></AYDM><AYMC>危险驾驶罪</AYMC>",
        ],
    ),
    "procuratorate_20": (r'(?<="zmdm": ")\d+', ["1403133010100", "危险驾驶罪案"]),
    "court_case": (r'(?<="C_ZM":")[^"]*', ["313301010", "涉嫌危险驾驶罪"]),
    "justice_drop": (r"[^,]+罪(?=,)", ["醉酒驾驶机动车", "危险驾驶案"]),
}
WAYS = [(system, raw) for system, (_, raws) in PLACES.items() for raw in raws]
CRIMES = """query ($number: String!) { case(number: $number) {
  persons { charges { crime { code nameZh } } } } }"""

HOUSEHOLDS = """query ($number: String!) { case(number: $number) {
  filedOn persons { household { code
    then: asOf(date: "2005-06-01") { code nameZh }
    wasValid: isValid(date: "2005-06-01") isValid(date: "2024-06-01")
    successors { code nameZh } } } } }"""


def spelled(body: bytes, place: str, raw: str) -> bytes:
    """The record with another word for its crimes; a packet is packed anew."""
    if not body.startswith(b"PK"):
        return re.sub(place, raw, body.decode()).encode()
    with zipfile.ZipFile(io.BytesIO(body)) as packet:
        files = {name: packet.read(name) for name in packet.namelist()}
    told = files["data.csv"].decode("gb18030")
    files["data.csv"] = re.sub(place, raw, told).encode("gb18030")
    files["manifest.txt"] = "".join(
        f"{name}\t{len(data)}\t{hashlib.md5(data, usedforsecurity=False).hexdigest()}"
        "\r\n"
        for name, data in files.items()
        if name != "manifest.txt"
    ).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packet:
        for name, data in files.items():
            packet.writestr(name, data)
    return out.getvalue()


@pytest.fixture
def city(database, tables, mappings, precedence):
    """A hub with one endpoint of each of the five systems."""
    endpoints = [
        Endpoint(system, system, agency, "http://127.0.0.1:9")
        for system, agency in AGENCIES.items()
    ]
    registry = Registry.load(ROOT / "adapters", endpoints)
    return Hub.of(database, tables, mappings, precedence, registry)


async def take_in(hub: Hub, system: str, *words: tuple[str, str]) -> None:
    """What a pull does with one record of the system, places spelled like this."""
    pair = next(one for one in pairs(system) if one.name == "case-full")
    kind = adapter_class(hub.registry.manifest(system))
    reader = kind.__new__(kind)  # reading is pure: it needs no connection
    mapping = hub.mapping_of(system)
    desk = Desk(hub, system, reader, mapping, "1", tallies(mapping))
    record = pair.record()
    body = record.body
    for place, raw in words:
        body = spelled(body, place, raw)
    async with hub.database.begin() as connection:
        run = await runs.start(connection, system, "test", {})
    page = Page(
        (RawRecord(record.kind, record.key, body, record.media),), Watermark({})
    )
    one = await prepare(desk, run, page)
    counts = await settle(desk, run, one, Watermark({}), runs.Counts())
    assert (counts.mapped, counts.set_aside) == (1, 0), words


async def ask_for_the_case(hub: Hub, document: str) -> list[dict]:
    """The persons of the one case there is, as its own agency sees them."""
    case, agency = tables.case_number.c.value, tables.case_agency.c.agency
    async with hub.database.read() as connection:
        number = (await connection.execute(sa.select(case))).scalars().first()
        asker = (await connection.execute(sa.select(agency))).scalars().first()
    answer = await execute(hub, caller_of(asker), document, {"number": number})
    assert answer.errors == ()
    return answer.data["case"]["persons"]


@pytest.mark.parametrize(("system", "raw"), WAYS)
async def test_a_crime_written_in_eleven_ways_by_five_systems_is_one_crime(
    city, system, raw
):
    await take_in(city, system, (PLACES[system][0], raw))
    persons = await ask_for_the_case(city, CRIMES)
    crimes = [charge["crime"] for person in persons for charge in person["charges"]]
    assert crimes
    assert {(one["code"], one["nameZh"]) for one in crimes} == {(DRIVING, "危险驾驶罪")}


def test_they_are_at_least_ten_ways_of_five_systems():
    words = {re.sub(r"<[^>]*>", "", raw) for _, raw in WAYS}
    assert len(words) >= 10
    assert len({system for system, _ in WAYS}) == 5


async def test_a_police_case_of_2005_is_answered_by_the_divisions_of_2005(city):
    await take_in(
        city,
        "police_case",
        (r"(?<=&lt;LASJ&gt;)[^&]*", "20050601"),
        (r"(?<=&lt;HJDXZQH&gt;)[^&]*", "421302"),
    )
    persons = await ask_for_the_case(city, HOUSEHOLDS)
    assert persons
    for person in persons:
        found = person["household"]
        assert found["code"] == "421302"
        assert found["then"] == {"code": "421302", "nameZh": "曾都区"}
        assert (found["wasValid"], found["isValid"]) == (True, False)
        assert {(one["code"], one["nameZh"]) for one in found["successors"]} == {
            ("421303", "曾都区"),
            ("421321", "随县"),
        }
