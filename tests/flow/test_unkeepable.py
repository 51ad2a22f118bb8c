"""One record with characters that no database holds does not stop its endpoint."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hub.contract.messages import RawRecord, Tree
from hub.engine.sync import sync_endpoint
from hub.store.database import Database
from tests.bench import world
from tests.flow import books


class Source(world.PageSource):
    """JSON as Python reads it: half surrogates come through."""

    def read(self, raw: RawRecord) -> Tree:
        tree: Tree = json.loads(raw.body)
        return tree


def _record(told: dict[str, Any]) -> RawRecord:
    body = json.dumps(told).encode()
    return RawRecord("case", told["AJBH"], body, "application/json", told["XGSJ"])


@pytest.mark.parametrize(
    ("name", "value", "is_aside"),
    [
        ("JYAQ", "a\0b", True),
        ("JYAQ", "\ud800", True),
        ("X\0", "a name that nobody knows", True),
        ("X\ud800", "another", True),
        ("JYAQ", "the text \\u0000 is only a text", False),
        ("CZR", "\0 where nobody reads it", False),
    ],
)
async def test_a_record_that_cannot_be_stored_is_set_aside_alone(
    database: Database, name: str, value: str, is_aside: bool
) -> None:
    hub = world.hub_on(database, Source)
    Source.content = [_record(world.case(1) | {name: value}), _record(world.case(2))]
    run = await books.run(database, await sync_endpoint(hub, world.ENDPOINT, "test"))
    assert run["error_code"] is None
    assert (run["mapped"], run["set_aside"]) == (2 - is_aside, int(is_aside))
