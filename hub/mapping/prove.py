"""The proof that a body is what its raw record says: every leaf, by its own rule."""

from __future__ import annotations

from hub.contract.messages import Record, Tree
from hub.mapping.load import SystemMapping
from hub.mapping.trace import Origin, leaves


def unproven(
    mapping: SystemMapping, kind: str, tree: Tree, body: Record
) -> tuple[str, ...]:
    """The places of a body whose named rule gives another value for the raw record.

    A place is proven where its rule, applied to its raw places and to nothing else,
    gives the very value that stands in the body; also told are places that the rules
    fill and the body lacks.
    """
    told = dict(leaves(body))
    origins = {one.where: one for one in mapping.trace(kind, tree)}
    wrong = {
        place
        for place, value in told.items()
        if place not in origins or _again(mapping, tree, origins[place]) != (value,)
    }
    more = {one.where for one in origins.values() if one.outcome != "refused"}
    refused = set(origins) - more
    return tuple(sorted(wrong | (more - set(told)) | refused))


def _again(mapping: SystemMapping, tree: Tree, origin: Origin) -> tuple[Tree, ...]:
    try:
        return (mapping.reapply(tree, origin),)
    except LookupError:
        return ()
