"""Hostile bytes made out of a good record: whatever a system's ``read`` may be given.

Each is a function of the good bytes, so it fits every adapter that has a fixture, also
one that nobody has written yet. Nothing here is larger than it has to be on disk: the
bytes are made in the process that suffers them.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping

HUGE = 200_000_000
#: as large as a body may be that the wire lets through
LARGE = 9_900_000
DIGITS = b"9" * 5_000
Make = Callable[[bytes], bytes]

_LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha ha ha ha ha ha ha ha ha ha">'
    + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    + b"]>"
)
_FILE = b'<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'
_WEB = b'<!DOCTYPE x [<!ENTITY j SYSTEM "http://127.0.0.1:1/x">]>'


def _declared(good: bytes, doctype: bytes, entity: bytes) -> bytes:
    """The record behind a DOCTYPE, with an entity in it."""
    head = re.match(rb"\s*<\?xml[^>]*\?>", good)
    at = head.end() if head else 0
    return good[:at] + doctype + _inside(good[at:], entity)


def _inside(good: bytes, more: bytes) -> bytes:
    """Something more at the end of the outermost element."""
    at = good.rindex(b"</")
    return good[:at] + more + good[at:]


def _inner(good: bytes, more: bytes) -> bytes:
    """The same in the document that stands as text in the record, if one does."""
    for mark, close in ((b"]]>", b"</"), (b"&lt;/", b"")):
        at = good.rfind(mark)
        if at >= 0:
            place = good.rindex(close, 0, at) if close else at
            told = more if close else more.replace(b"<", b"&lt;")
            return good[:place] + told + good[place:]
    return _inside(good, more)


def _digits_xml(good: bytes) -> bytes:
    """Every run of digits between tags becomes five thousand."""
    return re.sub(rb"(>|&gt;)\d+(</|&lt;/)", rb"\g<1>" + DIGITS + rb"\g<2>", good)


XML: Mapping[str, Make] = {
    "flat": lambda good: _inside(good, b"<a>1</a>" * (HUGE // 8)),
    "flat_large": lambda good: _inside(good, b"<a/>" * (LARGE // 4)),
    "flat_inner": lambda good: _inner(good, b"<a/>" * (LARGE // 11)),
    "text": lambda good: _inside(good, b"<a>" + b"x" * LARGE + b"</a>"),
    "laughs": lambda good: _declared(good, _LAUGHS, b"<q>&j;</q>"),
    "entity_file": lambda good: _declared(good, _FILE, b"<q>&j;</q>"),
    "entity_web": lambda good: _declared(good, _WEB, b"<q>&j;</q>"),
    "laughs_inner": lambda good: _inner(good, _LAUGHS + b"<q>&j;</q>"),
    "deep": lambda good: _inside(good, b"<a>" * 100_000 + b"</a>" * 100_000),
    "deep_inner": lambda good: _inner(good, b"<a>" * 5_000 + b"</a>" * 5_000),
    "attributes": lambda good: _inside(
        good, b"<a " + b" ".join(b'k%d="1"' % n for n in range(200_000)) + b"/>"
    ),
    "comments": lambda good: b"<!-- -->" * (LARGE // 8) + good,
    "digits": _digits_xml,
    "zeros": lambda good: b"\x00" * LARGE,
    "utf16_lie": lambda good: b"\xff\xfe" + good,
}

JSON: Mapping[str, Make] = {
    "flat": lambda good: b'{"a":[' + b"1," * (HUGE // 2) + b"1]," + good[1:],
    "flat_large": lambda good: b'{"a":[' + b"[]," * (LARGE // 3) + b"1]," + good[1:],
    "names": lambda good: (
        b'{"a":{' + b",".join(b'"%x":{}' % n for n in range(600_000)) + b"}," + good[1:]
    ),
    "text": lambda good: b'{"a":"' + b"x" * LARGE + b'",' + good[1:],
    "deep": lambda good: b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"," + good[1:],
    "deep_objects": lambda good: b'{"a":' * 300 + good + b"}" * 300,
    "digits": lambda good: b'{"a":' + DIGITS + b"," + good[1:],
    "exponent": lambda good: b'{"a":1e999999999,"b":NaN,' + good[1:],
    "zeros": lambda good: b"\x00" * LARGE,
    "marks": lambda good: b"[" * LARGE,
}


def _zip(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", how) as archive:
        for name, body in members:
            archive.writestr(name, body)
    return sink.getvalue()


def _members(good: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def _with(name: str, body: bytes) -> Make:
    return lambda good: _zip(*_members(good), (name, body))


def _renamed(name: bytes) -> Make:
    """A member whose name says something else than zipfile would write."""
    mark = b"files/" + b"x" * (len(name) - 6) if len(name) > 6 else b"x" * len(name)
    return lambda good: _with(mark.decode(), b"x")(good).replace(mark, name)


def _bomb(good: bytes) -> bytes:
    """Two hundred megabytes of nothing in a fifth of one."""
    return _with("files/bomb.xml", b"\x00" * HUGE)(good)


def _nested(good: bytes) -> bytes:
    body = b"\x00" * 10_000_000
    for _ in range(5):
        body = _zip(*[(f"{n}.zip", body) for n in range(4)])
    return _zip(*_members(good), ("files/inner.zip", body))


def _as_pdf(good: bytes) -> bytes:
    """The same, under the name of something harmless."""
    return _zip(*_members(good), ("files/inner.pdf", _nested(good)))


def _overlapping(good: bytes) -> bytes:
    """Many entries of the directory lead to one member's bytes."""
    told = bytearray(_with("files/a0000.xml", b"\x00" * 90_000)(good))
    end = told.rindex(b"PK\x05\x06")
    start = int.from_bytes(told[end + 16 : end + 20], "little")
    last = told.rindex(b"PK\x01\x02", start, end)
    entry = bytes(told[last:end])
    more = [entry.replace(b"a0000", b"a%04d" % n) for n in range(1, 1_500)]
    directory = bytes(told[start:end]) + b"".join(more)
    count = struct.unpack_from("<H", told, end + 10)[0] + len(more)
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0
    )
    return bytes(told[:start]) + directory + tail


