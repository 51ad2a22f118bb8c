"""Bytes with their values changed in place: the form stays, byte for byte around them.

Parsing and writing anew would lose what a fixture is kept for: the encoding that is a
lie, XML inside a string inside XML, an escape nobody else uses. So each value is found
where it stands, changed and put back in the same escapes and the same charset.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath

from hub.errors import RecordUnreadable
from hub.wire.archive import check_listing, listing, pack, unpack
from hub.wire.decode import decode
from hub.wire.rewrite_text import Change, rewritten_csv, rewritten_text

LISTING = "manifest.txt"
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([\w.:-]+)["']""")
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]+)", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "latin-1")
#: what stands in for a document: its content is nobody's business
_STUBS: Mapping[str, bytes] = {
    ".pdf": b"%PDF-1.4\n% masked\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n",
}
_STUB = b"masked\n"


class Unwritable(Exception):
    """The bytes cannot be written again as they came; ``args`` says why."""


def rewritten(body: bytes, media: str, change: Change) -> bytes:
    """The same bytes with every value changed by ``change(name, value)``.

    ``name`` is the element, key or column. Raises ``Unwritable`` where a value cannot
    be put back, and what ``change`` raises.
    """
    if body.startswith(b"PK"):
        return _archive(body, change)
    return _text(body, media, change, "")


def plain_texts(body: bytes) -> list[str]:
    """Every text of the bytes as people read it, members of a ZIP included."""
    if body.startswith(b"PK"):
        members = unpack(body)
        inner = [one for member in members.values() for one in plain_texts(member)]
        return [*members, *inner]
    try:
        return [decode(body, _declared(body, ""))]
    except RecordUnreadable:
        return []


def plain_bytes(body: bytes) -> list[bytes]:
    """The bytes, or those of a ZIP's members."""
    if not body.startswith(b"PK"):
        return [body]
    return [one for member in unpack(body).values() for one in plain_bytes(member)]


def _archive(body: bytes, change: Change) -> bytes:
    """A ZIP with each member changed, documents replaced, the listing made anew."""
    members = unpack(body)
    listed = members.pop(LISTING, None)
    is_listed = listed is not None and _fits(listed, members)
    made: dict[str, bytes] = {}
    for name, member in members.items():
        made[_named(name, change)] = _member(name, member, change)
    if len(made) != len(members):
        raise Unwritable("two members of the archive would have one name")
    if listed is not None:
        told = listing(made) if is_listed else _text(listed, "", change, LISTING)
        made[LISTING] = told
    return pack(made)


def _fits(listed: bytes, members: Mapping[str, bytes]) -> bool:
    try:
        check_listing(listed, dict(members))
    except RecordUnreadable:
        return False
    return True


def _named(name: str, change: Change) -> str:
    """A member's name; the folder and the ending stay."""
    path = PurePosixPath(name)
    return str(path.with_name(change("", path.stem) + path.suffix))


def _member(name: str, body: bytes, change: Change) -> bytes:
    ending = PurePosixPath(name).suffix.lower()
    if ending in {".xml", ".json", ".csv", ".txt"}:
        return _text(body, "", change, ending)
    return _STUBS.get(ending, _STUB)


def _text(body: bytes, media: str, change: Change, ending: str) -> bytes:
    text, write = _opened(body, media)
    is_table = ending == ".csv" or media.startswith("text/csv")
    made = rewritten_csv(text, change) if is_table else rewritten_text(text, change)
    try:
        return write(made)
    except UnicodeEncodeError as error:
        raise Unwritable("the charset lacks a character that was put in") from error


def _opened(body: bytes, media: str) -> tuple[str, Callable[[str], bytes]]:
    """The text and how to write one again in the same charset, mark included."""
    try:
        text = decode(body, _declared(body, media))
    except RecordUnreadable as error:
        raise Unwritable("the bytes are no text of a known charset") from error
    mark = next((one for one, _ in _MARKS if body.startswith(one)), b"")
    for name in _ENCODINGS:
        try:
            if mark + text.encode(name) == body:
                return text, lambda made: mark + made.encode(name)  # noqa: B023 - ends
        except UnicodeEncodeError:
            continue
    raise Unwritable("the text does not give the same bytes when it is written again")


def _declared(body: bytes, media: str) -> str:
    found = _DECLARED.match(body.removeprefix(codecs.BOM_UTF8))
    if found is not None:
        return found[1].decode("ascii")
    named = _CHARSET.search(media)
    return named[1] if named else ""
