"""The Relay interface: whatever has an id."""

from __future__ import annotations

import strawberry


@strawberry.interface(description="有标识的对象 / Whatever has an id of its own.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="不透明标识 / Opaque id, good for as long as the thing."
    )
