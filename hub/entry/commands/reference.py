"""``hub adapters document``: the reference pages that the code and the tests make."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import Annotated

import typer

from hub.check.conformance_page import conformance_page
from hub.check.house import House
from hub.check.reference import contract_page
from hub.entry import terminal
from hub.entry.place import ROOT
from hub.errors import RequestInvalid

DOCS = ROOT / "docs"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+\d\d:\d\d")

app = typer.Typer(
    help="适配器参考 / the adapters' reference  e.g. hub adapters document --check",
    no_args_is_help=True,
    add_completion=False,
)


@app.callback()
def _of_adapters() -> None:
    """Keep ``document`` a command of its own."""


@app.command("document")
def document(
    write: Annotated[
        bool, typer.Option("--write", help="write docs/contract.md, conformance.md")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="compare with the pages in docs")
    ] = False,
) -> None:
    """由契约与测试结果生成参考 / the reference that contract and results make.

    Example: `hub adapters document --check`
    """
    pages = documents()
    if write:
        for name, text in pages.items():
            (DOCS / name).write_text(text, "utf-8")
    elif check:
        _compare(pages)
    else:
        for text in pages.values():
            sys.stdout.write(text)


def documents() -> dict[str, str]:
    """File name -> page."""
    return {
        "contract.md": contract_page(),
        "conformance.md": conformance_page(House(ROOT)),
    }


def _timeless(page: str) -> str:
    """A page without when its tests ran: that is no difference."""
    return _TIME.sub("", page)


def _compare(pages: Mapping[str, str]) -> None:
    stale = [
        name
        for name, text in pages.items()
        if not (DOCS / name).exists()
        or _timeless((DOCS / name).read_text("utf-8")) != _timeless(text)
    ]
    if stale:
        raise RequestInvalid(
            "适配器参考已过时；先运行合规测试，再运行 hub adapters document --write",
            "The adapters' reference is stale; run the conformance tests, then "
            "hub adapters document --write",
            where=" ".join(f"docs/{name}" for name in stale),
        )
    terminal.console().print("适配器参考是最新的 / the reference is up to date")
