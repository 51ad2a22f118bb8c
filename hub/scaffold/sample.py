"""A sample as somebody handed it over: its form, its encoding, its records."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from hub.contract.messages import Record, Tree
from hub.errors import HubError, RequestInvalid
from hub.wire.answer import parse_json
from hub.wire.decode import decode
from hub.wire.trees import csv_rows, element_name, element_tree, xml_element, xml_text

Form = Literal["xml", "json", "csv"]
#: a larger file is no sample
MAX_BYTES = 5_000_000
_CHINESE = ("gb18030", "utf-8")


@dataclass(frozen=True, slots=True)
class Sample:
    """The records of a sample. ``name`` is the record's element, for XML.

    ``found_in`` is the path of the list they stand in, empty where the sample is one
    record; ``why_encoding`` says how the encoding was found.
    """

    form: Form
    encoding: str
    why_encoding: str
    name: str
    records: tuple[Record, ...]
    found_in: str = ""


def read_sample(
    path: Path, encoding: str = "", forms: Sequence[Form] = ("xml", "json", "csv")
) -> Sample:
    """Read a sample file of one of these forms.

    Raises ``RequestInvalid`` where that cannot be done.
    """
    if path.is_dir():
        raise _unreadable(path, "它是文件夹", "it is a folder")
    try:
        body = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, "无法打开", "it cannot be opened") from error
    if len(body) > MAX_BYTES:
        raise _unreadable(
            path, "大于 5 MB，请截取几条记录", "over 5 MB; cut out a few records"
        )
    if not body.strip():
        raise _unreadable(path, "文件是空的", "the file is empty")
    found, why = _encoding(path, body, encoding)
    _check_start(path, decode(body, found), forms)
    try:
        return _read(path, body, found, why)
    except (HubError, ValueError) as error:
        told = error.message if isinstance(error, HubError) else None
        zh = told.zh if told else "其中没有记录"
        en = told.en if told else "there is no record in it"
        raise _unreadable(path, zh, en) from error


def _check_start(path: Path, text: str, forms: Sequence[Form]) -> None:
    """Does the text begin as one of the forms? Anything may be CSV."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    begun = {"<": "xml", "{": "json", "[": "json"}.get(start, "csv")
    if begun not in forms:
        asked = " / ".join(one.upper() for one in forms)
        zh = f"这种传输方式的样本应为 {asked}，而它不是"
        en = f"a sample for this transport is {asked}, and this is none"
        raise _unreadable(path, zh, en)


def of_tree(tree: Record, name: str) -> Sample:
    """A sample that stands for a WSDL's types, which give no bytes."""
    return Sample("xml", "utf-8", "of the WSDL", name, (tree,))


def _read(path: Path, body: bytes, encoding: str, why: str) -> Sample:
    start = decode(body, encoding).lstrip("\ufeff \t\r\n")[:1]
    if start == "<":
        return _xml(body, encoding, why)
    if start in ("{", "["):
        text = decode(body, encoding)
        return _json(parse_json(text.encode()), encoding, why)
    rows = csv_rows(body, encoding)
    if not rows or not all(isinstance(row, dict) and len(row) > 1 for row in rows):
        raise ValueError("no rows")
    return Sample("csv", encoding, why, "row", tuple(cast("list[Record]", rows)))


def _xml(body: bytes, encoding: str, why: str) -> Sample:
    root = xml_element(body, encoding)
    name, tree, where = element_name(root), element_tree(root), ""
    if name == "Envelope" and isinstance(tree, dict):
        name, tree = _unwrapped(tree)
    found = records_in(tree)
    if found is None:
        raise ValueError("no record")
    where, records = found
    name = where.rpartition("/")[2] or name
    return Sample("xml", encoding, why, name, records, where)


def _unwrapped(tree: Record) -> tuple[str, Tree]:
    """What a SOAP answer holds, and the XML in its only text, if it is one."""
    body = tree.get("Body")
    name, inner = next(iter(cast("Record", body or {"": ""}).items()))
    text = inner
    while isinstance(text, dict) and len(text) == 1:
        text = next(iter(text.values()))
    if isinstance(text, str) and text.lstrip().startswith("<"):
        return "record", xml_text(text)
    return name, inner


def _json(tree: Tree, encoding: str, why: str) -> Sample:
    found = records_in(tree)
    if found is None:
        raise ValueError("no record")
    return Sample("json", encoding, why, "record", found[1], found[0])


def records_in(tree: Tree) -> tuple[str, tuple[Record, ...]] | None:
    """The records of a document: the first level that tells a few things of one.

    An envelope around them tells little itself: a list of objects, or one object
    with more plain values than the envelope, is taken for the records.
    """
    levels = list(_levels(tree, ""))
    if not levels:
        return None
    best = max(levels, key=lambda level: (level[2], -level[0].count("/")))
    return best[0], best[1]


def _levels(tree: Tree, path: str) -> Iterator[tuple[str, tuple[Record, ...], int]]:
    if isinstance(tree, list):
        held = [one for one in tree if isinstance(one, dict)]
        if held and len(held) == len(tree):
            yield path, tuple(held), _weight(held[0])
    elif isinstance(tree, dict):
        yield path, (tree,), _weight(tree)
        inner = [(k, v) for k, v in tree.items() if isinstance(v, dict | list)]
        if _plain(tree) <= 4:
            for name, child in inner:
                yield from _levels(child, f"{path}/{name}".lstrip("/"))


def _plain(tree: Record) -> int:
    return sum(not isinstance(one, dict | list) for one in tree.values())


def _weight(tree: Record) -> int:
    """How much a level tells: plain values, and lists below it, which a case has."""
    return _plain(tree) * 2 + sum(isinstance(one, list | dict) for one in tree.values())


def _encoding(path: Path, body: bytes, asked: str) -> tuple[str, str]:
    """The encoding, and how it was found."""
    if asked:
        try:
            body.decode(asked)
        except LookupError as error:
            zh, en = f"没有名为 {asked} 的编码", f"there is no encoding {asked}"
            raise _unreadable(path, zh, en) from error
        except UnicodeDecodeError as error:
            zh, en = f"不是 {asked} 编码", f"it is not in the encoding {asked}"
            raise _unreadable(path, zh, en) from error
        return _named(asked), "as told by --encoding"
    try:
        body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        return "utf-8", "the bytes are valid UTF-8"
    try:
        body.decode("gb18030")
    except UnicodeDecodeError as error:
        zh = "既不是 UTF-8 也不是 GB18030"
        raise _unreadable(path, zh, "it is neither UTF-8 nor GB18030") from error
    return "gb18030", "no valid UTF-8, but valid GB18030, which holds GBK and GB2312"


def _named(encoding: str) -> str:
    is_chinese = encoding.lower().replace("-", "") in ("gbk", "gb2312", "gb18030")
    return "gb18030" if is_chinese else encoding.lower()


def _unreadable(path: Path, zh: str, en: str) -> RequestInvalid:
    return RequestInvalid(
        f"样本 {path.name} 无法读取：{zh}",
        f"The sample {path.name} cannot be read: {en}",
        where="--sample",
    )


def as_text(value: Tree) -> str:
    """A plain value as it would stand in a file."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
