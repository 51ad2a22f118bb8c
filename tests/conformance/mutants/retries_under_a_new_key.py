"""Sends a parcel once more by itself when the answer is lost, under a new id."""

from __future__ import annotations

import uuid
from dataclasses import replace

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import Parcel, Receipt
from hub.errors import AgencyUnreachable

INTENDED = "F01"


class Mutant(Procuratorate20):
    """What may have arrived is sent as something new."""

    async def push(self, parcel: Parcel) -> Receipt:
        try:
            return await super().push(parcel)
        except AgencyUnreachable as error:
            if not isinstance(error.__cause__, TimeoutError):
                raise
            fresh = uuid.uuid4().hex
            return await super().push(replace(parcel, message_id=fresh))
