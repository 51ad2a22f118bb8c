"""What every resolver is given: the hub, the caller, and this request's loaders."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import strawberry

from hub.engine.hub import Hub
from hub.records.caller import Caller
from schema.seen import Seen

if TYPE_CHECKING:
    from schema.loaders import Loaders


@dataclass(slots=True)
class Context:
    """One request. Loaders remember rows, so they never outlive it.

    A subscription renews them before each event. ``connection_params`` is what a
    WebSocket client sent when it connected. ``seen`` is what the answer shows of
    which case.
    """

    hub: Hub
    caller: Caller
    loaders: Loaders
    connection_params: dict[str, object] = field(default_factory=dict)
    seen: Seen = field(default_factory=Seen)


Info: TypeAlias = strawberry.Info[Context, None]