def _patched(good: bytes, at_local: int, at_central: int, value: int) -> bytes:
    """A size field of the last member, told otherwise in both its places."""
    told = bytearray(_with("files/last.xml", b"<a>1</a>" * 100)(good))
    packed = struct.pack("<L", value)
    for mark, at in ((b"PK\x03\x04", at_local), (b"PK\x01\x02", at_central)):
        place = told.rindex(mark) + at
        told[place : place + 4] = packed
    return bytes(told)


def _link(good: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, body in _members(good):
            archive.writestr(name, body)
        one = zipfile.ZipInfo("files/link.xml")
        one.create_system, one.external_attr = 3, 0o120777 << 16
        archive.writestr(one, "/etc/passwd")
    return sink.getvalue()


def _again(name: str, body: Callable[[bytes], bytes]) -> Make:
    """A member made hostile, with a listing that agrees: the reader gets to see it."""

    def made(good: bytes) -> bytes:
        members = dict(_members(good))
        if name not in members:
            return _zip(*members.items())
        members[name] = body(members[name])
        if "manifest.txt" in members:
            del members["manifest.txt"]
            members["manifest.txt"] = _listing(members)
        return _zip(*members.items(), how=zipfile.ZIP_STORED)

    return made


def _listing(members: Mapping[str, bytes]) -> bytes:
    lines = [
        f"{name}\t{len(body)}\t{hashlib.md5(body, usedforsecurity=False).hexdigest()}"
        for name, body in members.items()
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _flat_csv(good: bytes) -> bytes:
    row = good.splitlines(keepends=True)[-1]
    return good + row * (HUGE // len(row))


ZIP: Mapping[str, Make] = {
    "bomb": _bomb,
    "nested": _nested,
    "nested_as_pdf": _as_pdf,
    "overlapping": _overlapping,
    "size_huge": lambda good: _patched(good, 22, 24, 0xFFFFFFF0),
    "size_small": lambda good: _patched(good, 22, 24, 3),
    "packed_huge": lambda good: _patched(good, 18, 20, 0xFFFFFFF0),
    "link": _link,
    "absolute": _renamed(b"/etc/cron.d/evil.xml"),
    "parent": _renamed(b"../../../evil.xml"),
    "parent_inside": _renamed(b"files/../../e.xml"),
    "backslash": _renamed(b"..\\..\\evil\\a.xml"),
    "drive": _renamed(b"C:/windows/evil.xml"),
    "control": _renamed(b"files/a\x00b.xml"),
    "program": _with("files/run.exe", b"MZ"),
    "twice": lambda good: _zip(*_members(good), *_members(good)[:1]),
    "many": lambda good: _zip(*[(f"files/{n}.xml", b"") for n in range(60_000)]),
    "spoilt": lambda good: (
        good[: len(good) // 2] + b"\xff\xff" + good[len(good) // 2 + 2 :]
    ),
    "head_laughs": _again("head.xml", XML["laughs"]),
    "head_flat": _again("head.xml", XML["flat_large"]),
    "head_digits": _again("head.xml", _digits_xml),
    "rows_flat": _again("data.csv", _flat_csv),
    "rows_lines": _again("data.csv", lambda good: good + b"\n" * LARGE),
    "rows_cells": _again("data.csv", lambda good: good + b"," * LARGE),
    "rows_quote": _again("data.csv", lambda good: good + b'"' + b"x" * LARGE),
    "rows_digits": _again("data.csv", lambda good: re.sub(rb"\d{4,}", DIGITS, good)),
}


def cuts(good: bytes) -> dict[str, Make]:
    """The record ended early, at forty places."""

    def cut(at: int) -> Make:
        return lambda good: good[:at]

    places = {len(good) * n // 40 for n in range(40)} | {len(good) - 1}
    return {f"cut_{at}": cut(at) for at in sorted(places)}


def of(form: str, good: bytes) -> dict[str, Make]:
    """Every hostile body of a form (``xml``, ``json``, ``zip``), by name."""
    table = {"xml": XML, "json": JSON, "zip": ZIP}[form]
    return {**table, **cuts(good)}
