"""Every value leads back to the bytes it came from, and up again to itself."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import zstandard

from hub.contract.adapter import Adapter
from hub.contract.messages import RawRecord, Tree, Watermark
from hub.contract.place import at
from hub.engine.hub import Hub
from hub.engine.lineage import explain, lineage
from hub.engine.sync import sync_endpoint
from hub.engine.verify import verify
from hub.errors import RecordError, RequestInvalid
from hub.mapping.load import SystemMapping
from hub.mapping.prove import unproven
from hub.mapping.trace import leaves
from hub.records.caller import Caller
from hub.store.tables import case_agency, event, facet, person, raw_record
from hub.store.tables_replay import read_log, read_shape
from schema import ids
from schema.execute import execute
from tests.flow import books
from tests.flow.city import SYSTEMS, City, open_city
from tests.flow.conftest import MakeHub

#: how many seeded records of each system are proven leaf by leaf
MANY = 500
#: cases of the world that give so many records; few end in a detention centre
CASES = {"detention_centre": 2_000}
#: how many of each system have one byte spoiled
SPOILED = 12


@pytest.fixture(scope="module", params=SYSTEMS)
def big(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[City]:
    """One agency, large enough for five hundred records that map."""
    folder = tmp_path_factory.mktemp("big")
    with open_city(
        folder, [request.param], cases=CASES.get(request.param, 1_250)
    ) as city:
        yield city


async def _pulled(hub: Hub, city: City) -> tuple[str, Adapter, list[RawRecord]]:
    (endpoint,) = city.endpoints.values()
    found: list[RawRecord] = []
    async with hub.registry.open(endpoint.code) as adapter:
        async for page in adapter.pull(Watermark()):
            found += page.records
            if len(found) > MANY * 1.2:
                break
    return endpoint.code, adapter, found


def _read(adapter: Adapter, mapping: SystemMapping, record: RawRecord) -> Any:
    """(tree, body) of a record that maps without a fault, else nothing."""
    try:
        tree = adapter.read(record)
    except RecordError:
        return None
    mapped = mapping.read(record.kind, tree)
    return None if mapped.faults else (tree, mapped.body)


async def test_every_leaf_of_five_hundred_records_comes_again_from_its_place(
    big: City, make_hub: MakeHub
) -> None:
    hub = make_hub(big.endpoints.values())
    code, adapter, records = await _pulled(hub, big)
    mapping = hub.mapping_of(code)
    proven = values = 0
    for record in records:
        read = _read(adapter, mapping, record)
        if read is None:
            continue
        tree, body = read
        assert unproven(mapping, record.kind, tree, body) == ()
        proven += 1
        values += sum(1 for _ in leaves(body))
        if proven == MANY:
            break
    assert proven == MANY
    assert values > MANY * 10


async def test_one_spoiled_byte_names_exactly_the_values_it_touches(
    big: City, make_hub: MakeHub
) -> None:
    """What is touched is measured without lineage: by reading both as a whole."""
    hub = make_hub(big.endpoints.values())
    code, adapter, records = await _pulled(hub, big)
    mapping = hub.mapping_of(code)
    luck = random.Random(20260101)
    touched = 0
    for record in luck.sample(records, len(records)):
        read = _read(adapter, mapping, record)
        if read is None:
            continue
        spoiled = _spoil(record, luck)
        named = _named(adapter, mapping, spoiled, read[1])
        assert set(named) == _differing(adapter, mapping, spoiled, read[1])
        touched += bool(named)
        if touched == SPOILED:
            break
    assert touched == SPOILED


def _spoil(record: RawRecord, luck: random.Random) -> RawRecord:
    """One byte changed: a digit to another where there are some, else any byte."""
    body = bytearray(record.body)
    digits = [i for i, byte in enumerate(body) if 0x30 <= byte <= 0x39]
    place = luck.choice(digits if luck.random() < 0.8 else range(len(body)))
    is_digit = 0x30 <= body[place] <= 0x39
    body[place] = 0x30 + (body[place] - 0x2F) % 10 if is_digit else body[place] ^ 1
    return RawRecord(record.kind, record.key, bytes(body), record.media, "")


def _named(
    adapter: Adapter, mapping: SystemMapping, spoiled: RawRecord, body: Any
) -> tuple[str, ...]:
    try:
        tree = adapter.read(spoiled)
    except RecordError:
        return tuple(place for place, _ in leaves(body))
    return unproven(mapping, spoiled.kind, tree, body)


def _differing(
    adapter: Adapter, mapping: SystemMapping, spoiled: RawRecord, body: Any
) -> set[str]:
    before = dict(leaves(body))
    try:
        mapped = mapping.read(spoiled.kind, adapter.read(spoiled))
    except RecordError:
        return set(before)
    after = dict(leaves(mapped.body))
    faults = {fault.where for fault in mapped.faults if fault.rule != "required"}
    differing = {
        place
        for place in {*before, *after}
        if (place in before, before.get(place)) != (place in after, after.get(place))
    }
    return differing | faults


@pytest.fixture
async def hub(small_city: City, make_hub: MakeHub) -> Hub:
    made = make_hub(small_city.endpoints.values())
    for endpoint in small_city.endpoints.values():
        await sync_endpoint(made, endpoint.code, "test")
    return made


async def test_what_the_hub_tells_is_what_its_bytes_say(hub: Hub) -> None:
    for code in hub.registry.endpoints:
        found = await verify(hub, code)
        assert found.records > 0
        assert found.values > found.records
        assert (found.broken, found.older) == ([], 0)


async def test_bytes_spoiled_on_disk_are_named_with_their_values(hub: Hub) -> None:
    code = next(c for c in hub.registry.endpoints if c.startswith("police"))
    wanted = sa.select(facet, raw_record.c.packed, raw_record.c.size)
    wanted = wanted.join(raw_record, raw_record.c.id == facet.c.raw_id)
    (row, *_) = await books.rows(
        hub.database, wanted.where(facet.c.endpoint == code).order_by(facet.c.id)
    )
    bytes_ = zstandard.decompress(row["packed"], max_output_size=row["size"])
    name = row["body"]["persons"][0]["name"]
    for encoding in ("gb18030", "utf-8"):
        if bytes_.count(name.encode(encoding)):
            spoiled = bytes_.replace(name.encode(encoding), "周三丰".encode(encoding))
    async with hub.database.begin() as connection:
        await connection.execute(
            sa.update(raw_record)
            .where(raw_record.c.id == row["raw_id"])
            .values(packed=zstandard.compress(spoiled, 3), size=len(spoiled))
        )
    (broken,) = (await verify(hub, code)).broken
    assert (broken.source_key, broken.is_changed) == (row["source_key"], True)
    assert "persons[0].name" in broken.paths
    told = {path for path, value in leaves(row["body"]) if name in str(value)}
    assert set(broken.paths) == told


async def _cases(hub: Hub) -> list[dict[str, Any]]:
    people = sa.select(person.c.case_id, sa.func.count().label("n"))
    return await books.rows(hub.database, people.group_by(person.c.case_id))


async def test_every_value_of_a_case_has_a_lineage_that_reproduces_it(
    hub: Hub,
) -> None:
    looked = 0
    for case in (await _cases(hub))[:4]:
        for path in await _paths(hub, case["case_id"]):
            found = await explain(hub, case["case_id"], path, "a test")
            assert found is not None, path
            assert found.is_reproduced, path
            assert found.is_current, path
            kept = await books.rows(
                hub.database,
                sa.select(raw_record).where(raw_record.c.id == found.raw_id),
            )
            adapter = hub.registry.open(found.endpoint)
            bytes_ = zstandard.decompress(
                kept[0]["packed"], max_output_size=kept[0]["size"]
            )
            record = RawRecord("case", kept[0]["key"], bytes_, kept[0]["media"], "")
            tree: Tree = adapter.read(record)
            for place in found.places:
                assert str(at(tree, place.place)) == str(place.fragment) or (
                    place.fragment in ("true", "false")
                )
            looked += 1
    assert looked > 80


async def _paths(hub: Hub, case_id: int) -> list[str]:
    """The paths of all values that the projection of a case holds."""
    from hub.store.records import load_record

    async with hub.database.read() as connection:
        record = await load_record(connection, case_id)
    assert record is not None
    own = {"hub_number", "is_withdrawn"}
    return [
        path
        for path, value in leaves(record)
        if path not in own and not path.endswith(".match_key") and value is not None
    ]


async def test_only_the_agency_of_the_system_sees_its_raw_words(hub: Hub) -> None:
    code, told = next(
        (code, one)
        for code, one in hub.registry.endpoints.items()
        if one.system == "police_case"
    )
    shared = sa.select(facet.c.case_id).where(facet.c.endpoint == code)
    readers = [  # a property centre may ask for nothing
        other
        for other, one in hub.registry.endpoints.items()
        if other != code and not one.agency.startswith("PROPERTY")
    ]
    (row, *_) = await books.rows(
        hub.database,
        sa.select(facet.c.case_id, facet.c.endpoint)
        .where(facet.c.case_id.in_(shared), facet.c.endpoint.in_(readers))
        .order_by(facet.c.id),
    )
    case_id = row["case_id"]
    other = hub.registry.endpoint(row["endpoint"])
    own = Caller(told.serves[0], "POLICE")
    far = Caller(other.serves[0], other.serves[0].partition("-")[0])
    async with hub.database.begin() as connection:
        for caller in (own, far):
            await connection.execute(
                sa.text(
                    "insert into case_agency (case_id, agency) values (:case, :agency)"
                    " on conflict do nothing"
                ),
                {"case": case_id, "agency": caller.agency},
            )
    path = "persons[0].name"
    seen = await lineage(hub, own, case_id, path, code)
    withheld = await lineage(hub, far, case_id, path, code)
    assert seen is not None
    assert withheld is not None
    assert seen.places[0].fragment
    assert seen.steps[0].value
    assert withheld.places[0].fragment is None
    assert {step.value for step in withheld.steps} == {None}
    assert (withheld.raw_digest, withheld.rule) == (seen.raw_digest, seen.rule)
    assert await lineage(hub, Caller("POLICE-110000", "POLICE"), case_id, path) is None


async def test_a_value_shown_by_lineage_is_on_the_read_log(hub: Hub) -> None:
    code = next(c for c in hub.registry.endpoints if c.startswith("police"))
    wanted = sa.select(facet.c.case_id, case_agency.c.agency).join(
        case_agency, case_agency.c.case_id == facet.c.case_id
    )
    (row, *_) = await books.rows(
        hub.database, wanted.where(facet.c.endpoint == code).order_by(facet.c.id)
    )
    document = """query ($id: ID!) {
      value: lineage(id: $id, path: "persons[0].name") { value }
      way: lineage(id: $id, path: "persons[0].sex") { rule steps { value } }
      rule: lineage(id: $id, path: "persons[0].birthDate") { rule rawDigest } }"""
    caller = Caller(row["agency"], row["agency"].partition("-")[0])
    key = ids.encode("Case", row["case_id"])
    answer = await execute(hub, caller, document, {"id": key})
    assert not answer.errors
    assert answer.data
    assert answer.data["value"]["value"]
    noted = await books.rows(
        hub.database,
        sa.select(read_log.c.case_id, read_shape.c.paths).join(
            read_shape, read_shape.c.id == read_log.c.shape_id
        ),
    )
    assert [(one["case_id"], sorted(one["paths"])) for one in noted] == [
        (row["case_id"], ["persons.name", "persons.sex"])
    ]


@pytest.mark.parametrize(
    "path", ["nonsense", "persons.name", "persons[0]", "title.x", "persons[0].nam", ""]
)
async def test_a_path_that_no_case_has_is_refused_with_a_hint(
    make_hub: MakeHub, path: str
) -> None:
    with pytest.raises(RequestInvalid) as caught:
        await explain(make_hub([]), 1, path, "a test")
    assert caught.value.where == "path"


async def test_every_look_at_a_value_is_on_the_books(hub: Hub) -> None:
    case_id = (await _cases(hub))[0]["case_id"]
    await explain(hub, case_id, "persons[0].name", "somebody")
    wanted = sa.select(event.c.body).where(event.c.kind == "raw.seen")
    assert [row["body"] for row in await books.rows(hub.database, wanted)] == [
        {"case": case_id, "path": "persons[0].name", "by": "somebody"}
    ]
