"""A raw place in the terms of the bytes: XPath, JSON pointer, row and column."""

from __future__ import annotations

from typing import cast

from lxml import etree

from hub.contract.messages import Tree
from hub.contract.place import Spot, taken_apart
from hub.wire.soap_envelope import body_element
from hub.wire.trees import csv_lines, element_name, text_element


def in_soap_text(content: bytes, media: str, place: str) -> Spot:
    """The place in the XML that stands as text in the only part of a SOAP answer.

    Raises ``RecordUnreadable`` as reading does.
    """
    body = body_element(content, media)
    holder = body[0] if len(body) else body
    return in_xml(text_element(holder.text or ""), place, _way(holder))


def in_xml(root: etree._Element, place: str, part: str = "") -> Spot:
    """The place below the root of a document; ``part`` is what holds the document."""
    found: etree._Element | None = root
    path = f"/{element_name(root)}"
    for name, indexes in taken_apart(place):
        if found is None or name.startswith(("@", "#")):
            path += "/text()" if name == "#text" else f"/{name}"
            break
        told = [one for one in found if element_name(one) == name]
        index = indexes[0] if indexes else 0
        path += f"/{name}" + (f"[{index + 1}]" if len(told) > 1 else "")
        found = told[index] if index < len(told) else None
    return Spot(part, "xpath", path, _line(found))


def in_json(tree: Tree, place: str, ahead: str = "", part: str = "") -> Spot:
    """The place in a JSON document; ``ahead`` is the pointer to ``tree`` itself."""
    path = ahead
    for name, indexes in taken_apart(place):
        if isinstance(tree, list) and len(tree) == 1:
            path, tree = f"{path}/0", tree[0]
        if name:
            path += "/" + name.replace("~", "~0").replace("/", "~1")
            tree = tree.get(name) if isinstance(tree, dict) else None
        for index in indexes:
            path += f"/{index}"
            is_there = isinstance(tree, list) and index < len(tree)
            tree = tree[index] if is_there and isinstance(tree, list) else None
    return Spot(part, "pointer", path)


def in_csv(content: bytes, row: int, column: str, part: str = "") -> Spot:
    """The cell of a row (from 0, blank ones left out) and a column of a table."""
    lines = [line for line, cells in csv_lines(content) if any(map(str.strip, cells))]
    line = lines[row + 1] if row + 1 < len(lines) else 0
    return Spot(part, "cell", f"row {row + 2}, column {column}", line)


def _way(element: etree._Element) -> str:
    """The XPath of an element by local names: ``/Envelope/Body/return``."""
    above = [element_name(one) for one in element.iterancestors()]
    return "/" + "/".join([*above[::-1], element_name(element)])


def _line(element: etree._Element | None) -> int:
    return cast("int", element.sourceline or 0) if element is not None else 0
