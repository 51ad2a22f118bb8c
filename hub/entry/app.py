"""The web server: /graphql, /ingest, /health, /metrics, and the console."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from hub.console import app as console
from hub.engine.answers import codes as answer_codes
from hub.engine.hub import Hub
from hub.entry import ingest
from hub.entry.assembly import open_hub
from hub.entry.graphql import Sockets, post
from hub.entry.metrics import metrics
from hub.entry.settings import Settings
from hub.entry.tokens import Verifier
from hub.entry.worker import arm_from
from hub.errors import DatabaseNotReady

_GRACE = 5  # seconds that open requests have at the end


def serve_forever(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    arm_from(os.environ.get("HUB_FAILPOINT", ""))
    async with open_hub(settings, pool=20) as hub:
        kinds = partial(answer_codes.agency_type, hub)
        app = create_app(hub, Verifier.of(settings.auth, kinds))
        await uvicorn.Server(server_config(app, settings.host, settings.port)).serve()


def server_config(app: Starlette, host: str, port: int) -> uvicorn.Config:
    """How uvicorn runs the application: no access log, no header of its own."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="websockets-sansio",
        ws_max_size=100_000,
        timeout_graceful_shutdown=_GRACE,
    )


def create_app(hub: Hub, verifier: Verifier) -> Starlette:
    """The application around an open hub. Whoever opened the hub closes it."""
    routes: list[BaseRoute] = [
        Route("/graphql", post, methods=["POST"]),
        WebSocketRoute("/graphql", Sockets(hub, verifier)),
        Route("/ingest/{endpoint}", ingest.post, methods=["POST"]),
        Route("/health/live", live),
        Route("/health/ready", ready),
        Route("/metrics", metrics),
        Mount("/console", routes=console.routes(hub, verifier.caller)),
    ]
    app = Starlette(routes=routes, lifespan=_lifespan)
    app.state.hub = hub
    app.state.verifier = verifier
    app.state.posting = asyncio.Semaphore(ingest.AT_ONCE)
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield


async def live(request: Request) -> Response:
    """The process runs."""
    return JSONResponse({"status": "live"})


async def ready(request: Request) -> Response:
    """The database answers, so requests can be served; 503 with the reason if not."""
    hub: Hub = request.app.state.hub
    try:
        await hub.database.ping()
    except DatabaseNotReady as error:
        told = {"zh": error.message.zh, "en": error.message.en}
        body = {"status": "not ready", "code": error.code, "message": told}
        return JSONResponse(body, 503)
    return JSONResponse({"status": "ready"})
