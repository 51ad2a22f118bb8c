"""``hub token``: a token of one agency's system, in demonstrations."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hub.entry import terminal
from hub.entry.assembly import load_dictionary
from hub.errors import RequestInvalid


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("token")(token)


def token(
    context: typer.Context,
    agency: Annotated[
        str,
        typer.Argument(help="agency code, as in tables list agency, or HUB-OPERATOR"),
    ],
    hours: Annotated[int, typer.Option(min=1, max=24, help="how long it is good")] = 8,
    endpoint: Annotated[
        str, typer.Option(help="good for this endpoint's posts (/ingest) only")
    ] = "",
) -> None:
    """签发演示令牌 / print a token that speaks for one agency (demonstrations only).

    Example: `hub token COURT-421381`
    """
    from hub.entry.tokens import mint  # noqa: PLC0415 - cryptography loads slowly

    settings = terminal.options(context).settings()
    dictionary, _ = load_dictionary()
    if (
        agency not in {"HUB-OPERATOR"}
        and dictionary.table("agency").row(agency) is None
    ):
        raise RequestInvalid(
            f"没有单位 {agency}；运行 hub tables list agency 查看",
            f"There is no agency {agency}; see: hub tables list agency",
            where="AGENCY",
        )
    made = mint(settings.auth, agency, hours=hours, endpoint=endpoint)
    sys.stdout.write(made + "\n")
