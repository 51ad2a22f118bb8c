"""``hub new-adapter`` and ``hub proposals``: an adapter begun, its guesses accepted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from hub.contract.proposal import Proposal, accept, proposals
from hub.entry import terminal
from hub.entry.assembly import ADAPTERS, ROOT
from hub.errors import NotFound, RequestInvalid
from hub.scaffold.make import new_adapter
from hub.scaffold.wish import Wish

#: what a new adapter passes at once, as in the tutorial
PROOF = (
    "pytest tests/adapters/test_contract.py tests/adapters/test_golden.py"
    " tests/adapters/test_places.py"
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("new-adapter")(begin)
    app.command("proposals")(review)


def begin(
    name: Annotated[str, typer.Argument(help="the system's name: small_letters_20")],
    *,
    transport: Annotated[str, typer.Option(help="soap, rest, sql, drop or mq")],
    wsdl: Annotated[Path | None, typer.Option(help="the vendor's WSDL (soap)")] = None,
    sample: Annotated[
        Path | None, typer.Option(help="a record or a few, as XML, JSON or CSV")
    ] = None,
    encoding: Annotated[
        str, typer.Option(help="of the sample or its files, where it cannot be told")
    ] = "",
    agency_type: Annotated[
        str, typer.Option(help="a code of the table agency_type, such as POLICE")
    ] = "",
) -> None:
    """新建适配器，立即可测 / begin an adapter that passes its tests at once.

    Example: `hub new-adapter prison_x --transport rest --sample case.json`
    """
    wish = Wish(ROOT, name, transport, wsdl, sample, encoding, agency_type)
    made = new_adapter(wish)
    out = terminal.console()
    for path in made.files:
        out.print(f"已写 / written  {path.relative_to(ROOT)}", markup=False)
    _table(made.proposals)
    out.print(f"依据 / from  {made.origin}", markup=False)
    if made.masked:
        count = sum(made.masked.values())
        fields = ", ".join(f"{name} {many}" for name, many in made.masked.items())
        zh, en = f"样本中 {count} 处个人信息已替换", "personal values replaced"
        out.print(f"{zh} / {count} {en}: {fields}", markup=False)
    out.print(f"接着 / next  {PROOF} -k {name}", markup=False)
    out.print(f"确认 / accept  hub proposals {name} --accept p01", markup=False)


def review(
    name: Annotated[str, typer.Argument(help="the system")],
    *,
    accepted: Annotated[
        list[str] | None,
        typer.Option("--accept", help="a number, p01 to p09 as p01-p09, or all"),
    ] = None,
) -> None:
    """列出或确认程序的建议 / list what was guessed, or vouch for it.

    Example: `hub proposals prison_x --accept p01-p07`
    """
    if not (ADAPTERS / name / "manifest.yaml").exists():
        zh, en = f"没有适配器 {name}", f"There is no adapter {name}"
        raise NotFound(zh, en, where="NAME")
    open_ones = proposals(ROOT, name)
    if accepted:
        done = accept(ROOT, name, _numbers(accepted, open_ones))
        terminal.console().print(f"已确认 / accepted: {done}")
        open_ones = proposals(ROOT, name)
    _table(open_ones)
    if not open_ones:
        terminal.console().print("没有待确认的建议 / nothing is left to accept")


def _numbers(told: Sequence[str], known: Sequence[Proposal]) -> set[str]:
    numbers = [one.number for one in known]
    found: set[str] = set()
    for one in told:
        first, _, last = one.partition("-")
        if one == "all":
            found |= set(numbers)
        elif first in numbers and (not last or last in numbers):
            end = numbers.index(last or first)
            found |= set(numbers[numbers.index(first) : end + 1])
        else:
            raise RequestInvalid(
                f"没有待确认的建议 {one}", f"No open proposal {one}", where="--accept"
            )
    return found


def _table(found: Sequence[Proposal]) -> None:
    if not found:
        return
    made = terminal.table("建议 / proposal", "where", "says", "why")
    for one in found:
        where = f"{one.path.relative_to(ROOT)}:{one.line}"
        terminal.row(
            made, one.number, where, terminal.plain(one.says), terminal.plain(one.why)
        )
    terminal.console().print(made)
