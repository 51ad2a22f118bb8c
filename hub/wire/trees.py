"""Bytes to Tree: XML without DTD, entity or network; CSV. And back to XML.

An XML element with children becomes a dict (a repeated name becomes a list), one
with text only a str exactly as sent, an empty one ``""``; an attribute stands as
``@name``, text beside children or attributes as ``#text``; namespaces go. An empty
element with ``xsi:nil`` is ``""``. The root element's own name goes too:
``<AJ><AJBH>1</AJBH></AJ>`` is ``{"AJBH": "1"}``.

Everything that cannot be read raises ``RecordUnreadable`` with the place and
without the text.
"""

from __future__ import annotations

import csv
import io
import re

from lxml import etree

from hub.contract.messages import Record, Tree
from hub.errors import RecordUnreadable, TransferNotAcceptable
from hub.wire.decode import decode

MAX_BYTES = 10_000_000
MAX_DEPTH = 64
#: tags in one document; a parsed one costs some 160 bytes, so 160 MB at most
MAX_TAGS = 1_000_000
#: attributes of one element: reading them all takes time by the square of these
MAX_ATTRIBUTES = 1_000
#: cells of one table, and its lines; both are read whole
MAX_CELLS = 1_000_000
MAX_LINES = 100_000
_BLANK = " \t\r\n"
#: "there is no value", XML Schema part 1, 2.6.2; what an empty element says too
_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TRUE = frozenset({"true", "1"})

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*\?>")
_ENCODING = re.compile(rb"\s*<\?xml\b[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
#: atomic and possessive: many comments must not cost more than one look each
_DOCTYPE = re.compile(r"(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


def xml_tree(content: bytes, charset: str = "") -> Tree:
    """The tree of an XML document; ``charset`` counts where none is declared."""
    return element_tree(xml_element(content, charset))


def xml_text(text: str) -> Tree:
    """The tree of XML that came as text inside other XML; its declaration is void."""
    return element_tree(_parse(text))


def text_element(text: str) -> etree._Element:
    """The hardened parse of such XML, for the wire's own use."""
    return _parse(text)


def element_name(element: etree._Element) -> str:
    """An element's name as trees tell it, without its namespace."""
    return _local(str(element.tag))


def xml_element(content: bytes, charset: str = "") -> etree._Element:
    """The hardened parse of an XML document, for the wire's own use."""
    if len(content) > MAX_BYTES:
        raise _unreadable("XML", f"larger than {MAX_BYTES} bytes")
    found = _ENCODING.match(content)
    declared = found.group(1).decode("ascii") if found else charset
    return _parse(decode(content, declared))


def element_tree(element: etree._Element, depth: int = 0) -> Tree:
    """The tree of a parsed element.

    Leaves are read where their parent is: they are most of a document, and a call
    for each was a third of the time.
    """
    names = element.keys()
    if not len(element) and (not names or element.get(_NIL) in _TRUE):
        return element.text or ""
    if len(names) > MAX_ATTRIBUTES:
        raise _unreadable("XML", f"more than {MAX_ATTRIBUTES} attributes", element)
    if depth >= MAX_DEPTH and len(element):
        raise _unreadable("XML", f"deeper than {MAX_DEPTH} elements", element[0])
    tree: Record = {}
    for name, said in element.items() if names else ():
        tree[f"@{_local(str(name))}"] = str(said)
    loose = element.text or ""
    value: Tree
    for child in element:
        name = child.tag
        if name[0] == "{":
            name = _local(name)
        if len(child) or child.keys():
            value = element_tree(child, depth + 1)
        else:
            value = child.text or ""
        if name in tree:
            _add(tree, name, value)
        else:
            tree[name] = value
        if tail := child.tail:
            loose += tail
    if loose.strip(_BLANK) or not len(element):
        tree["#text"] = loose
    return tree


def rows(tree: Tree, path: str) -> list[Record]:
    """The elements at a path of a tree, be there none, one or many of them."""
    for name in path.split("/"):
        tree = tree.get(name) if isinstance(tree, dict) else None
    found = tree if isinstance(tree, list) else [tree]
    return [item for item in found if isinstance(item, dict)]


def tree_xml(name: str, tree: Tree) -> str:
    """XML text, without declaration, of an element with this name and content.

    Raises ``TransferNotAcceptable`` for characters that XML cannot carry.
    """
    try:
        return etree.tostring(_element(name, tree), encoding="unicode")
    except ValueError as error:
        raise TransferNotAcceptable(
            "内容含有 XML 不允许的字符，无法写给对方",
            "The content holds characters that XML forbids, so it cannot be sent",
            where=name,
        ) from error


def csv_lines(content: bytes, encoding: str = "gb18030") -> list[tuple[int, list[str]]]:
    """Every row that has cells, the header first, with the line on which it ends."""
    if len(content) > MAX_BYTES:
        raise _unreadable("CSV", f"larger than {MAX_BYTES} bytes")
    if content.count(b",") > MAX_CELLS:
        raise _unreadable("CSV", f"more than {MAX_CELLS} cells")
    if content.count(b"\n") + content.count(b"\r") > 2 * MAX_LINES:
        raise _unreadable("CSV", f"more than {MAX_LINES} lines")
    text = decode(content, encoding)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader if row]
    except csv.Error:
        raise _unreadable("CSV", f"line {reader.line_num}") from None


def csv_rows(content: bytes, encoding: str = "gb18030") -> list[Tree]:
    """Each row after the header line as a dict by the header's names, as sent."""
    rows = csv_lines(content, encoding)
    if not rows:
        raise _unreadable("CSV", "no header line")
    header = rows[0][1]
    if len(set(header)) != len(header):
        raise _unreadable("CSV", "a doubled column name in the header line")
    return [_row(header, row, line) for line, row in rows[1:]]


def _row(header: list[str], row: list[str], line: int) -> Tree:
    if len(row) != len(header):
        found = f"line {line}: {len(row)} cells, {len(header)} columns"
        raise _unreadable("CSV", found)
    return dict(zip(header, row, strict=True))


def _parse(text: str) -> etree._Element:
    if text.count("<") > MAX_TAGS:
        raise _unreadable("XML", f"more than {MAX_TAGS} tags")
    if _DOCTYPE.match(text):
        raise _unreadable("XML", "a DOCTYPE is not accepted")
    body = _DECLARATION.sub("", text, count=1) if _DECLARATION.match(text) else text
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(body.strip().encode("utf-8"), parser)
    except (etree.XMLSyntaxError, UnicodeEncodeError) as error:
        # the parser's sentence may quote the text; only the place goes on
        line, column = getattr(error, "position", (0, 0))
        raise _unreadable("XML", f"line {line} column {column}") from None


def _add(tree: Record, name: str, value: Tree) -> None:
    """One more of a name that is there already."""
    before = tree[name]
    if isinstance(before, list):
        before.append(value)
    else:
        tree[name] = [before, value]


def _element(name: str, tree: Tree) -> etree._Element:
    element = etree.Element(name)
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == "#text" or key.startswith("@"):
                _said(element, key, value)
                continue
            for item in value if isinstance(value, list) else [value]:
                element.append(_element(key, item))
    elif tree is not None:
        element.text = str(tree)
    return element


def _said(element: etree._Element, key: str, value: Tree) -> None:
    """An attribute, or the text beside attributes and children."""
    text = "" if value is None else str(value)
    if key == "#text":
        element.text = text
    else:
        element.set(key[1:], text)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _unreadable(
    form: str, place: str, element: etree._Element | None = None
) -> RecordUnreadable:
    line = f", line {element.sourceline}" if element is not None else ""
    return RecordUnreadable(
        f"不是有效的 {form}（{place}{line}）",
        f"Not valid {form} ({place}{line})",
        detail=f"{form}: {place}{line}",
    )
