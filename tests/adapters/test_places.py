"""Every leaf of a tree is found again in the bytes, at the spot the adapter names."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from lxml import etree

from hub.contract.messages import RawRecord, Tree
from hub.contract.place import Spot, at
from hub.errors import RecordUnreadable
from tests.adapters.subject import Subject, systems

every = pytest.mark.parametrize("subject", systems(), indirect=True)
#: how many records of a system are taken apart leaf by leaf
MANY = 40


def _leaves(tree: Tree, place: str = "") -> Iterator[tuple[str, Tree]]:
    if isinstance(tree, dict) and tree:
        for name, child in tree.items():
            yield from _leaves(child, f"{place}/{name}".lstrip("/"))
    elif isinstance(tree, list) and tree:
        for index, child in enumerate(tree):
            yield from _leaves(child, f"{place}[{index}]")
    else:
        yield place, tree


def _document(raw: RawRecord, part: str) -> bytes:
    """The bytes of the document inside a record, by plain means."""
    if not part:
        return raw.body
    if raw.body.startswith(b"PK"):
        return zipfile.ZipFile(io.BytesIO(raw.body)).read(part)
    if raw.body.lstrip()[:1] == b"{":
        found = json.loads(raw.body)
        for step in part.split("/")[1:]:
            found = found[int(step)] if isinstance(found, list) else found[step]
        return str(found).encode()
    names = part.split("/")[1:]
    told = etree.fromstring(_decoded(raw.body))
    path = "".join(f"/*[local-name()='{name}']" for name in names)
    (holder,) = told.getroottree().xpath(path)
    text = holder.text.strip()
    return text[text.index("?>") + 2 :].encode() if text[:2] == "<?" else text.encode()


def _decoded(body: bytes) -> bytes:
    """UTF-8 without a declaration: some bytes are not what they claim to be."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("gb18030")
    text = text.strip()
    return (text[text.index("?>") + 2 :] if text[:2] == "<?" else text).encode()


def _value(raw: RawRecord, spot: Spot) -> Tree:
    """What stands at a spot, read without anything of the hub's."""
    body = _document(raw, spot.part)
    if spot.form == "xpath":
        (found,) = etree.fromstring(body).getroottree().xpath(spot.path)
        return found if isinstance(found, str) else found.text or ""
    if spot.form == "pointer":
        found = json.loads(body, parse_float=str)
        for step in spot.path.split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            found = found[int(name)] if isinstance(found, list) else found[name]
        return found
    assert spot.form == "cell"
    lines = list(csv.reader(io.StringIO(body.decode("gb18030"), newline="")))
    rows = [row for row in lines if any(cell.strip() for cell in row)]
    row, column = spot.path.removeprefix("row ").split(", column ")
    return rows[int(row) - 1][rows[0].index(column)]


def _same(found: Tree, told: Tree) -> bool:
    """Alike but for what the adapter says it undoes: a spreadsheet's spoils."""
    if found == told:
        return True
    text = str(found).removeprefix("'")
    return isinstance(told, str) and told.lstrip("0") == text.lstrip("0") != ""


@pytest.mark.conformance("places.leaves")
@every
async def test_every_leaf_is_where_the_adapter_says(subject: Subject) -> None:
    records, _ = await subject.pulled()
    adapter = subject.open()
    looked = 0
    for raw in records[:MANY]:
        try:
            tree = adapter.read(raw)
        except RecordUnreadable:
            continue
        for place, told in _leaves(tree):
            spot = adapter.locate(raw, place)
            if spot.form == "member" or spot.part.endswith("/xxnr"):
                continue  # named whole; the pseudo-JSON has no parser but ours
            assert _same(_value(raw, spot), told), (place, spot)
            looked += 1
            if spot.form in ("xpath", "cell"):
                assert spot.line > 0, (place, spot)
    assert looked > MANY


@pytest.mark.conformance("places.leaves")
@every
async def test_a_place_where_nothing_is_has_no_line(subject: Subject) -> None:
    records, _ = await subject.pulled()
    adapter = subject.open()
    raw = next(one for one in records if _is_read(subject, one))
    spot = adapter.locate(raw, "NO/SUCH[3]/THING")
    assert (spot.line, at(adapter.read(raw), "NO/SUCH[3]/THING")) == (0, None)


def _is_read(subject: Subject, raw: RawRecord) -> bool:
    try:
        subject.open().read(raw)
    except RecordUnreadable:
        return False
    return True
