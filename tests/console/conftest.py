"""A console over a small hub, and somebody signed in."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from hub.console.app import routes
from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.errors import TokenInvalid
from hub.records.caller import Caller
from tests.conftest import ROOT
from tests.schema.conftest import ENDPOINTS

OPERATOR, STRANGER = "operators-token", "strangers-token"
CALLERS = {
    OPERATOR: Caller("HUB-OPERATOR", "HUB"),
    STRANGER: Caller("POLICE-421303", "POLICE"),
}


def know(token):
    if token not in CALLERS:
        raise TokenInvalid(where="Authorization")
    return CALLERS[token]


@pytest.fixture
def hub(database, tables, mappings, precedence):
    """A hub over an empty database."""
    registry = Registry.load(ROOT / "adapters", ENDPOINTS)
    return Hub.of(database, tables, mappings, precedence, registry)


@pytest.fixture
async def visitor(hub):
    """Nobody yet, at the console's door."""
    app = Starlette(routes=[Mount("/console", routes=routes(hub, know))])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://hub.test", follow_redirects=True
    ) as client:
        yield client


@pytest.fixture
async def operator(visitor):
    """An operator who signed in."""
    answer = await visitor.post("/console/enter", data={"token": OPERATOR})
    assert answer.status_code == 200
    return visitor
