"""The lines of an adapter that hold what was decided of its interface."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from hub.scaffold.draft import Draft, Numbers
from hub.scaffold.evidence import STAMP_FORMS, stamp_form
from hub.scaffold.interface import Interface
from hub.scaffold.material import TEMPLATES, Material
from hub.scaffold.paths import at
from hub.scaffold.wish import Wish

_WIDTH = 88
#: how an answer's own code may be named
_CODE = re.compile(
    r"(ret|return|result|status|error|err|rsp|resp)?_?(code|status)|ret", re.I
)
_STRANGE = """
#: faults by which it answers with a code that faults.yaml lacks
STRANGE = {"code": "7777"}
"""
_ASKED = {"dateTime": "%Y-%m-%dT%H:%M:%S", "date": "%Y-%m-%d"}


def constants(
    wish: Wish, material: Material, draft: Draft, numbers: Numbers
) -> Mapping[str, str]:
    """The values of a transport's own marks in its templates."""
    if wish.transport == "rest":
        why = "paths of the template; put in those of the interface"
        around = "the envelope of the template; put in the interface's own"
        return {"p_paths": numbers.mark(why), "p_envelope": numbers.mark(around)}
    if wish.transport == "soap" and material.interface is not None:
        lines = list(_soap(material.interface, material, draft, numbers))
        has_login = {"account", "secret"} & set(material.interface.roles)
        strange = _STRANGE if _code(material.interface) else ""
        return {
            "constants": "\n".join(lines),
            "has_login": str(bool(has_login)),
            "strange": strange,
        }
    return _files(wish, material, draft, numbers)


def _soap(
    interface: Interface, material: Material, draft: Draft, numbers: Numbers
) -> Iterator[str]:
    yield _line("WSDL", f'HERE / "wsdl" / {_text(interface.path.name)}')
    path = _path_of(interface)
    why = "the path of the WSDL's address" if path else "the WSDL tells no path"
    yield from _said("SERVICE", path or "/services", why, numbers)
    probe = interface.why.get("probe")
    listed = interface.why["list"]
    yield from _said("LIST", interface.list.name, listed.why, numbers)
    why = probe.why if probe else "no cheaper call is there"
    yield from _said("PROBE", probe.what if probe else listed.what, why, numbers)
    rows = interface.rows or material.sample.found_in or material.sample.name
    told = interface.why.get("rows")
    why = told.why if told else "where the sample has its records"
    yield from _said("ROWS", rows, why, numbers)
    why = interface.why["text"].why if interface.text else "the answer is no text"
    yield from _said("TEXT", interface.text, why, numbers)
    for role in ("account", "secret", "since", "page", "size"):
        path = interface.roles.get(role, "")
        why = interface.why[role].why if path else "no parameter is named like it"
        name = "PROOF" if role == "secret" else role.upper()
        yield from _said(name, path, why, numbers)
    asked = _ASKED.get(interface.types.get("since", ""), "%Y-%m-%d %H:%M:%S")
    yield from _said("ASKED", asked, "how that time is spelt", numbers)
    yield from _said("KEY", draft.key, "what tells one record from another", numbers)
    yield from _said("CHANGED", draft.stamp, "when a record changed", numbers)
    form = stamp_form(at(material.sample.records[0], draft.stamp))
    yield from _said("FORM", form, "how that time stands in the sample", numbers)
    yield _line("LENGTH", str(STAMP_FORMS.get(form, 19)))
    yield _line("RECORD", _text(material.sample.name))
    code = _code(interface)
    why = "named like the answer's own code" if code else "no element is named like it"
    yield from _said("CODE", code, why, numbers)
    yield f"# {numbers.mark('codes that mean all is well; ask the vendor')}"
    yield 'WELL = ("0", "00", "0000", "200")'
    yield f"# {numbers.mark('the most rows at once, here a page; ask the vendor')}"
    yield "MOST_ROWS = 50"
    yield "# what the operation must be told besides, by path"
    yield _table(interface.always)


def _path_of(interface: Interface) -> str:
    """The path of the first address in the WSDL, empty if there is none."""
    text = interface.path.read_text("utf-8", "replace")
    found = re.search(r"""<\w+:address\s+location\s*=\s*["'](\w+://[^"'?#\s]+)""", text)
    path = urlsplit(found[1]).path.rstrip("/") if found else ""
    return path if re.fullmatch(r"(/[\w.~-]+)+", path) else ""


def _code(interface: Interface) -> str:
    """Where the list's answer tells by a code of its own whether it went well."""
    plain = (one for one in interface.list.output if not one.children)
    return next((one.name for one in plain if _CODE.fullmatch(one.name)), "")


