"""Writing down who was shown what, before the answer leaves.

An answer whose read cannot be written does not leave: the caller gets an error and
no data. What is written are paths of fields, never values.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from weakref import WeakKeyDictionary

from hub.engine import blast
from hub.engine.hub import Hub
from hub.records.caller import Caller
from hub.store import readlog
from hub.store.database import Connection, Database

Shape = tuple[str, ...]

#: sets of paths that are in the store already; documents repeat
_known: WeakKeyDictionary[Database, dict[Shape, int]] = WeakKeyDictionary()
_MOST = 10_000


async def write(
    hub: Hub, caller: Caller, shown: Mapping[int, frozenset[str]], began: float
) -> None:
    """Write down an operation that began at a moment of the monotonic clock.

    ``shown``: case -> canonical paths. A replay that changed one of the cases in
    the meantime has not seen this reader, so the reader is told here.
    """
    shapes = {case_id: tuple(sorted(paths)) for case_id, paths in shown.items()}
    known = _known.setdefault(hub.database, {})
    async with hub.database.begin() as connection:
        ids = await _ids(connection, known, set(shapes.values()))
        seen = [(case_id, ids[shape]) for case_id, shape in sorted(shapes.items())]
        elapsed = time.monotonic() - began
        late = await readlog.write(connection, caller.agency, seen, elapsed)
        if late:
            await blast.tell_late(connection, late, caller.agency)
    if len(known) > _MOST:
        known.clear()
    known.update(ids)


async def _ids(
    connection: Connection, known: Mapping[Shape, int], wanted: set[Shape]
) -> dict[Shape, int]:
    """The numbers of these sets of paths; asked of the store only when new."""
    found = {shape: known[shape] for shape in wanted if shape in known}
    fresh = sorted(wanted - set(found))
    if fresh:
        found |= await readlog.shape_ids(connection, fresh)
    return found
