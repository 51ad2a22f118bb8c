"""Decodes with replacements, which look like any other question mark later on."""

from __future__ import annotations

from dataclasses import replace

from adapters.procuratorate_20.adapter import Procuratorate20
from hub.contract.messages import RawRecord, Tree

INTENDED = "F11"


class Mutant(Procuratorate20):
    """A name that lost a character goes through as if it had none to lose."""

    def read(self, raw: RawRecord) -> Tree:
        text = raw.body.decode("utf-8-sig", errors="replace").replace("\ufffd", "?")
        return super().read(replace(raw, body=text.encode()))
