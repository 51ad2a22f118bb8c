"""Cases for the load benchmarks, the endpoint that tells them, and a hub on it.

A case has the shape that mappings were measured with: some 30 kinds of field, 2.3
persons and 2 documents, so 2.3 charges and 2.3 measures. Everything is invented:
birth years 1900 to 1905.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Self

import orjson

from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest
from hub.contract.messages import Health, Page, RawRecord, Tree, Watermark
from hub.engine.hub import Hub
from hub.engine.registry import Registry
from hub.entry.assembly import rest_in_memory
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import Mappings
from hub.mapping.precedence import Precedence
from hub.store.database import Database

ROOT = Path(__file__).parents[2]
ENDPOINT = "bench"
PAGE = 500

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(place: int) -> str:
    """An identity number that nobody has, with a right check digit."""
    body = f"421381{1900 + place % 6}0101{place % 1000:03}"
    total = sum(int(one) * by for one, by in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def case(number: int, edition: int = 0) -> dict[str, Any]:
    """One case as the agency tells it; another edition differs in its summary."""
    return {
        "AJBH": f"A421381000000{2000 + number // 10_000}08{number % 10_000:04}",
        "TYSAH": f"421381{2000 + number // 100_000}{number % 100_000:05}00",
        "AJMC": f"张三{number}危险驾驶案",
        "JYAQ": f"2023年8月1日，张三酒后驾驶小型汽车，第{edition}次更正。",
        "AJJD": "S020_FILED",
        "BADW": "POLICE-421381",
        "LASJ": "20230801",
        "SLSJ": "2023-08-02 00:00:00",
        "XGSJ": f"2023-08-01 08:{number // 60 % 60:02}:{number % 60:02}",
        "SFSC": "0",
        "CZR": "x",
        "RYLB": {
            "RY": [
                _person(number * 3 + one) for one in range(3 if number % 10 < 3 else 2)
            ]
        },
        "WSLB": {
            "WS": [
                _paper("FILING_DECISION", "立案决定书", "立", number),
                _paper("BAIL_DECISION", "取保候审决定书", "取保", number),
            ]
        },
    }


def _person(place: int) -> dict[str, Any]:
    return {
        "RYBH": str(place),
        "XM": f"张 三{place}",
        "XB": "1",
        "CSRQ": f"{1900 + place % 6}-01-01",
        "ZJLX": "111",
        "ZJHM": id_number(place),
        "MZ": "01",
        "XL": "71",
        "HJ": "421381000000",
        "ZZ": f"湖北省应山大道{place}号",
        "ZY": "务农",
        "ZM": "危险驾驶罪",
        "CSLB": {"CS": {"LX": "BAIL", "KS": "20230802", "JS": "20240801"}},
    }


def _paper(kind: str, name: str, word: str, number: int) -> dict[str, str]:
    return {"LX": kind, "MC": name, "WH": f"广公（刑）{word}字〔2023〕{number}号"}


def records(count: int, *, changed_every: int = 0) -> list[RawRecord]:
    """So many cases as raw records; every so-manieth in another edition."""
    return [
        raw(case(one, int(bool(changed_every) and one % changed_every == 0)))
        for one in range(count)
    ]


def raw(told: dict[str, Any]) -> RawRecord:
    """One case as it arrives."""
    body = orjson.dumps(told)
    return RawRecord("case", told["AJBH"], body, "application/json", told["XGSJ"])


class PageSource:
    """An adapter without a wire: pages from memory. ``at`` tells when each was asked.

    The last entry of ``at`` is the moment the source was found empty.
    """

    content: Sequence[RawRecord] = ()
    size = PAGE
    at: list[float]

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        """Nothing to open."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        type(self).at = []
        for start in range(0, len(self.content), self.size):
            self.at.append(time.perf_counter())
            part = tuple(self.content[start : start + self.size])
            yield Page(part, Watermark({"to": start + len(part)}))
        self.at.append(time.perf_counter())

    def read(self, raw: RawRecord) -> Tree:
        tree: Tree = orjson.loads(raw.body)
        return tree

    async def probe(self) -> Health:
        return Health()


def manifest() -> Manifest:
    """What the benchmark's source can do."""
    return Manifest.model_validate(
        {
            "system": "bench",
            "version": "1",
            "adapter": "PageSource",
            "title": {"zh": "基准", "en": "benchmark"},
            "agency_type": "POLICE",
            "transport": "rest",
            "owner": "tests",
            "can": ["pull", "probe"],
            "own_numbers": ["police"],
            "increment": {"by": "modified", "lag_seconds": 1},
            "idempotency": {"key": "key", "honoured": True},
        }
    )


def hub_on(database: Database, adapter: type[Any], address: str = "memory:") -> Hub:
    """A hub whose only endpoint speaks by this adapter."""
    tables = Tables.load(ROOT / "mappings" / "tables")
    endpoint = Endpoint(ENDPOINT, "bench", "POLICE-421381", address)
    registry = Registry({"bench": manifest()}, {ENDPOINT: endpoint}, {"bench": adapter})
    precedence = Precedence.load(ROOT / "mappings" / "precedence.yaml")
    mappings = Mappings.load(Path(__file__).parent / "mappings", tables)
    hub = Hub.of(database, tables, mappings, precedence, registry)
    rest_in_memory()
    return hub
