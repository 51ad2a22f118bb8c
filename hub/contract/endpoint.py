"""One agency's installation of a system: address, secret reference, budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint (接入点): a row of the deployment's settings, secrets resolved.

    ``serves`` are the agencies whose cases live in it. ``accepts_new`` is false
    for an old version that only finishes what it has. ``slots`` is how many
    parcels may be under way to it at once; times are seconds. ``options`` are
    the system's own settings (directories, client id, database address).
    ``secrets`` never appear in ``repr``.
    """

    code: str
    system: str
    agency: str
    address: str
    serves: tuple[str, ...] = ()
    accepts_new: bool = True
    slots: int = 4
    every: float = 30.0
    fresh_for: float = 300.0
    options: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
