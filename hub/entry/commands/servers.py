"""``hub serve`` and ``hub worker``: the two processes of a deployment."""

from __future__ import annotations

import resource

import structlog
import typer

from hub.entry import terminal
from hub.entry.logs import configure
from hub.entry.settings import Settings

_log = structlog.get_logger(__name__)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("serve")(serve)
    app.command("worker")(worker)


def serve(context: typer.Context) -> None:
    """启动服务端 / start the server: GraphQL, console, health, metrics.

    Example: `hub --config hub.toml serve`
    """
    from hub.entry.app import serve_forever  # noqa: PLC0415 - strawberry takes a second

    serve_forever(_ready(context, "serve"))


def worker(context: typer.Context) -> None:
    """启动工作进程 / start a worker: syncs, deliveries, sweeps.

    Example: `hub --config hub.toml worker`
    """
    from hub.entry.worker import work_forever  # noqa: PLC0415 - the job engine is big

    work_forever(_ready(context, "worker"))


def _ready(context: typer.Context, command: str) -> Settings:
    settings = terminal.options(context).settings()
    configure(settings.logs)
    # A core dump would hold people's data, tokens and keys.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _log.info("process.started", command=command, endpoints=len(settings.endpoints))
    return settings
