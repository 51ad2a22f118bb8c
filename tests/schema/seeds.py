"""Rows put straight into the tables, so that a test says what there is to see."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa

from hub.store import tables
from hub.store.numbers import hub_number

POLICE = "POLICE-421381"
PROC = "PROC-421381"
COURT = "COURT-421381"
JUSTICE = "JUSTICE-421381"
STRANGER = "POLICE-421303"
DRIVING = "CL1330101"
AT = datetime(2023, 8, 1, 2, 0, tzinfo=UTC)
LATER = datetime(2023, 8, 2, 2, 0, tzinfo=UTC)


async def put(database, table, **values):
    """One row; returns its key where it has one."""
    async with database.begin() as connection:
        made = await connection.execute(sa.insert(table).values(**values))
    return made.inserted_primary_key[0]


async def case(database, *agencies, **values):
    """A case its agencies take part in; returns its id."""
    case_id = await put(
        database,
        tables.case_record,
        **{
            "hub_number": hub_number("421381", "202308", int(uuid4().int % 10**9)),
            "title": "李某危险驾驶案",
            "stage": "S110_PROSECUTION_REVIEW",
            "investigator": POLICE,
            "filed_on": date(2023, 8, 1),
            "changed_at": AT,
        }
        | values,
    )
    for agency in agencies:
        await put(database, tables.case_agency, case_id=case_id, agency=agency)
    return case_id


async def merge(database, lost, kept):
    async with database.begin() as connection:
        table = tables.case_record
        gone = sa.update(table).where(table.c.id == lost).values(merged_into=kept)
        await connection.execute(gone)


async def number(database, case_id, scheme, value, endpoint="police-suizhou"):
    await put(
        database,
        tables.case_number,
        case_id=case_id,
        scheme=scheme,
        value=value,
        endpoint=endpoint,
    )


async def person(database, case_id, **values):
    name = values.pop("name", "李某")
    return await put(
        database,
        tables.person,
        **{
            "case_id": case_id,
            "position": 0,
            "match_key": f"{name}/{uuid4().hex}",
            "name": name,
            "sex": "1",
            "role": "SUSPECT",
            "stage": "S110_PROSECUTION_REVIEW",
        }
        | values,
    )


async def charge(database, case_id, person_id, **values):
    row = {"position": 0, "crime": DRIVING, "wording": "危险驾驶"} | values
    return await put(
        database, tables.charge, case_id=case_id, person_id=person_id, **row
    )


async def measure(database, case_id, person_id, **values):
    row = {
        "position": 0,
        "kind": "BAIL",
        "decided_by": POLICE,
        "started_on": date(2023, 8, 2),
        "ends_on": date(2024, 8, 1),
    } | values
    return await put(
        database, tables.measure, case_id=case_id, person_id=person_id, **row
    )


async def sentence(database, case_id, person_id, **values):
    row = {"result": "GUILTY_PROBATION", "months": 1, "fine": 2000} | values
    return await put(
        database, tables.sentence, case_id=case_id, person_id=person_id, **row
    )


async def document(database, case_id, **values):
    row = {
        "position": 0,
        "match_key": uuid4().hex,
        "type": "PROSECUTION_OPINION",
        "name": "起诉意见书",
        "number": "广公诉字[2023]1号",
    } | values
    return await put(database, tables.document, case_id=case_id, **row)


async def raw(database, endpoint="police-suizhou", body=b"<AJ/>"):
    return await put(
        database,
        tables.raw_record,
        endpoint=endpoint,
        kind="case",
        key=uuid4().hex,
        digest=hashlib.sha256(body).digest(),
        media="text/xml",
        packed=body,
        size=len(body),
        adapter_version="police_case/1",
    )


async def facet(database, case_id, endpoint="police-suizhou", **values):
    raw_id = await raw(database, endpoint)
    row = {
        "system": "police_case",
        "source_key": uuid4().hex,
        "body": {"title": "李某危险驾驶案"},
        "rules": "r",
        "mapping_revision": 1,
        "adapter_version": "police_case/1",
    } | values
    return await put(
        database,
        tables.facet,
        case_id=case_id,
        endpoint=endpoint,
        raw_id=raw_id,
        **row,
    )


async def transfer(database, case_id, sender=POLICE, receiver=PROC, **values):
    """A transfer with a step; returns its id."""
    key = uuid4()
    row = {
        "node": "PROSECUTION_TRANSFER",
        "endpoint": "proc20-suizhou",
        "lane": "proc20-suizhou#0",
        "business_key": f"{key}",
        "idempotency_key": f"{key}",
        "client_key": f"own-{key}",
        "content_digest": b"d",
        "submitted_by": sender,
        "note": "请依法审查",
        "state": "QUEUED",
    } | values
    await put(
        database,
        tables.transfer,
        id=key,
        case_id=case_id,
        sender=sender,
        receiver=receiver,
        **row,
    )
    await put(
        database,
        tables.transfer_step,
        transfer_id=key,
        state=row["state"],
        note="李某案已排队",
    )
    return key


async def receipt(database, transfer_id: UUID, **values):
    raw_id = await raw(database, "proc20-suizhou", b"{}")
    row = {
        "outcome": "RETURNED",
        "numbers": {"department": "广检刑诉受[2023]42138100001号"},
        "reasons": [{"code": "R02", "text": "缺少李某户籍证明"}],
    } | values
    return await put(
        database, tables.receipt, transfer_id=transfer_id, raw_id=raw_id, **row
    )


async def run(database, endpoint="police-suizhou", **values):
    row = {
        "trigger": "schedule",
        "state": "finished",
        "fetched": 3,
        "stored": 3,
        "mapped": 2,
        "set_aside": 1,
        "remainder": {"AJ/BZ": 2},
    } | values
    return await put(database, tables.sync_run, endpoint=endpoint, **row)


async def failure(database, endpoint="police-suizhou", **values):
    run_id = values.pop("run_id", None) or await run(database, endpoint)
    raw_id = await raw(database, endpoint)
    row = {
        "kind": "case",
        "source_key": uuid4().hex,
        "code": "CODE_UNKNOWN",
        "cause": "CODE_UNKNOWN:sex",
        "rules": "r",
        "faults": [
            {
                "code": "CODE_UNKNOWN",
                "where": "persons[0].sex",
                "source": "AJ/RYLB/RY/XB",
                "rule": "sex",
                "zh": "代码无法对应",
                "en": "no counterpart",
            }
        ],
    } | values
    return await put(
        database,
        tables.sync_failure,
        endpoint=endpoint,
        run_id=run_id,
        raw_id=raw_id,
        **row,
    )


async def standing(database, endpoint, state="up", age=0.0, **values):
    """What is known of an endpoint; ``age`` in seconds since it was synced."""
    synced = datetime.now(UTC) - timedelta(seconds=age)
    row = {"synced_at": synced, "last_ok_at": synced} | values
    await put(database, tables.endpoint_state, endpoint=endpoint, state=state, **row)


async def event(database, case_id, kind="case.changed", **values):
    await put(database, tables.event, case_id=case_id, kind=kind, **values)


def source(endpoint="police-suizhou", facet_id=1, at="2023-08-01T02:00:00+00:00"):
    """One entry of the column ``sources``."""
    return {"endpoint": endpoint, "facet": facet_id, "at": at}
