"""``hub mappings`` (``hub map`` too): the rules of every system, checked and shown."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from hub.engine.registry import load_manifests
from hub.entry import dictionary_pages, terminal
from hub.entry.assembly import ADAPTERS, MAPPINGS, ROOT, load_dictionary
from hub.errors import RequestInvalid
from hub.mapping.rules import Rule

DICTIONARIES = ROOT / "docs" / "dictionaries"

app = typer.Typer(
    help="映射 / mappings  e.g. hub mappings check",
    no_args_is_help=True,
    add_completion=False,
)


@app.command("check")
def check() -> None:
    """核对全部映射文件 / read every mapping file and tell all that is wrong.

    Example: `hub map check` or `hub mappings check`
    """
    _, mappings = load_dictionary()
    made = terminal.table("system", "revision", "rules", "nodes received")
    for system in sorted(load_manifests(ADAPTERS)):
        one = mappings.system(system)
        nodes = " ".join(sorted(one.nodes))
        terminal.row(made, one.system, one.revision, one.rules[:12], nodes)
    for one in mappings.overlays:
        name = f"{one.system} @ {one.overlay}"
        nodes = " ".join(sorted(one.nodes))
        terminal.row(made, name, one.revision, one.rules[:12], nodes)
    terminal.console().print(made)


@app.command("show")
def show(
    system: Annotated[str, typer.Argument(help="whose mapping")],
    endpoint: Annotated[
        str, typer.Option(help="as this endpoint speaks, its overlay included")
    ] = "",
    source: Annotated[
        bool, typer.Option("--source", help="the Python that reads its records")
    ] = False,
) -> None:
    """显示一个系统的映射 / show the rules of a system, or what they are compiled to.

    Example: `hub map show police_case --source` or `hub mappings show court_case`
    """
    _, mappings = load_dictionary()
    one = mappings.system(system, endpoint)
    out = terminal.console()
    if source:
        for reader in one.readers.values():
            out.print(reader.text, markup=False, soft_wrap=True)
        return
    made = terminal.table("field", "from", "convert", "table", "when", "unknown")
    for record in one.parsed.records.values():
        for whole in record.rules:
            for rule in whole.choices or (whole,):
                terminal.row(made, *_rule(rule))
    out.print(made)


def _rule(rule: Rule) -> tuple[str, ...]:
    told = " ".join(path.text or "." for path in (*rule.each, *rule.sources))
    unknown = "pass" if rule.passes else "hold" if rule.hold else ""
    return (
        rule.place.removeprefix("records.").replace(".fields.", "."),
        told or repr(rule.constant),
        " ".join(one.name for one in rule.converters),
        rule.lookup.table if rule.lookup else "",
        rule.when.text if rule.when else "",
        unknown,
    )


@app.command("document")
def document(
    write: Annotated[
        bool, typer.Option("--write", help="write docs/dictionaries")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="compare with docs/dictionaries")
    ] = False,
) -> None:
    """由映射生成字段词典 / the field dictionaries that the mappings make.

    Example: `hub mappings document --check`
    """
    pages = documents()
    if write:
        _write(pages)
    elif check:
        _compare(pages)
    else:
        for text in pages.values():
            sys.stdout.write(text)


def documents() -> dict[str, str]:
    """File name -> page, of every system and the index."""
    found, mappings = load_dictionary()
    words = dictionary_pages.Words.load(MAPPINGS, found)
    told = [mappings.system(name) for name in sorted(load_manifests(ADAPTERS))]
    pages = {
        f"{one.system}.md": dictionary_pages.page(one, MAPPINGS, words) for one in told
    }
    return pages | {"index.md": dictionary_pages.index(told)}


def _write(pages: Mapping[str, str]) -> None:
    DICTIONARIES.mkdir(parents=True, exist_ok=True)
    for old in DICTIONARIES.glob("*.md"):
        if old.name not in pages:
            old.unlink()
    for name, text in pages.items():
        (DICTIONARIES / name).write_text(text, "utf-8")


def _compare(pages: Mapping[str, str]) -> None:
    there = {path.name: path.read_text("utf-8") for path in DICTIONARIES.glob("*.md")}
    stale = sorted(
        name
        for name in pages.keys() | there.keys()
        if pages.get(name) != there.get(name)
    )
    if stale:
        raise RequestInvalid(
            "字段词典与映射不一致；运行 hub mappings document --write",
            "The field dictionaries are not what the mappings make; run: "
            "hub mappings document --write",
            where=" ".join(f"docs/dictionaries/{name}" for name in stale),
        )
    terminal.console().print("字段词典与映射一致 / the dictionaries are up to date")
