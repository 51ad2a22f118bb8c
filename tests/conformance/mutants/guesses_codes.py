"""Takes every fault code it does not know for "busy, try again"."""

from __future__ import annotations

from collections.abc import AsyncIterator

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import Page, Watermark
from hub.errors import AgencyBusy, AgencyFaultUnknown

INTENDED = "contract.unknown_code"


class Mutant(Procuratorate20):
    """Knocks on for ever where a person should have looked."""

    async def pull(self, watermark: Watermark) -> AsyncIterator[Page]:
        try:
            async for page in super().pull(watermark):
                yield page
        except AgencyFaultUnknown as error:
            raise AgencyBusy(endpoint=error.endpoint, body=error.body) from error
