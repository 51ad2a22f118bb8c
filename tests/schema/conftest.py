"""A hub over an empty database, and a way to ask it as anybody."""

import pytest
import sqlalchemy as sa

from hub.contract.endpoint import Endpoint
from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.records.caller import Caller
from schema.execute import execute
from tests.conftest import ROOT

SERVES = ("421381", "421303", "421321")
ENDPOINTS = [
    Endpoint(
        code,
        system,
        f"{kind}-421300",
        "http://127.0.0.1:9",
        serves=tuple(f"{kind}-{division}" for division in SERVES),
        fresh_for=60,
    )
    for code, system, kind in (
        ("police-suizhou", "police_case", "POLICE"),
        ("proc20-suizhou", "procuratorate_20", "PROC"),
        ("justice-suizhou", "justice_drop", "JUSTICE"),
    )
]


@pytest.fixture
def hub(database, tables, mappings, precedence):
    registry = Registry.load(ROOT / "adapters", ENDPOINTS)
    return Hub.of(database, tables, mappings, precedence, registry)


def caller_of(agency):
    kind = "HUB" if agency == "HUB-OPERATOR" else agency.partition("-")[0]
    return Caller(agency, kind)


@pytest.fixture
def ask(hub):
    """``await ask(agency, document, **variables)`` -> data; errors fail the test."""

    async def asked(agency, document, **variables):
        answer = await execute(hub, caller_of(agency), document, variables)
        assert answer.errors == (), answer.errors
        return answer.data

    return asked


@pytest.fixture
def refusal(hub):
    """``await refusal(agency, document, **variables)`` -> the first error's parts."""

    async def asked(agency, document, **variables):
        answer = await execute(hub, caller_of(agency), document, variables)
        assert answer.errors, answer.data
        return answer.errors[0]["extensions"]

    return asked


@pytest.fixture
def statements(database):
    """The SQL statements sent since, without those that set a transaction up."""
    sent = []
    engine = database._engine.sync_engine

    def note(*told):
        sent.append(told[2])

    sa.event.listen(engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(engine, "before_cursor_execute", note)