def _table(told: Mapping[str, str]) -> str:
    lines = [f"    {_text(path)}: {_text(value)}," for path, value in told.items()]
    return (
        "\n".join(["ALWAYS: dict[str, str] = {", *lines, "}"])
        if lines
        else "ALWAYS: dict[str, str] = {}"
    )


def _files(
    wish: Wish, material: Material, draft: Draft, numbers: Numbers
) -> Mapping[str, str]:
    sample = material.sample
    lines = list(_said("ENCODING", sample.encoding, sample.why_encoding, numbers))
    if wish.transport == "drop":
        lines += _said("FORM", sample.form, "the form of the sample", numbers)
        lines += _said("KEY", draft.key, "what tells one record from another", numbers)
        return {"constants": "\n".join(lines)} | _reading(sample.form)
    if wish.transport == "mq":
        lines += _messages(material, draft, numbers)
        held = {"constants": "\n".join(lines), "untimed": _untimed(draft)}
        return held | _reading(sample.form)
    views = [name for name, one in sample.records[0].items() if isinstance(one, list)]
    lines = list(_said("CASES", "V_CASE", "the template's view of cases", numbers))
    lines += _said("KEY", draft.key, "what tells one record from another", numbers)
    lines += _said("CHANGED", draft.stamp, "when a row changed", numbers)
    told = "{" + ", ".join(f"{_text(one)}: {_text('V_' + one)}" for one in views) + "}"
    lines.append(f"# {numbers.mark('a view for each nested list, by its name')}")
    lines.append(_line("VIEWS: dict[str, str]", told))
    return {"constants": "\n".join(lines)}


def _messages(material: Material, draft: Draft, numbers: Numbers) -> Iterator[str]:
    """What a message is known by; without a time it came when it came."""
    yield from _said("KEY", draft.key, "what tells one record from another", numbers)
    why = "when a record changed" if draft.stamp else "no field is named like a time"
    yield from _said("CHANGED", draft.stamp, why, numbers)
    stamp = at(material.sample.records[0], draft.stamp) if draft.stamp else ""
    form = stamp_form(stamp)
    yield from _said("FORM", form, "how that time stands in the sample", numbers)
    yield _line("LENGTH", str(STAMP_FORMS.get(form, 19)))


def _untimed(draft: Draft) -> str:
    """What cannot be asked of records without a time of change."""
    why = "a change shows by its time, and these have none"
    return "" if draft.stamp else f'    "pull.changed_content": "{why}",\n'


#: form -> what its reading imports, and its media type
_IMPORTS = {
    "xml": (
        "from hub.wire.locate import in_xml\n"
        "from hub.wire.trees import xml_element, xml_tree",
        "text/xml",
    ),
    "json": (
        "from hub.wire.locate import in_json",
        "application/json",
    ),
    "csv": (
        "from hub.wire.locate import in_csv\nfrom hub.wire.trees import csv_rows",
        "text/csv",
    ),
}


#: the same for messages, in order
_QUEUE = (
    "from hub.wire.queue import Message, Queue\nfrom hub.wire.queue_pages import pages"
)
_QUEUED = {
    "xml": "from hub.wire.locate import in_xml\n"
    f"{_QUEUE}\nfrom hub.wire.trees import xml_element, xml_tree",
    "json": "from hub.wire.answer import parse_json\n"
    "from hub.wire.decode import decode\n"
    f"from hub.wire.locate import in_json\n{_QUEUE}",
}


def _reading(form: str) -> dict[str, str]:
    """How a file or message of this form is read."""
    text = (TEMPLATES / "common" / f"read.{form}.txt").read_text("utf-8")
    imports, media = _IMPORTS[form]
    early = {
        "json": "from hub.wire.answer import parse_json\n"
        "from hub.wire.decode import decode\n"
    }
    names = ["AgencyUnreachable", "SettingInvalid"]
    if form != "xml":
        names.insert(1, "RecordUnreadable")
    errors = f"from hub.errors import {', '.join(names)}"
    return {
        "errors": errors,
        "queued": _QUEUED.get(form, ""),
        "early": early.get(form, ""),
        "imports": imports,
        "media": media,
        "read": text.rstrip("\n") + "\n",
    }


def _said(name: str, value: str, why: str, numbers: Numbers) -> Iterator[str]:
    """A constant under the proposal that it is."""
    yield textwrap.shorten(f"# {numbers.mark(why)}", _WIDTH, placeholder=" ...")
    yield _line(name, _text(value))


def _line(name: str, value: str) -> str:
    line = f"{name} = {value}"
    return line if len(line) <= _WIDTH else f"{line}  # noqa: E501 - one name"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
