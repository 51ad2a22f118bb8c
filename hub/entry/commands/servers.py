"""``hub serve`` and ``hub worker``: the two processes of a deployment."""

from __future__ import annotations

import typer

from hub.entry import terminal
from hub.entry.logs import configure


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve")(serve)
    app.command("worker")(worker)


def serve(context: typer.Context) -> None:
    """启动服务端 / start the server: GraphQL, console, health, metrics.

    Example: `hub --config hub.toml serve`
    """
    from hub.entry.app import serve_forever  # noqa: PLC0415 - strawberry takes a second

    settings = terminal.options(context).settings()
    configure(settings.logs)
    serve_forever(settings)


def worker(context: typer.Context) -> None:
    """启动工作进程 / start a worker: syncs, deliveries, sweeps.

    Example: `hub --config hub.toml worker`
    """
    from hub.entry.worker import work_forever  # noqa: PLC0415 - the job engine is big

    settings = terminal.options(context).settings()
    configure(settings.logs)
    work_forever(settings)
