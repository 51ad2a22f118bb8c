"""``hub adapters document``: the reference pages that the code and the tests make."""

from __future__ import annotations

import typer

app = typer.Typer(
    help="适配器参考 / the adapters' reference  e.g. hub adapters document --check",
    no_args_is_help=True,
    add_completion=False,
)
