"""Takes the login page of a gateway for the record it asked for."""

from __future__ import annotations

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import RawRecord
from hub.contract.window import Change
from hub.errors import AgencyUnreachable

INTENDED = "F23"


class Mutant(Procuratorate20):
    """Status 200 is good enough; the watermark moves past what was never seen."""

    async def _detail(self, change: Change) -> RawRecord:
        try:
            return await super()._detail(change)
        except AgencyUnreachable as error:
            if b"<html" not in error.body:
                raise
            media = "text/html"
            return RawRecord("case", change.key, error.body, media, change.modified)
