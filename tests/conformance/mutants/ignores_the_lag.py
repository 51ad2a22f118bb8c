"""Asks from the last time it saw, though commits come minutes late."""

from __future__ import annotations

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.endpoint import Endpoint
from hub.contract.manifest import Manifest

INTENDED = "E3-05"


class Mutant(Procuratorate20):
    """The manifest declares a lag, the adapter does not look at it."""

    def __init__(self, endpoint: Endpoint, manifest: Manifest) -> None:
        none = manifest.increment.model_copy(update={"lag_seconds": 0})
        super().__init__(endpoint, manifest.model_copy(update={"increment": none}))
