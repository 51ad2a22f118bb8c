"""From records to a draft: what each field may mean, by its name and its values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hub.contract.messages import Record, Tree
from hub.mapping.code_tables.tables import Tables
from hub.records.shape import NUMBER_SCHEMES, SHAPES
from hub.scaffold.codes import coded, name_field
from hub.scaffold.declared import Declared
from hub.scaffold.draft import Code, Draft, Layout, quoted
from hub.scaffold.evidence import Converters, date_shape, looks_like, reads, told
from hub.scaffold.identity import find_key, find_stamp
from hub.scaffold.knowledge import Knowledge, Meaning
from hub.scaffold.paths import IsList, at, gathered

#: converters to try for a type of field, or for one field by its name
BY_TYPE: Mapping[str, tuple[str, ...]] = {
    "text": ("trimmed",),
    "date": ("date", "date_yymmdd", "date_excel"),
    "time": ("local_time", "time_excel"),
    "int": ("int", "int_excel"),
    "amount": ("amount",),
    "flag": ("yes_no", "yes_no_12"),
}
BY_FIELD: Mapping[str, tuple[str, ...]] = {
    "person.name": ("name", "trimmed"),
    "former_name": ("name", "trimmed"),
    "birth_date": ("birth_date", "date_yymmdd"),
    "id_number": ("id_number",),
    "number": ("document_number", "trimmed"),
    "file_name": ("file_name",),
    "address": ("trimmed",),
}
#: numbers in their own shape; the correction number has none
_SHAPED = ("police_number", "department_number", "unified_number", "court_number")
_CRIMES = '"、,，;；|"'
UNKNOWN = "尚未弄清 / not yet understood"


@dataclass(slots=True)
class Proposer:
    """Makes the draft of one system; ``number`` is its own number's field."""

    tables: Tables
    converters: Converters
    knowledge: Knowledge
    number: str
    declared: Declared = field(default_factory=Declared)
    draft: Draft = field(default_factory=Draft)
    _ahead: str = ""
    _seen: dict[str, set[str]] = field(default_factory=dict)

    def propose(self, records: Sequence[Record]) -> Draft:
        """The draft for these records."""
        self._record("case", records)
        self._flat_person(records)
        find_key(self.draft, records, self.knowledge, self.number, self.declared)
        find_stamp(self.draft, records)
        return self.draft

    def _record(self, kind: str, nodes: Sequence[Record]) -> None:
        layout = self.draft.layout(kind)
        lists: list[tuple[str, str, list[Tree]]] = []
        for path, values in gathered(nodes, self._is_list(kind)):
            if any(isinstance(one, dict | list) for one in values):
                lists.append((path, *self._inner(kind, path, values)))
            elif not self._scalar(layout, path, values, nodes):
                layout.leave(path, UNKNOWN, self._looks(path, values))
        for path, target, inner in lists:
            self._list(layout, path, target, inner)
        if kind == "person":
            self._crimes_beside(layout, nodes)

    def _looks(self, path: str, values: Sequence[Tree]) -> str:
        """What a person may want to know of a field nobody knows."""
        said = self.declared.says(self._whole(path))
        looks = looks_like(self.converters, values)
        return f"the WSDL says {said}; {looks}" if said else looks

    def _whole(self, path: str) -> str:
        """The path in the whole record of a path in a nested one."""
        return f"{self._ahead}/{path}".lstrip("/")

    def _crimes_beside(self, layout: Layout, nodes: Sequence[Record]) -> None:
        """The crime in a person's own row, where no list has any."""
        for path in list(layout.ignored):
            name = path.rpartition("/")[2]
            values = [at(one, path) for one in nodes]
            is_free = "charges" not in layout.fields
            if is_free and told(values) and self.knowledge.meanings(name, "charge"):
                meaning = Meaning("person", "charges", "")
                if self._split_charges(layout, meaning, path, values, "by its name"):
                    layout.ignored.pop(path)

    def _is_list(self, kind: str) -> IsList:
        def is_list(name: str, child: Record) -> bool:
            if self._container(kind, name):
                return True
            if len(child) != 1:
                return False
            inner, value = next(iter(child.items()))
            return isinstance(value, list) or (
                isinstance(value, dict) and bool(self._container(kind, inner))
            )

        return is_list

    def _container(self, kind: str, name: str) -> str:
        """The field of lists that a name means in this kind, or nothing."""
        for one in self.knowledge.meanings(name, kind):
            if SHAPES[kind].get(one.field, "").startswith(("many:", "one:")):
                return one.field
        return ""

    def _inner(
        self, kind: str, path: str, values: Sequence[Tree]
    ) -> tuple[str, list[Tree]]:
        """The field a list fills, and its elements."""
        elements = [one for value in values for one in _elements(value)]
        names = path.split("/")
        target = next(filter(None, (self._container(kind, one) for one in names)), "")
        return target or self._by_likeness(kind, elements), elements

    def _by_likeness(self, kind: str, elements: Sequence[Tree]) -> str:
        """The list whose record kind knows most of the names inside."""
        names = {name for one in elements if isinstance(one, dict) for name in one}
        best, most = "", 1
        for target, shape in SHAPES[kind].items():
            inner = shape.partition(":")[2]
            if shape.startswith("many:"):
                known = sum(bool(self.knowledge.meanings(one, inner)) for one in names)
                best, most = (target, known) if known > most else (best, most)
        return best

    def _list(
        self, layout: Layout, path: str, target: str, elements: Sequence[Tree]
    ) -> None:
        records = [one for one in elements if isinstance(one, dict)]
        shape = SHAPES[layout.kind].get(target, "")
        inner = shape.partition(":")[2]
        is_taken = target in layout.fields or inner in self.draft.layouts
        if not target or is_taken or not (records or inner == "charge"):
            why = f"a list of {len(elements)} element(s) that nobody knows"
            layout.leave(path, UNKNOWN, why)
            return
        way = "each" if shape.startswith("many:") else "from"
        why = f"a nested list: {len(elements)} element(s) such as a {inner} has"
        layout.take(target, f"{{ {way}: {quoted(path)}, record: {inner} }}", why, path)
        if records:
            above, self._ahead = self._ahead, self._whole(path)
            self._record(inner, records)
            self._ahead = above
        else:
            self._bare_charges(elements)
        if not self.draft.layouts[inner].fields:
            del self.draft.layouts[inner]
            layout.drop(path)

    def _bare_charges(self, values: Sequence[Tree]) -> None:
        """Crimes told as mere texts."""
        found = coded(self.tables, self.converters, "crime", values, {})
        layout = self.draft.layout("charge")
        rule = f"{{ from: ., convert: trimmed, {found.keys} }}"
        layout.take("crime", rule, found.why, ".")
        wording = "{ from: ., convert: trimmed }"
        layout.take("wording", wording, "the text as it came", ".")
        self._add_rows("crime", values, found.rows)

    def _scalar(
        self, layout: Layout, path: str, values: Sequence[Tree], nodes: Sequence[Record]
    ) -> bool:
        """Propose a rule for a plain field; was there one?"""
        name = path.rpartition("/")[2]
        if layout.kind == "case" and self._case_number(layout, path, values):
            return True
        for meaning in self.knowledge.meanings(name, layout.kind):
            if meaning.field in layout.fields:
                continue
            if self._as_meant(layout, meaning, path, values, nodes):
                return True
        if layout.kind != "person" or "id_number" in layout.fields:
            return False
        if reads(self.converters, ("id_number",), values):
            why = "every value is an identity number with its check digit"
            rule = f"{{ from: {quoted(path)}, convert: id_number }}"
            layout.take("id_number", rule, why, path)
            return True
        return False

    def _case_number(self, layout: Layout, path: str, values: Sequence[Tree]) -> bool:
        for target in _SHAPED:
            free = target not in layout.fields
            if free and reads(self.converters, (target,), values):
                rule = f"{{ from: {quoted(path)}, convert: {target} }}"
                why = f"{len(told(values))} value(s) have the shape of a {target}"
                layout.take(target, rule, why, path)
                return True
        return False

    def _as_meant(
        self,
        layout: Layout,
        meaning: Meaning,
        path: str,
        values: Sequence[Tree],
        nodes: Sequence[Record],
    ) -> bool:
        shape = SHAPES[layout.kind][meaning.field]
        by = f"as in {meaning.told_by}" if meaning.told_by else "by its name"
        if meaning.field in NUMBER_SCHEMES:
            return False
        if shape.startswith("many:"):
            return self._split_charges(layout, meaning, path, values, by)
        if shape.startswith("one:"):
            return False
        if shape.startswith("code:"):
            self._code(layout, meaning.field, path, values, (by, nodes))
            return True
        chains = [meaning.convert] if meaning.convert else []
        own = BY_FIELD.get(f"{layout.kind}.{meaning.field}")
        tried = own or BY_FIELD.get(meaning.field) or BY_TYPE.get(shape, ("trimmed",))
        chains += [(one,) for one in tried]
        for chain in chains:
            if not told(values) or reads(self.converters, chain, values):
                self._take(layout, meaning.field, path, chain, (by, values))
                return True
        return False

    def _take(
        self,
        layout: Layout,
        target: str,
        path: str,
        chain: Sequence[str],
        why: tuple[str, Sequence[Tree]],
    ) -> None:
        by, values = why
        convert = chain[0] if len(chain) == 1 else f"[{', '.join(chain)}]"
        shape = date_shape(values)
        given = len(told(values))
        seen = f"{given} value(s) read" if given else "empty in the sample"
        seen = f"{seen}, such as {shape}" if shape and "date" in convert else seen
        rule = f"{{ from: {quoted(path)}, convert: {convert} }}"
        layout.take(target, rule, f"{by}; {seen}", path)

    def _code(
        self,
        layout: Layout,
        target: str,
        path: str,
        values: Sequence[Tree],
        told_by: tuple[str, Sequence[Record]],
    ) -> None:
        by, nodes = told_by
        table = SHAPES[layout.kind][target].partition(":")[2]
        listed = self.declared.codes(self._whole(path))
        names = listed | _names_beside(path, nodes)
        values = [*values, *listed]
        found = coded(self.tables, self.converters, table, values, names)
        rule = f"{{ from: {quoted(path)}, {found.keys} }}"
        layout.take(target, rule, f"{by}; {found.why}", path)
        self._add_rows(table, values, found.rows)

    def _add_rows(
        self, table: str, values: Sequence[Tree], rows: Sequence[Code]
    ) -> None:
        """A crosswalk puts an end to the standard's codes, so those seen are kept."""
        seen = self._seen.setdefault(table, set())
        seen |= {str(one).strip() for one in told(values)}
        held = self.draft.crosswalks.get(table, [])
        if not rows and not held:
            return
        known = {row.raw for row in (*held, *rows)}
        found = self.tables.table(table)
        own = [one for one in sorted(seen - known) if found.row(one) is not None]
        more = [Code(one, one, "the standard's own code, seen too") for one in own]
        fresh = [one for one in rows if one.raw not in {row.raw for row in held}]
        self.draft.crosswalks[table] = [*held, *fresh, *more]

    def _split_charges(
        self,
        layout: Layout,
        meaning: Meaning,
        path: str,
        values: Sequence[Tree],
        by: str,
    ) -> bool:
        """Several crimes in one text."""
        if meaning.field != "charges" or "charge" in self.draft.layouts:
            return False
        parts = [
            one
            for value in told(values)
            for one in re.split(r"[、,，;；|]", str(value))
        ]
        rule = f"{{ from: {quoted(path)}, split: {_CRIMES}, record: charge }}"
        layout.take("charges", rule, f"{by}; several may stand in one text", path)
        self._bare_charges(parts)
        return True

    def _flat_person(self, records: Sequence[Record]) -> None:
        """A person whose fields stand in the case's own row."""
        case = self.draft.layout("case")
        if "person" in self.draft.layouts:
            return
        rows = [{path: at(one, path) for path in case.ignored} for one in records]
        person = Layout("person")
        for path in list(case.ignored):
            name = path.rpartition("/")[2]
            if self.knowledge.meanings(name, "person"):
                self._scalar(person, path, [row[path] for row in rows], rows)
        if "name" not in person.fields and "id_number" not in person.fields:
            return
        self.draft.layouts["person"] = person
        for line in person.fields.values():
            case.ignored.pop(line.source, None)
        why = "the person stands in the case's own row"
        case.take("persons", "{ each: ., record: person }", why, ".")


def _elements(value: Tree) -> list[Tree]:
    return value if isinstance(value, list) else [value] if value else []


def _names_beside(path: str, nodes: Sequence[Record]) -> dict[str, str]:
    """What the field beside a code calls it, by raw code."""
    found: dict[str, str] = {}
    above, _, name = path.rpartition("/")
    for node in nodes:
        holder = at(node, above) if above else node
        if isinstance(holder, dict):
            other = name_field(name, list(holder))
            raw, said = holder.get(name), holder.get(other)
            if other and raw is not None and isinstance(said, str):
                found[str(raw).strip()] = said.strip()
    return found
