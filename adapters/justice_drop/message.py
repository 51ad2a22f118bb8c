"""The ZIP of one message, both ways: head.xml, data.csv, files, manifest.txt."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta, timezone
from typing import cast

from hub.contract.messages import Parcel, Record, Tree
from hub.contract.place import Spot, taken_apart
from hub.errors import ManifestInvalid, RecordUnreadable
from hub.wire.archive import check_listing, listing, pack, unpack
from hub.wire.locate import in_csv, in_xml
from hub.wire.trees import csv_rows, tree_xml, xml_element, xml_tree

HEAD, DATA, LISTING, FILES = "head.xml", "data.csv", "manifest.txt", "files/"
CHINA = timezone(timedelta(hours=8))
#: columns of fixed width whose leading zeros the bureau's spreadsheet takes away
WIDTHS = {"原判刑期": 6, "民族": 2}
#: agency type to the letters before the division in FSDWBH and JSDWBH
UNITS = {"COURT": "FY", "JUSTICE": "SFJ", "POLICE": "GA", "PROC": "JCY"}
COLUMNS = (
    "姓名",
    "性别",
    "出生日期",
    "身份证号",
    "民族",
    "罪名",
    "主刑",
    "刑期年",
    "刑期月",
    "刑期日",
    "缓刑考验期",
    "罚金",
    "判决日期",
    "生效日期",
    "户籍地",
    "居住地",
)


def read_message(body: bytes) -> Tree:
    """The tree of a ZIP; raises ``RecordUnreadable`` for whatever is wrong with it."""
    members = unpack(body)
    listed = members.pop(LISTING, None)
    if listed is None or not {HEAD, DATA} <= set(members):
        raise RecordUnreadable(
            "压缩包缺少 head.xml、data.csv 或 manifest.txt",
            "The archive lacks head.xml, data.csv or manifest.txt",
        )
    check_listing(listed, members)
    return {
        "head": xml_tree(members[HEAD], "utf-8"),
        "rows": {"row": _rows(members[DATA])},
        "files": {"file": [_file(*member) for member in _files(members)]},
    }


def spot(body: bytes, place: str) -> Spot:
    """Where in a ZIP a place of ``read_message`` stands; raises as that does."""
    members = unpack(body)
    head, *rest = taken_apart(place) if place else [("", ())]
    if head[0] == "rows" and len(rest) > 1 and rest[0][1]:
        return in_csv(members[DATA], rest[0][1][0], rest[1][0], DATA)
    if head[0] == "files" and rest and rest[0][1]:
        names = [name for name, _ in _files(members)]
        return Spot(f"{FILES}{names[rest[0][1][0]]}", "member", "")
    inner = place.partition("/")[2]
    return in_xml(xml_element(members[HEAD], "utf-8"), inner, HEAD)


def write_message(parcel: Parcel) -> bytes:
    """The same ZIP bytes for the same parcel, however often it is asked for.

    Raises ``ManifestInvalid`` for a parcel that the mapping wrote without head and
    rows.
    """
    head, rows = parcel.body.get("head"), parcel.body.get("rows")
    if not isinstance(head, dict) or not isinstance(rows, dict):
        raise ManifestInvalid(
            f"映射未按 head/rows 写出节点 {parcel.node}",
            f"The mapping writes node {parcel.node} without head and rows",
            where="mappings/justice_drop.yaml",
        )
    people = rows.get("row")
    members = {
        HEAD: _head(parcel, head),
        DATA: _table(people if isinstance(people, list) else [people]),
    }
    return pack(members | {LISTING: listing(members)})


def _rows(content: bytes) -> list[Tree]:
    rows = [cast("dict[str, str]", row) for row in csv_rows(content)]
    return [
        {name: _cell(name, text) for name, text in row.items()}
        for row in rows
        if any(text.strip() for text in row.values())
    ]


def _cell(column: str, text: str) -> str:
    """Undo what the spreadsheet did: the apostrophe that says "text", lost zeros."""
    bare = text.removeprefix("'")
    width = WIDTHS.get(column, 0)
    return bare.zfill(width) if bare.isascii() and bare.isdigit() else bare


def _files(members: dict[str, bytes]) -> list[tuple[str, bytes]]:
    return [
        (name.removeprefix(FILES), body)
        for name, body in members.items()
        if name not in (HEAD, DATA)
    ]


def _file(name: str, body: bytes) -> Tree:
    return {
        "WJM": name,
        "WSMC": name.rpartition(".")[0],
        "SHA256": hashlib.sha256(body).hexdigest(),
    }


def _head(parcel: Parcel, told: Record) -> bytes:
    local = parcel.submitted_at.astimezone(CHINA)
    envelope: Record = {
        "SJBS": parcel.message_id,
        "FSDWBH": _unit(parcel.sender),
        "JSDWBH": _unit(parcel.receiver),
        "FSSJ": f"{local:%Y-%m-%d %H:%M:%S}",
        "SJLX": "1",
    }
    text = tree_xml("HEAD", {**envelope, **told})
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _unit(agency: str) -> str:
    kind, _, division = agency.partition("-")
    return f"{UNITS.get(kind, kind)}{division}"


def _table(people: list[Tree]) -> bytes:
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for person in people:
        row = person if isinstance(person, dict) else {}
        cells = ("" if row.get(name) is None else row[name] for name in COLUMNS)
        writer.writerow([str(cell) for cell in cells])
    return sink.getvalue().encode("gb18030")
