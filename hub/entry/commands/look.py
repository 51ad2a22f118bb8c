"""``hub settings``: what this deployment runs with, secrets hidden."""

from __future__ import annotations

import typer

from hub.entry import terminal
from hub.entry.keys import KEYS
from hub.entry.references import HIDDEN, hide_password
from hub.entry.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("settings")(settings)


def settings(context: typer.Context) -> None:
    """显示配置，隐去机密 / show the settings with secrets hidden.

    Example: `hub --config hub.toml settings`
    """
    found = terminal.options(context).settings()
    made = terminal.table("setting", "value", "variable", "what")
    for key in KEYS:
        value = _value(found, key.name)
        about = f"{key.about.zh} / {key.about.en}"
        terminal.row(made, key.name, value, key.variable, about)
    out = terminal.console()
    out.print(f"配置文件 / settings file: {found.source or '-'}")
    out.print(made)
    _endpoints(found)


def _value(found: Settings, name: str) -> str:
    value: object = found
    for part in name.split("."):
        value = getattr(value, part)
    text = "" if value is None else str(value)
    return hide_password(text) if name == "database" else text


def _endpoints(found: Settings) -> None:
    made = terminal.table(
        "endpoint", "system", "agency", "serves", "address", "options", "secrets"
    )
    for one in found.endpoints:
        told = " ".join(f"{k}={hide_password(v)}" for k, v in one.options.items())
        hidden = " ".join(f"{name}={HIDDEN}" for name in one.secrets)
        serves = " ".join(one.serves)
        address = hide_password(one.address)
        terminal.row(
            made, one.code, one.system, one.agency, serves, address, told, hidden
        )
    terminal.console().print(made if found.endpoints else "没有接入点 / no endpoints")
