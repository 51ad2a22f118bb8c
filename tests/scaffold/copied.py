"""A copy of the project's files, and commands run in it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.house.documents import ROOT, tracked

#: seconds a command may take on a busy machine before it counts as hung
PATIENCE = 900


def copy_to(folder: Path) -> Path:
    """The files that git knows, or would take in, in another place."""
    for path in tracked():
        place = folder / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return folder


def digests(folder: Path) -> dict[str, str]:
    """Every file by its digest, caches and what tests leave in ``var`` left out."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not re.search(r"__pycache__|/\.|/var/", f"/{path}")
    }


def run(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """A shell line in the copy; ``hub`` and ``pytest`` are the copy's own."""
    python = sys.executable
    line = re.sub(r"^hub ", f"{python} -m hub.entry ", command)
    line = re.sub(r"^pytest ", f"{python} -m pytest -q -p no:cacheprovider ", line)
    scope = os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=scope,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
