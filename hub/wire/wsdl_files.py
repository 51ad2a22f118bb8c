"""A vendor's interface files, read from one folder: hardened, mended, never fetched.

A file is read as text whatever encoding it claims, mended by the patch beside it,
and handed on as UTF-8. Nothing is written and nothing outside the folder is read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

import zeep
from lxml import etree

from hub.errors import Fault, RecordUnreadable
from hub.wire.decode import decode
from hub.wire.wsdl_flaws import flaw, refusal
from hub.wire.wsdl_patch import patch_of

MAX_FILE_BYTES = 5_000_000
MAX_FILES = 300
#: the schema of ``xml:lang`` and its like; everybody refers to it by this address
XML_XSD = frozenset(
    {"http://www.w3.org/2001/xml.xsd", "https://www.w3.org/2001/xml.xsd"}
)
_XML_XSD = b"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
 targetNamespace="http://www.w3.org/XML/1998/namespace">
 <xs:attribute name="lang" type="xs:string"/>
 <xs:attribute name="space" type="xs:string"/>
 <xs:attribute name="base" type="xs:anyURI"/>
 <xs:attribute name="id" type="xs:string"/>
 <xs:attributeGroup name="specialAttrs"><xs:attribute ref="xml:base"/>
 <xs:attribute ref="xml:lang"/><xs:attribute ref="xml:space"/></xs:attributeGroup>
</xs:schema>"""
_DECLARED = re.compile(rb"\s*<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([\w.-]{1,40})")
_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_PROLOG = re.compile(r"(?>\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class VendorFile:
    """One file as the vendor gave it, and why it was read differently.

    ``name`` is relative to the folder, ``sha256`` is of the vendor's bytes,
    ``mended`` are the reasons of the patch's replacements.
    """

    name: str
    sha256: str
    size: int
    mended: tuple[str, ...] = ()


@dataclass(slots=True)
class _Read:
    file: VendorFile | None
    content: bytes
    root: etree._Element = field(repr=False)


class Shelf(zeep.Transport):
    """The files of one folder, for our own checks and as zeep's only transport."""

    def __init__(self, folder: Path) -> None:
        """``folder``: the border; links that lead out of it are outside."""
        super().__init__()  # type: ignore[no-untyped-call] # zeep has no types
        self.session.trust_env = False
        self._folder = folder.resolve()
        self._read: dict[str, _Read] = {}

    @property
    def files(self) -> tuple[VendorFile, ...]:
        """What was read, in order; files of our own are not among them."""
        return tuple(one.file for one in self._read.values() if one.file)

    def root(self, place: str) -> etree._Element:
        """The root element of a file; raises ``InterfaceInvalid``."""
        if place not in self._read:
            if len(self._read) >= MAX_FILES:
                raise refusal([flaw("file.many", self.name(place), most=MAX_FILES)])
            self._read[place] = self._open(place)
        return self._read[place].root

    def replace(self, changed: Mapping[str, bytes]) -> None:
        """Give zeep these bytes for these places from now on."""
        for place, content in changed.items():
            self._read[place].content = content

    def load(self, url: str) -> bytes:
        """What zeep asks for: only what was already checked."""
        found = self._read.get(url)
        if found is None and url in XML_XSD:
            return _XML_XSD
        if found is None:
            raise zeep.exceptions.ExternalReferenceForbidden(url)
        return found.content

    def get(self, *_: object) -> NoReturn:
        """Never: bytes go by ``Http``."""
        raise zeep.exceptions.TransportError("the shelf has no network")

    post = get

    def name(self, place: str) -> str:
        """A place as an operator knows it: relative to the folder."""
        path = Path(place)
        inside = path.is_relative_to(self._folder)
        return path.relative_to(self._folder).as_posix() if inside else path.name

    def at(self, place: str, element: etree._Element) -> str:
        """File and line of an element."""
        return f"{self.name(place)}:{element.sourceline}"

    def beside(self, place: str, location: str, element: etree._Element) -> str:
        """The place that a location written in a file means.

        Raises ``InterfaceInvalid`` for an address, or a place outside the folder.
        """
        location, where = location.strip(), self.at(place, element)
        if location in XML_XSD:
            return location
        if urlsplit(location).scheme and not _DRIVE.match(location):
            raise refusal([flaw("file.remote", where, name=location)])
        if location.startswith(("/", "\\")) or _DRIVE.match(location):
            raise refusal([flaw("file.outside", where, name=location)])
        found = (Path(place).parent / location).resolve()
        if not found.is_relative_to(self._folder):
            raise refusal([flaw("file.outside", where, name=location)])
        if not found.is_file():
            raise refusal([self._missing(found, location, where)])
        return str(found)

    def strangers(self) -> dict[str, str]:
        """Schemas in the folder that nothing refers to: namespace -> file name."""
        found: dict[str, str] = {}
        for path in sorted(self._folder.rglob("*.xsd"))[:MAX_FILES]:
            if str(path.resolve()) not in self._read:
                text = path.read_bytes()[:20_000].decode("latin-1")
                told = re.search(r"targetNamespace\s*=\s*[\"']([^\"']+)", text)
                if told:
                    found.setdefault(told.group(1), self.name(str(path.resolve())))
        return found

    def _missing(self, path: Path, location: str, where: str) -> Fault:
        names = [one.name for one in path.parent.glob("*")]
        wanted = unquote(path.name).lower()
        near = next((name for name in names if name.lower() == wanted), "")
        if near:
            return flaw("file.case", where, name=location, near=near)
        return flaw("file.missing", where, name=location)

    def _open(self, place: str) -> _Read:
        if place in XML_XSD:
            return _Read(None, _XML_XSD, _parsed(_XML_XSD, place))
        path, name = Path(place), self.name(place)
        content = _bytes(path, name)
        text, patch = _text(content, name), patch_of(path)
        if patch:
            text = patch.apply(content, text)
        clean = _undeclared(text, name).encode()
        mended = tuple(one.reason for one in patch.replacements) if patch else ()
        digest = hashlib.sha256(content).hexdigest()
        file = VendorFile(name, digest, len(content), mended)
        return _Read(file, clean, _parsed(clean, name))


def _bytes(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as source:
            content = source.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise refusal([flaw("file.missing", name, name=name)]) from error
    if len(content) > MAX_FILE_BYTES:
        raise refusal([flaw("file.large", name, name=name, most=MAX_FILE_BYTES)])
    return content


def _undeclared(text: str, name: str) -> str:
    """The text without XML declaration, which lies by now; refuses a DTD."""
    prolog = _PROLOG.match(text)
    if text.startswith("<!DOCTYPE", prolog.end() if prolog else 0):
        slug = "root.page" if _is_page(text) else "file.dtd"
        raise refusal([flaw(slug, name)])
    return _DECLARATION.sub("", text, count=1) if _DECLARATION.match(text) else text


def _is_page(text: str) -> bool:
    return "<html" in text[:5000].lower() and "definitions" not in text[:5000]


def _text(content: bytes, name: str) -> str:
    told = _DECLARED.match(content)
    try:
        text = decode(content, told.group(1).decode() if told else "")
    except RecordUnreadable as error:
        raise refusal([flaw("file.encoding", name)]) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parsed(content: bytes, name: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 0
        slug = "root.page" if _is_page(content.decode("utf-8", "replace")) else ""
        why = getattr(error, "msg", type(error).__name__)
        raise refusal(
            [flaw(slug or "file.malformed", f"{name}:{line}", why=why)]
        ) from None
