"""One record now: ask an endpoint for it by its key, and take it in like any other.

For an operator who cannot wait for the next pull, or wants a record that a pull has
passed by. The watermark stays where it is; the question is a run of its own.
"""

from __future__ import annotations

import structlog

from hub.contract.adapter import LooksUp
from hub.contract.messages import RawRecord
from hub.engine.absorb import Desk
from hub.engine.hub import Hub
from hub.engine.ingest import absorbed
from hub.errors import AgencyError, HubError, NotFound, RequestInvalid
from hub.store import endpoints, events, runs

_log = structlog.get_logger(__name__)


async def look_up(hub: Hub, endpoint: str, key: str, kind: str = "") -> int:
    """Ask for one record and take it in; returns the run's id.

    ``kind`` may be left out where the system knows one only. Raises ``NotFound`` for
    an unknown endpoint, ``RequestInvalid`` where the system gives no single records
    or has no such kind. What fails at the far side is written down with the run, a
    record that is not there too.
    """
    hub.registry.demand(endpoint, "lookup")
    wanted = kind or hub.registry.manifest(endpoint).kinds[0]
    if wanted not in hub.registry.manifest(endpoint).kinds:
        raise RequestInvalid(
            f"该系统没有 {wanted} 类记录",
            f"This system has no records of the kind {wanted}",
            where="kind",
        )
    await hub.book.renew_if_sound()
    async with hub.database.begin() as connection:
        run_id = await runs.start(connection, endpoint, "lookup", {}, alone=False)
    error: HubError | None = None
    try:
        async with hub.registry.open(endpoint) as adapter:
            found = await _asked(adapter, wanted, key)
            await absorbed(Desk.of(hub, endpoint, adapter), run_id, [found])
    except HubError as failed:
        error = failed
    await _finish(hub, endpoint, run_id, error)
    return run_id


async def _asked(adapter: object, kind: str, key: str) -> RawRecord:
    found = None
    if isinstance(adapter, LooksUp):
        found = await adapter.lookup(kind, key)
    if found is None:
        raise NotFound(
            "对方没有这个编号的记录",
            "The agency has no record of this key",
            where="key",
        )
    return found


async def _finish(hub: Hub, endpoint: str, run_id: int, error: HubError | None) -> None:
    async with hub.database.begin() as connection:
        if isinstance(error, AgencyError):
            await endpoints.mark_down(connection, endpoint, error)
        await runs.finish(connection, run_id, error)
        body = {"endpoint": endpoint, "run": run_id}
        kind = "sync_run.failed" if error else "sync_run.finished"
        await events.announce(connection, kind, body=body)
    if error is not None:
        _log.warning("sync_run.failed", endpoint=endpoint, run=run_id, code=error.code)
    else:
        _log.info("sync_run.finished", endpoint=endpoint, run=run_id)
