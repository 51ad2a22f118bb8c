"""Everything of a new adapter, made in memory and put in place whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from hub.contract.messages import Record
from hub.contract.proposal import Proposal, proposals
from hub.errors import RequestInvalid
from hub.mapping.code_tables.tables import Tables
from hub.mapping.load import converters_of
from hub.records.shape import NUMBER_SCHEMES
from hub.scaffold import dictionary as words
from hub.scaffold.constants import constants
from hub.scaffold.dictionary import Dictionary, worked_out
from hub.scaffold.draft import Draft, Numbers
from hub.scaffold.evidence import stamp_form
from hub.scaffold.knowledge import Knowledge
from hub.scaffold.material import TEMPLATES, Material, gather_material
from hub.scaffold.paths import at
from hub.scaffold.propose import Proposer
from hub.scaffold.readme import readme
from hub.scaffold.render import raw_body
from hub.scaffold.wish import DELIVERED, NUMBERS, Wish, check_wish, class_name

#: why a pull looks back, or need not
_LATE = {
    "drop": "a file is known by its name and stamp, so nothing comes late",
    "mq": "a message stays until we acknowledge it, so nothing comes late",
}
_LATE_ELSE = "a commit may come ten minutes late; ask the vendor"
#: how lists come
_PAGING = {"drop": "none", "mq": "messages"}
#: number field -> the agency type whose systems give it out
_TYPES = {field: kind for kind, field in reversed(NUMBERS.items())}


@dataclass(frozen=True, slots=True)
class Made:
    """What was made: the files, what is proposed, and where it came from.

    ``masked`` tells how many values of which raw field were invented anew.
    """

    files: tuple[Path, ...]
    proposals: tuple[Proposal, ...]
    origin: str
    masked: Mapping[str, int]


@dataclass(slots=True)
class _Work:
    """One new adapter while it is being made."""

    wish: Wish
    material: Material
    draft: Draft
    made: Dictionary
    numbers: Numbers
    number: str
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def agency_type(self) -> str:
        return self.wish.agency_type or _TYPES.get(self.number, "POLICE")


def new_adapter(wish: Wish) -> Made:
    """Make an adapter, or raise ``RequestInvalid`` or ``InterfaceInvalid``."""
    folder = wish.root / "mappings"
    tables = Tables.load(folder / "tables")
    check_wish(wish, tables)
    knowledge = Knowledge.load(folder)
    material = gather_material(wish, knowledge)
    number = NUMBERS.get(wish.agency_type, "")
    own = number or "police_number"
    proposer = Proposer(
        tables, converters_of(tables), knowledge, own, material.declared
    )
    draft = proposer.propose(material.sample.records)
    _check_draft(draft, wish)
    if not number and not wish.agency_type:
        number = _number_of(draft)
    title = (f"待命名系统 {wish.name}", f"System {wish.name}, to be named")
    trees = material.sample.records
    made, numbers = worked_out(folder, wish.name, title, draft, trees)
    work = _Work(wish, material, draft, made, numbers, number)
    _fill(work)
    _put(wish, work.files)
    paths = tuple(wish.root / one for one in work.files)
    told = proposals(wish.root, wish.name)
    return Made(paths, told, material.origin, material.masked)


def _check_draft(draft: Draft, wish: Wish) -> None:
    """Without a key and a time of change nothing can be pulled."""
    lacking = [("记录编号", "key")] if not draft.key else []
    if not draft.stamp and wish.transport not in DELIVERED:
        lacking.append(("修改时间", "time of change"))
    if lacking:
        zh = "、".join(one for one, _ in lacking)
        en = " and ".join(one for _, one in lacking)
        raise RequestInvalid(
            f"样本中找不到{zh}字段；请给出含有它的样本",
            f"No field of the sample looks like a {en}; give a sample that has one",
            where="--sample" if wish.sample or not wish.wsdl else "--wsdl",
        )


def _number_of(draft: Draft) -> str:
    """The number that the key is, empty if it is none."""
    fields = draft.layout("case").fields
    for name in NUMBER_SCHEMES:
        if name in fields and fields[name].source == draft.key:
            return name
    return ""


def _fill(work: _Work) -> None:
    name, wish = work.wish.name, work.wish
    told = _values(work)
    adapter, evidence = f"adapters/{name}", f"tests/adapters/{name}"
    own, common = TEMPLATES / wish.transport, TEMPLATES / "common"
    faults = own if (own / "faults.yaml.txt").exists() else common
    for place, path in {
        f"{adapter}/__init__.py": common / "init.py.txt",
        f"{adapter}/manifest.yaml": common / "manifest.yaml.txt",
        f"{adapter}/adapter.py": own / "adapter.py.txt",
        f"{adapter}/faults.yaml": faults / "faults.yaml.txt",
        f"{evidence}/__init__.py": common / "test_init.py.txt",
        f"{evidence}/simulator.py": own / "simulator.py.txt",
        f"{evidence}/bench.py": own / "bench.py.txt",
    }.items():
        text = Template(path.read_text("utf-8")).substitute(told)
        work.files[place] = text.encode()
    if work.material.interface is not None:
        _fill_wsdl(work, adapter)
    work.files[f"mappings/{name}.yaml"] = work.made.mapping.encode()
    for table, text in work.made.crosswalks.items():
        work.files[f"mappings/tables/{table}/crosswalk/{name}.tsv"] = text.encode()
    _fill_evidence(work, evidence)
    page = readme(wish, work.material, work.draft)
    work.files[f"{adapter}/README.md"] = page.encode()


def _fill_wsdl(work: _Work, adapter: str) -> None:
    """The interface as received, with the files it imports."""
    interface = work.material.interface
    if interface is None:
        return
    folder = interface.path.parent
    work.files[f"{adapter}/wsdl/{interface.path.name}"] = interface.path.read_bytes()
    for one in interface.service.files:
        source = folder / one.name
        if source.is_file():
            work.files[f"{adapter}/wsdl/{one.name}"] = source.read_bytes()
    for patch in folder.glob(f"{interface.path.name}*.patch.yaml"):
        work.files[f"{adapter}/wsdl/{patch.name}"] = patch.read_bytes()


def _values(work: _Work) -> Mapping[str, str]:
    wish, numbers = work.wish, work.numbers
    told = f"as told: {wish.agency_type}"
    typed = told if wish.agency_type else "by the shape of its key"
    by = work.draft.stamp.rpartition("/")[2] or "mtime"
    by = "message" if wish.transport == "mq" else by
    found = {
        "system": wish.name,
        "cls": class_name(wish.name),
        "short": wish.name.replace("_", "-"),
        "title_zh": f"待命名系统 {wish.name}",
        "title_en": f"System {wish.name} to be named",
        "transport": wish.transport,
        "agency_type": work.agency_type,
        "owner": "to be named",
        "version": "unknown",
        "scheme": NUMBER_SCHEMES.get(_given_out(work), ""),
        "by": json.dumps(by, ensure_ascii=False),
        "p_agency": numbers.mark(typed),
        "p_scheme": numbers.mark(_why_own(_given_out(work))),
        "p_can": numbers.mark("push is not built; add it with receives and a parcel"),
        "identity": _identity(work),
        "paging": _PAGING.get(wish.transport, "value"),
        "lag": "0" if wish.transport in DELIVERED else "600",
        "p_by": numbers.mark(_LATE.get(wish.transport, _LATE_ELSE)),
        "p_limits": numbers.mark("careful values; ask the vendor what it bears"),
        "p_busy": numbers.mark("an example; list the codes of the interface"),
        "p_login": numbers.mark("an example; list the codes of the interface"),
    }
    return found | dict(constants(wish, work.material, work.draft, numbers))


def _given_out(work: _Work) -> str:
    """The number its systems give out, if the mapping has it."""
    return work.number if work.number in work.draft.layout("case").fields else ""


def _why_own(number: str) -> str:
    if not number:
        return "no number of the mapping is known to be given out by it"
    return f"its systems give out the {number}"


def _identity(work: _Work) -> str:
    name = "file name" if work.wish.transport == "drop" else work.draft.key
    return json.dumps(name, ensure_ascii=False)


def _fill_evidence(work: _Work, evidence: str) -> None:
    wish, sample = work.wish, work.material.sample
    trees, draft = sample.records, work.draft
    richest = max(trees, key=lambda one: len(json.dumps(one, ensure_ascii=False)))
    dirt = words.dirt_for(work.made, trees[0], draft)
    if wish.transport in ("rest", *DELIVERED):
        row = {"path": "", "value": "", "code": "RECORD_UNREADABLE"}
        dirt = [row | {"kind": "truncated"}, *dirt]
    seeds = {
        "key": draft.key,
        "stamp": draft.stamp,
        "stamp_form": stamp_form(at(trees[0], draft.stamp)) if draft.stamp else "",
        "form": sample.form,
        "encoding": sample.encoding,
        "name": sample.name,
        "records": list(trees),
        "dirt": dirt,
    }
    text = json.dumps(seeds, ensure_ascii=False, indent=1) + "\n"
    work.files[f"{evidence}/seeds.json"] = text.encode()
    keep = {draft.key.partition("/")[0], draft.stamp.partition("/")[0]}
    keep |= {one.partition("/")[0] for one in _numbers_in(draft)}
    clean = work.made.is_clean
    is_flat = wish.transport == "sql" or sample.form == "csv"
    shrink = words.emptied if is_flat else words.minimal
    for case, tree in {
        "minimal": shrink(richest, keep, clean),
        "full": richest,
        "ugly": words.ugly(richest, keep, clean),
    }.items():
        _pair(work, f"{evidence}/fixtures/case-{case}", tree)


def _numbers_in(draft: Draft) -> Iterator[str]:
    """Case numbers that no rule requires: a record without any cannot be kept."""
    lines = [draft.layout("case").fields.get(one) for one in NUMBER_SCHEMES]
    told = [one for one in lines if one is not None]
    if not any("required: true" in one.says for one in told):
        yield from (one.source for one in told)


def _pair(work: _Work, stem: str, tree: Record) -> None:
    sample = work.material.sample
    ending, body = raw_body(work.wish.transport, sample, tree)
    work.files[f"{stem}.raw.{ending}"] = body
    work.files[f"{stem}.canonical.json"] = work.made.canonical(tree).encode()


def _put(wish: Wish, files: Mapping[str, bytes]) -> None:
    """Write everything; whatever goes wrong, nothing of it is left."""
    folders = [one for one in wish.places() if one.suffix != ".yaml"]
    written: list[Path] = []
    try:
        for place, body in files.items():
            path = wish.root / place
            path.parent.mkdir(parents=True, exist_ok=True)
            written.append(path)
            path.write_bytes(body)
    except BaseException:
        for path in written:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        raise
