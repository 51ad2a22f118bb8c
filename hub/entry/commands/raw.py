"""``hub raw``: what stands in a record set aside, for whoever has to mend it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from hub.engine.evidence import Evidence, look
from hub.entry import terminal
from hub.entry.assembly import open_hub
from hub.entry.settings import Settings
from hub.errors import RequestInvalid

_SHOWN = 2_000  # bytes told of a record that cannot be taken apart


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("raw")(raw)


def raw(
    context: typer.Context,
    failure: Annotated[int, typer.Argument(help="id of a failure", min=1)],
    place: Annotated[
        str, typer.Option(help="this raw place instead of the faulty ones")
    ] = "",
    save: Annotated[
        Path | None, typer.Option(help="write the raw bytes to this new file")
    ] = None,
) -> None:
    """查看失败记录的原值（留有记录） / see what stands in it; each look is noted.

    Example: `hub raw 17 --place AJ/AJLB`
    """
    if save is not None and save.exists():
        raise RequestInvalid(
            "文件已存在，不会覆盖",
            "The file is there already and is not overwritten",
            where="--save",
        )
    settings = terminal.options(context).settings()
    found = terminal.work(_look(settings, failure, place))
    if save is not None:
        _save(save, found.record.body)
        return
    _show(found)


async def _look(settings: Settings, failure: int, place: str) -> Evidence:
    async with open_hub(settings) as hub:
        return await look(hub, failure, terminal.account(), place)


def _save(path: Path, body: bytes) -> None:
    """The bytes, readable by this account alone."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as sink:
            sink.write(body)
    except OSError as error:
        raise RequestInvalid(
            "无法写入该文件", "This file cannot be written", where="--save"
        ) from error
    terminal.console().print(
        f"已保存 {len(body)} 字节，含个人信息，用后请删除 / "
        f"{len(body)} bytes saved; they hold personal data, delete them after use"
    )


def _show(found: Evidence) -> None:
    out = terminal.console()
    if not found.sights:
        out.print("记录无法解读，以下为开头的字节 / unreadable; its first bytes:")
        text = found.record.body[:_SHOWN].decode("utf-8", "backslashreplace")
        out.print(terminal.plain(text), markup=False)
        return
    made = terminal.table("where", "source", "what stands there")
    for one in found.sights:
        told = "（无 / nothing）" if one.value is None else terminal.plain(one.value)
        terminal.row(made, one.where, one.source, told)
    out.print(made)
