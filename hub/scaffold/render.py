"""A tree back to the bytes of a sample's form: for fixtures and simulators."""

from __future__ import annotations

import csv
import io
import json

from hub.contract.messages import Record
from hub.scaffold.sample import Sample
from hub.wire.trees import tree_xml


def render(tree: Record, form: str, encoding: str, name: str) -> bytes:
    """The bytes of one record; ``name`` is its element, for XML."""
    if form == "json":
        return json.dumps(tree, ensure_ascii=False).encode(encoding)
    if form == "csv":
        return _table(tree).encode(encoding)
    declared = "GBK" if encoding == "gb18030" else encoding.upper()
    head = f'<?xml version="1.0" encoding="{declared}"?>'
    return (head + tree_xml(name, tree)).encode(encoding)


def _table(tree: Record) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(tree)
    writer.writerow("" if one is None else one for one in tree.values())
    return text.getvalue()


def raw_body(transport: str, sample: Sample, tree: Record) -> tuple[str, bytes]:
    """The ending and the bytes of a fixture: a record as a pull brings it."""
    if transport == "rest":
        return "json", render({"code": "0", "data": tree}, "json", "utf-8", "")
    if transport == "sql":
        text = json.dumps(tree, ensure_ascii=False, sort_keys=True)
        return "json", text.encode()
    if transport == "soap":
        return "xml", tree_xml(sample.name, tree).encode()
    return sample.form, render(tree, sample.form, sample.encoding, sample.name)
