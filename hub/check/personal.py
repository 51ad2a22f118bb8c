"""What of a raw record is about a person: told by the mapping, else by its looks.

A value is kept only where somebody says that it is none: a code that its table knows,
a date that its rule reads, a case number. All the rest is masked if it could be words
or the number of a person. In doubt, masked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hub.check.mask import Masks
from hub.check.persons import IDENTITY as HUMAN
from hub.check.persons import narrowed
from hub.contract.messages import Tree
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import SystemMapping
from hub.mapping.places import Place, places
from hub.mapping.value import ABSENT, Unreadable, as_text, is_blank
from hub.records.shape import NUMBER_SCHEMES

KEEP, NAME, TEXT, IDENTITY, BIRTH = "keep", "name", "text", "identity", "birth"
#: the strictest comes last and wins where several rules read one value
_ORDER = (KEEP, BIRTH, TEXT, IDENTITY, NAME)
_PERSONS = {
    "name": NAME,
    "former_name": NAME,
    "owner": NAME,
    "id_number": IDENTITY,
    "birth_date": BIRTH,
}
_NUMBERS = frozenset({*NUMBER_SCHEMES, "source_id", "sha256", "number", "modified_at"})
_COUNTED = frozenset({"quantity", "unit"})
_TABLED = frozenset({"file_name", "wording"})
#: ``D:\\tyyw\\判决书.pdf``: a plain folder and a plain ending
_FILE = re.compile(r"[\x21-\x7e]*?([^\x00-\x7f]+)\.[A-Za-z0-9]{1,5}")
#: names of fields that hold names, telephones, addresses and accounts of people
_HINT = re.compile(
    r"(?:xm|lxr|dh|dhhm|sjh|sjhm|dz|yx|zh|gh|mail|phone|mobile|tel|addr|address"
    r"|(?<=.)name)$",
    re.IGNORECASE,
)
_MEASURES = re.compile(
    r"[\d０-９.,:/+\-年月日时分秒元万零〇一二三四五六七八九十百千\sTZ]*"
)
#: a code, a path, an address of a service, a digest: no words
_CODE = re.compile(r"[\w.:/\\+\-#%&=?@*(){}|~\[\]]{0,64}", re.ASCII)
_MANY_DIGITS = re.compile(r"\d{11}", re.ASCII)
_STAMP = re.compile(r"(?:19|20)\d{6}(?:\d{6}(?:\d{3})?)?", re.ASCII)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII)
_LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}", re.ASCII)


@dataclass(slots=True)
class Sorted:
    """The values of one record, each with what it is.

    ``told`` is by the name of the element, key or column, and the value: a raw byte
    string knows nothing of the places of a tree.
    """

    words: frozenset[str]
    told: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def of(self, name: str, value: str) -> str:
        """What a value is."""
        found = self.told.get((name, value)) or self.told.get((name, value.strip()))
        if found:
            return found
        is_hinted = _HINT.search(name) is not None and not is_blank(value)
        return TEXT if is_hinted and not self.knows(value) else self.looks(value)

    def knows(self, value: str) -> bool:
        """Is it a word of a table, or a file named by one?"""
        text = value.strip()
        stem = _FILE.fullmatch(text)
        return text in self.words or (stem is not None and stem[1] in self.words)

    def looks(self, value: str) -> str:
        """What a value is that no rule reads."""
        text = value.strip()
        plain = narrowed(text)
        if is_blank(text) or self.knows(text) or _STAMP.fullmatch(plain):
            return KEEP
        if _MAIL.search(plain) or _LANDLINE.fullmatch(plain):
            return TEXT
        if _CODE.fullmatch(text) and not _MANY_DIGITS.search(text):
            return KEEP
        if _CODE.fullmatch(text) and re.search(r"[A-Za-z]", text[:-1]):
            return KEEP
        if _MEASURES.fullmatch(text) and not _MANY_DIGITS.search(plain):
            return KEEP
        return TEXT


def sorted_values(
    mapping: SystemMapping, tables: Tables, kind: str, tree: Tree
) -> Sorted:
    """Every value of a tree by the rules that read it."""
    rules: dict[str, list[Place]] = {}
    for place in places(mapping.parsed.records[kind]):
        for path in place.paths:
            rules.setdefault(path, []).append(place)
    found = Sorted(known_words(tables, rules))
    for path, name, value in leaves(tree):
        if is_blank(value):
            continue
        kinds = [_kind(found, one, value) for one in rules.get(path, ())]
        if kinds:
            key = (name, value)
            kinds.append(found.told.get(key, KEEP))
            found.told[key] = max(kinds, key=_ORDER.index)
    return found


def known_words(tables: Tables, rules: Mapping[str, list[Place]]) -> frozenset[str]:
    """Every code and name of the tables that this system's rules read."""
    words: set[str] = set()
    for told in rules.values():
        for place in told:
            if place.rule.lookup is not None:
                words.update(place.rule.lookup.meanings)
                if tables.has(place.rule.lookup.table):
                    rows = tables.table(place.rule.lookup.table).rows
                    words.update(row.name_zh for row in rows)
    return frozenset(words)


