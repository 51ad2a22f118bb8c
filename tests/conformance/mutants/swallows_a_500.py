"""Takes a server's error for a list without changes."""

from __future__ import annotations

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.window import Change
from hub.errors import AgencyUnreachable

INTENDED = "E3-09"


class Mutant(Procuratorate20):
    """A status 500 ends the pull as if everything had been told."""

    async def _changes(self, since: str, cursor: str) -> tuple[list[Change], str]:
        try:
            return await super()._changes(since, cursor)
        except AgencyUnreachable as error:
            if error.detail != "HTTP 500":
                raise
            return [], ""
