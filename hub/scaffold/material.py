"""What there is to start from: a sample, a WSDL, or the example of a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from hub.contract.messages import Record, Tree
from hub.errors import RequestInvalid
from hub.scaffold.declared import Declared, laid_under
from hub.scaffold.interface import Interface, read_interface
from hub.scaffold.invent import invented
from hub.scaffold.knowledge import Knowledge
from hub.scaffold.mask import Mask
from hub.scaffold.sample import Sample, of_tree, read_sample
from hub.scaffold.wish import DELIVERED, FORMS, Wish

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Material:
    """Masked records, where they are from, and the interface where there is one."""

    sample: Sample
    origin: str
    masked: Mapping[str, int]
    interface: Interface | None = None

    @property
    def declared(self) -> Declared:
        """What the WSDL says of the record, if there is one."""
        return Declared.of(self.interface.record if self.interface else None)


def gather_material(wish: Wish, knowledge: Knowledge) -> Material:
    """Read what was given. Raises ``RequestInvalid`` and ``InterfaceInvalid``."""
    interface = None
    if wish.transport == "soap":
        interface = read_interface(wish.wsdl or TEMPLATES / "soap" / "service.wsdl")
    sample, origin = _sample(wish, interface, knowledge)
    _check_form(wish, sample)
    records = sample.records
    if interface is not None and wish.sample is not None:
        records = laid_under(records, interface, knowledge)
    mask = Mask(knowledge, renumber=wish.sample is not None)
    records = mask.masked(records)
    if wish.transport == "sql":
        records = tuple(_capitals(one) for one in records)
    elif wish.transport == "soap":
        records = tuple(cast("Record", _texts(one)) for one in records)
    return Material(replace(sample, records=records), origin, mask.fields, interface)


def _sample(
    wish: Wish, interface: Interface | None, knowledge: Knowledge
) -> tuple[Sample, str]:
    if wish.sample is not None:
        found = read_sample(wish.sample, wish.encoding, FORMS[wish.transport])
        return found, f"sample {wish.sample.name}"
    if interface is not None and interface.record is not None:
        name = interface.record.name
        return of_tree(invented(interface, knowledge), name), "types of the WSDL"
    form = FORMS[wish.transport][0]
    path = TEMPLATES / wish.transport / f"sample.{'json' if form == 'csv' else form}"
    found = read_sample(path)
    if wish.encoding and wish.transport in DELIVERED:
        found = replace(found, encoding=_codec(wish), why_encoding="as told")
    return found, "the template's own example"


def _codec(wish: Wish) -> str:
    try:
        "测".encode(wish.encoding)
    except (LookupError, UnicodeEncodeError) as error:
        zh, en = f"没有编码 {wish.encoding}", f"No encoding {wish.encoding} for Chinese"
        raise RequestInvalid(zh, en, where="--encoding") from error
    is_gb = wish.encoding.lower().startswith("gb")
    return "gb18030" if is_gb else wish.encoding.lower()


def _check_form(wish: Wish, sample: Sample) -> None:
    forms = FORMS[wish.transport]
    if sample.form not in forms:
        told = ", ".join(forms)
        raise RequestInvalid(
            f"{wish.transport} 的样本应为 {told}，给出的是 {sample.form}",
            f"A sample for {wish.transport} is {told}; this one is {sample.form}",
            where="--sample",
        )
    if wish.transport == "rest" and wish.encoding.lower().startswith("gb"):
        zh, en = "JSON 接口只用 UTF-8", "JSON over HTTP is UTF-8 only (RFC 8259)"
        raise RequestInvalid(zh, en, where="--encoding")


def _capitals(record: Record) -> Record:
    """A row as the SQL wire tells it: names in capitals, lists of rows below."""
    found: Record = {}
    for name, value in record.items():
        if isinstance(value, list):
            found[name.upper()] = [_row(one, name) for one in value]
        elif isinstance(value, dict):
            found |= _capitals(value)
        else:
            found[name.upper()] = value
    return found


def _row(value: Tree, name: str) -> Tree:
    row = value if isinstance(value, dict) else {"": []}
    if any(isinstance(one, dict | list) for one in row.values()):
        raise RequestInvalid(
            f"sql 的样本中 {name} 的每个元素应是一行，不能再含列表",
            f"In a sample for sql each element of {name} is a row without lists in it",
            where="--sample",
        )
    return {key.upper(): one for key, one in row.items()}


def _texts(tree: Tree) -> Tree:
    """An XML tree has texts only."""
    if isinstance(tree, dict):
        return {name: _texts(one) for name, one in tree.items()}
    if isinstance(tree, list):
        return [_texts(one) for one in tree]
    return "" if tree is None else str(tree)