def leaves(
    node: Tree, path: str = "", name: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Path (lists not marked), last name and text of every leaf."""
    if isinstance(node, dict):
        for key, child in node.items():
            below = f"{path}/{key}" if path else key
            yield from leaves(child, below, key.lstrip("@"))
    elif isinstance(node, list):
        for element in node:
            yield from leaves(element, path, name)
    elif node is not None:
        yield path, name, as_text(node)


def _kind(found: Sorted, place: Place, value: str) -> str:
    """What the rule that reads a value says of it."""
    name = place.field
    if name == "name" and not place.where.startswith("persons"):
        return _known(found, value)
    if name in _PERSONS:
        return _PERSONS[name]
    if place.rule.lookup is not None or place.split is not None:
        return _coded(found, place, value)
    if name in _NUMBERS:
        return IDENTITY if HUMAN.search(narrowed(value)) else KEEP
    if name in _TABLED:
        return _known(found, value)
    is_measure = name in _COUNTED or _gives_no_text(place)
    return _measured(found, place, value) if is_measure else TEXT


def _known(found: Sorted, value: str) -> str:
    """A name of a paper or a crime is kept if a table has it."""
    return KEEP if found.knows(value) else TEXT


def _coded(found: Sorted, place: Place, value: str) -> str:
    """A code that its table knows, alone or in a list of them."""
    texts = [value]
    if place.split is not None and place.split.split is not None:
        texts = [one for one in place.split.split.split(value) if one]
    lookup = place.rule.lookup
    known = lookup.meanings if lookup is not None else {}
    is_known = all(
        is_blank(one) or one.strip() in known or one.strip() in found.words
        for one in texts
    )
    return KEEP if is_known or _reads(place, value) else found.looks(value)


def _gives_no_text(place: Place) -> bool:
    gives = place.rule.converters[-1].gives if place.rule.converters else "text"
    return gives != "text"


def _measured(found: Sorted, place: Place, value: str) -> str:
    """A date or an amount that its rule reads is kept, words are not."""
    return KEEP if _reads(place, value) else found.looks(value)


def _reads(place: Place, value: str) -> bool:
    if place.rule.take is None:
        return False
    result = place.rule.take(value)
    return result is ABSENT or not isinstance(result, Unreadable)


def changed(found: Sorted, masks: Masks, name: str, value: str) -> str:
    """A value as it may be kept on a disk."""
    kind = found.of(name, value)
    if kind == NAME:
        return masks.name(value)
    if kind == IDENTITY:
        return masks.identity(value)
    if kind == BIRTH:
        return masks.birth(value)
    return masks.text(value) if kind == TEXT else value
