"""Start one simulated agency: ``python -m tests.simulators police_case --port N``.

Each lives in ``tests/adapters/NAME/simulator.py`` and offers ``open_agency``.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from tests.simulators.service import application, options, serve

HOMES = Path(__file__).parents[1] / "adapters"


def names() -> list[str]:
    """Every simulator there is."""
    return sorted(path.parent.name for path in HOMES.glob("*/simulator.py"))


def main(arguments: list[str]) -> None:
    """Start the named simulator and serve until killed."""
    if not arguments or arguments[0] not in names():
        sys.exit(f"name one of: {', '.join(names())}; then --port N --data FOLDER")
    chosen = options(arguments[1:])
    module = importlib.import_module(f"tests.adapters.{arguments[0]}.simulator")
    faults: dict[str, Any] = {}
    agency = module.open_agency(chosen, faults)
    serve(application(agency, faults), chosen.port)


if __name__ == "__main__":
    main(sys.argv[1:])
