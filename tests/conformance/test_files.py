"""File sets in a folder, and files that come in ranges.

The convention of a drop: ``options.outbox`` is the folder, ``NAME.zip`` a file set and
``NAME.ok`` the marker that announces it.
"""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from hub.contract.messages import RawRecord, Watermark
from hub.errors import AgencyError, RecordUnreadable
from tests.adapters.lines import has_line, lines
from tests.adapters.subject import Subject
from tests.conformance.test_pull import every, keys, stored
from tests.simulators.proxy.plan import Plan

CASES = 60
#: its simulators are its own
CHANGES = True
#: seconds after which nothing is waited for any more
LONG_AGO = 7 * 24 * 3600
#: bytes asked for at once of a huge file
RANGE = 65_536


def _outbox(subject: Subject) -> Path:
    return Path(subject.endpoint.options["outbox"])


def _left(subject: Subject, name: str, body: bytes | None, *, marked: bool) -> None:
    """Leave a file, its marker or both, as old as what nobody waits for."""
    then = time.time() - LONG_AGO
    parts = {f"{name}.zip": body, f"{name}.ok": b"" if marked else None}
    for part, content in parts.items():
        if content is not None:
            path = _outbox(subject) / part
            path.write_bytes(content)
            os.utime(path, (then, then))


async def _whole(subject: Subject) -> tuple[RawRecord, Watermark, list[RawRecord]]:
    """A record that can be read, the watermark after all, and all."""
    records, marks = await subject.pulled()
    for record in records:
        try:
            subject.open().read(record)
        except RecordUnreadable:
            continue
        return record, stored(marks[-1]), records
    raise AssertionError("not one file set can be read")


@pytest.mark.conformance("F08")
@every
async def test_a_marker_waits_for_its_file(subject: Subject) -> None:
    record, mark, _ = await _whole(subject)
    name = f"{'0' * 31}8"
    marker = _outbox(subject) / f"{name}.ok"
    marker.write_bytes(b"")  # just now: its file is on its way
    early, marks = await subject.pulled(mark)
    assert keys(early) == []
    _left(subject, name, record.body, marked=False)
    late, _ = await subject.pulled(stored(marks[-1]) if marks else mark)
    assert keys(late) == [name]
    assert late[0].body == record.body


@pytest.mark.conformance("F09")
@every
async def test_a_file_without_its_marker_is_no_record(subject: Subject) -> None:
    record, mark, _ = await _whole(subject)
    name = f"{'0' * 31}9"
    _left(subject, name, record.body, marked=False)
    assert (await subject.pulled(mark))[0] == []


@pytest.mark.conformance("F09")
@every
async def test_a_file_set_without_metadata_is_set_aside(subject: Subject) -> None:
    record, mark, _ = await _whole(subject)
    source = zipfile.ZipFile(io.BytesIO(record.body))
    for number, gone in enumerate(source.namelist()):
        if "/" in gone:
            continue
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w") as poor:
            for name in source.namelist():
                if name != gone:
                    poor.writestr(name, source.read(name))
        with pytest.raises(RecordUnreadable):
            subject.open().read(_other(record, sink.getvalue()))
        _left(subject, f"{number:032x}", sink.getvalue(), marked=True)
    found, _ = await subject.pulled(mark)
    assert found, "what was set aside is kept"


@pytest.mark.conformance("F10")
@every
async def test_a_digest_that_differs_or_an_empty_file_is_refused(
    subject: Subject,
) -> None:
    record, mark, _ = await _whole(subject)
    source = zipfile.ZipFile(io.BytesIO(record.body))
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as forged:  # each member is sound for a ZIP
        for name in source.namelist():
            body = source.read(name)
            is_data = name.endswith(".csv")
            forged.writestr(name, body + b"\r\n" if is_data else body)
    for number, body in enumerate((sink.getvalue(), b"")):
        with pytest.raises(RecordUnreadable):
            subject.open().read(_other(record, body))
        _left(subject, f"{'f' * 31}{number}", body, marked=True)
    found, _ = await subject.pulled(mark)
    kept = {one.key: one.body for one in found}
    assert kept[f"{'f' * 31}0"] == sink.getvalue()


def _other(record: RawRecord, body: bytes) -> RawRecord:
    return RawRecord(record.kind, record.key, body, record.media)


@pytest.mark.conformance("F19")
@every
async def test_a_huge_file_comes_in_ranges_and_is_resumed(subject: Subject) -> None:
    if not hasattr(subject.bench, "file"):
        pytest.skip("its bench names no file that could be fetched")
    reference, whole = subject.bench.file(subject.running)
    found = bytearray()
    if has_line(subject):
        await _until_the_line_is_cut(subject, reference, found)
    async with subject.open() as adapter:
        assert await adapter.fetch(f"{reference}-never", 0, RANGE) is None
        while len(found) < len(whole):
            piece = await adapter.fetch(reference, len(found), RANGE)
            assert piece is not None
            assert piece.body, "nothing came before the end"
            assert (piece.offset, piece.size) == (len(found), len(whole))
            found += piece.body
    assert bytes(found) == whole


async def _until_the_line_is_cut(
    subject: Subject, reference: str, found: bytearray
) -> None:
    async with lines(subject) as way, subject.open(endpoint=way.endpoint) as adapter:
        await adapter.probe()
        way.proxies[0].set(Plan(cut_at=RANGE // 2, after=1))
        try:
            while piece := await adapter.fetch(reference, len(found), RANGE):
                found += piece.body
                if piece.is_last:
                    return
        except AgencyError:
            return
