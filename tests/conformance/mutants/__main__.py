"""Put the kit to some mutants, each in a forked process: imports are paid for once.

``python -m tests.conformance.mutants FOLDER NAME...`` writes ``FOLDER/NAME/`` for each:
the results, and what pytest said in ``told``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.adapters.subject import tables
from tests.conformance.mutants import CASES, QUESTIONS, SYSTEM


def asked(name: str, folder: Path) -> None:
    """One mutant's own process: ask, and end."""
    folder.mkdir(parents=True, exist_ok=True)
    sink = os.open(folder / "told", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    known = f"tests.conformance.mutants.{name}:Mutant"
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest"]
    options += ["--system", SYSTEM]
    options += ["--adapter-class", known, "--cases", str(CASES)]
    os._exit(pytest.main([*options, "--results", str(folder), *QUESTIONS]))


def main(folder: Path, names: list[str]) -> None:
    """Ask one after the other."""
    tables()  # read once, as all is imported once, before anything is forked
    for name in names:
        child = os.fork()
        if not child:
            asked(name, folder / name)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
