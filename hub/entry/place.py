"""Where this checkout of the hub lies: told without loading the hub."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
ADAPTERS = ROOT / "adapters"
MAPPINGS = ROOT / "mappings"
