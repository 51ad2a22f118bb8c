"""A system that posts its cases to the hub: 2.0's records, one or many in a post."""

from __future__ import annotations

import json
from pathlib import Path

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest, load_manifest
from hub.contract.messages import RawRecord
from hub.engine.registry import Registry
from hub.errors import RecordUnreadable
from hub.wire.answer import parse_json

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests/adapters/procuratorate_20/fixtures"
AGENCY, OTHER, ENDPOINT = "PROC-421381", "COURT-421381", "proc-push"
SYSTEM = "procuratorate_20"


class Posting(Procuratorate20):
    """Reads as 2.0 does; is never asked, only told."""

    def ingest(self, body: bytes, media: str) -> tuple[RawRecord, ...]:
        try:
            told = parse_json(body)
            rows = told if isinstance(told, list) else [told]
            return tuple(self._posted(row, body, len(rows)) for row in rows)
        except (ValueError, KeyError, TypeError) as error:
            raise RecordUnreadable(detail=type(error).__name__) from error

    def _posted(self, row, body: bytes, many: int) -> RawRecord:
        part = json.dumps(row, ensure_ascii=False).encode() if many > 1 else body
        data = row["data"]
        return RawRecord("case", data["bmsah"], part, "application/json")


def manifest() -> Manifest:
    """What 2.0 would say if it posted instead of being asked."""
    found = load_manifest(ROOT / "adapters" / SYSTEM / "manifest.yaml")
    limits = found.limits.model_copy(update={"max_bytes": 200_000})
    return found.model_copy(update={"can": ("ingest",), "limits": limits})


def registry() -> Registry:
    """One endpoint that posts, and one of the same agency that does not."""
    own = Endpoint(
        ENDPOINT,
        SYSTEM,
        AGENCY,
        "http://127.0.0.1:9",
        serves=(AGENCY,),
        options={"client_id": "hub"},
        secrets={"client_secret": "invented"},
    )
    return Registry({SYSTEM: manifest()}, {ENDPOINT: own}, {SYSTEM: Posting})


def case(serial: int = 1, **changes: object) -> dict[str, object]:
    """A record of 2.0 as it would be posted."""
    found = json.loads((FIXTURES / "case-minimal.raw.json").read_text("utf-8"))
    found["data"]["bmsah"] = f"广水检刑诉受[2023]421381{serial:06}号"
    found["data"]["tysah"] = f"4213812023{serial:07}"
    found["data"].update(changes)
    return found


def spelled(*cases: object) -> bytes:
    """The bytes of a post."""
    told = cases[0] if len(cases) == 1 else list(cases)
    return json.dumps(told, ensure_ascii=False).encode()
