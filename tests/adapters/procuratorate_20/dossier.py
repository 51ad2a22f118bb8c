"""The electronic dossier (电子卷宗): a scan of each document a case lists.

Invented bytes, the same for the same document, and more than fits one range.
"""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

from adapters.procuratorate_20 import pseudo

SIZE = 300_000


def numbers(form: dict[str, Any]) -> list[str]:
    """The document numbers (WSWH) that a case lists."""
    listed = pseudo.parse(form.get("xxnr") or "[]")
    rows = listed if isinstance(listed, list) else []
    return [str(row["WSWH"]) for row in rows if isinstance(row, dict) and row["WSWH"]]


def scan(department_number: str, number: str) -> bytes:
    """The scan of one document."""
    return b"%PDF-1.7\n" + random.Random(f"{department_number}/{number}").randbytes(
        SIZE
    )


def put_out(folder: Path, department_number: str, number: str) -> Path:
    """The scan as a file, as a file server wants it."""
    name = hashlib.sha256(f"{department_number}/{number}".encode()).hexdigest()[:32]
    place = folder / f"{name}.pdf"
    folder.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        place.write_bytes(scan(department_number, number))
    return place
