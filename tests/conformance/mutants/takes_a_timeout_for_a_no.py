"""Takes a time-out for a refusal, though the far side may have stored the parcel."""

from __future__ import annotations

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import Outcome, Parcel, Reason, Receipt
from hub.errors import AgencyUnreachable

INTENDED = "F01"


class Mutant(Procuratorate20):
    """The sender is told no while the receiver works on the case."""

    async def push(self, parcel: Parcel) -> Receipt:
        try:
            return await super().push(parcel)
        except AgencyUnreachable as error:
            if not isinstance(error.__cause__, TimeoutError):
                raise
            return Receipt(Outcome.RETURNED, reasons=(Reason("R99", "time-out"),))
