import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.wire.wsdl_zoo.hostile import ANSWERS
from tests.unit.wire.wsdl_zoo.victim import MAX_BYTES

ROOT = Path(__file__).parents[3]
UNREADABLE, UNREACHABLE = "AGENCY_ANSWER_UNREADABLE", "AGENCY_UNREACHABLE"
#: name -> the leaf it has to end in; ``whole``: all bytes are kept, ``cap``: up to it
REFUSED = {
    "laughs": (UNREADABLE, "whole"),
    "quadratic": (UNREADABLE, "whole"),
    "comments": (UNREADABLE, "whole"),
    "entity_file": (UNREADABLE, "whole"),
    "entity_http": (UNREADABLE, "whole"),
    "flat": (UNREADABLE, "cap"),
    "flat_below_cap": (UNREADABLE, "whole"),
    "text": (UNREADABLE, "cap"),
    "attributes": (UNREADABLE, "whole"),
    "deep": (UNREADABLE, "whole"),
    "fault_digits": ("AGENCY_FAULT_UNKNOWN", "whole"),
    "truncated": (UNREADABLE, "whole"),
    "inside_character": (UNREADABLE, "whole"),
    "nothing": (UNREADABLE, "whole"),
    "zeros": (UNREADABLE, "whole"),
    "page": (UNREACHABLE, "whole"),
    "page_as_xml": (UNREACHABLE, "whole"),
    "page_as_xhtml": (UNREACHABLE, "whole"),
    "json": (UNREADABLE, "whole"),
    "gzip": (UNREADABLE, "cap"),
    "no_end": (UNREADABLE, "whole"),
    "no_end_long": (UNREADABLE, "cap"),
    "many_parts": (UNREADABLE, "whole"),
    "no_boundary": (UNREADABLE, "whole"),
    "long_head": (UNREADABLE, "whole"),
    "lying_start": (UNREADABLE, "whole"),
    "trickle": (UNREACHABLE, "none"),
    "endless": (UNREADABLE, "cap"),
}
#: odd, and read all the same: name -> the tree
READ = {
    "good": "好",
    "latin": "好",
    "latin_gbk": "好",
    "gbk_header": "好",
    "unknown_charset": "好",
    "digits": {"n": "9" * 5_000},
    "namespaces": {"a": ""},
    "references": None,
}
#: the most a refusal may cost beyond the process at rest, in bytes
MOST = 5 * MAX_BYTES
#: the same where the answer is within its cap and is parsed
MOST_PARSED = 160_000_000
#: refused only after the parser has read them: nothing shorter tells what they are
PARSED = {"attributes"}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.unit.wire.wsdl_zoo.hostile"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _suffer(address: str, name: str) -> dict[str, Any]:
    """What came of one call in a process of its own, with 30 s of processor time."""
    command = [sys.executable, "-m", "tests.unit.wire.wsdl_zoo.victim", address, name]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{name} ended by {done.returncode}: {done.stderr}"
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _sent(address: str) -> tuple[int, int]:
    """How often somebody came for an entity, and the bytes sent last."""
    with urllib.request.urlopen(f"{address}/sent") as answer:
        hits, sent = answer.read().split()
    return int(hits), int(sent)


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_answer_is_refused_and_kept_within_its_cap(
    name: str, address: str
) -> None:
    code, kept = REFUSED[name]
    found = _suffer(address, name)
    hits, sent = _sent(address)
    assert found["code"] == code
    assert hits == 0
    if kept == "whole":
        assert found["kept"] == sent
    else:
        assert found["kept"] == (MAX_BYTES if kept == "cap" else 0)
    most = MOST_PARSED if name in PARSED else MOST
    assert found["grown"] < most, f"{found['grown']} bytes"
    if kept == "cap":
        assert sent < 60_000_000  # it hung up, and did not read on to the end


@pytest.mark.parametrize("name", READ)
def test_an_odd_answer_is_read_as_it_is(name: str, address: str) -> None:
    found = _suffer(address, name)
    assert found["code"] == ""
    assert found["tree"] == READ[name]
    assert found["grown"] < MOST_PARSED, f"{found['grown']} bytes"


def test_every_hostile_answer_has_its_place() -> None:
    assert set(REFUSED) | set(READ) == set(ANSWERS)
