"""The README of a new adapter: what is known of the system, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from string import Template

from hub.scaffold.draft import Draft
from hub.scaffold.interface import Interface
from hub.scaffold.material import TEMPLATES, Material
from hub.scaffold.wish import Wish

#: use of an operation -> how the page tells it
_USES = {
    "list": "pull",
    "detail": "gives one case; not used",
    "push": "may take a hand-over; not built",
}


def readme(wish: Wish, material: Material, draft: Draft) -> str:
    """The page."""
    page = (TEMPLATES / "common/README.md.txt").read_text("utf-8")
    how = (TEMPLATES / wish.transport / "how.md").read_text("utf-8")
    told = f", and `{draft.stamp}` tells when it changed" if draft.stamp else ""
    interface = material.interface
    rows = "\n".join(_operations(interface)) if interface else ""
    return Template(page).substitute(
        system=wish.name,
        transport=wish.transport,
        origin=material.origin,
        how=how.strip(),
        key=draft.key,
        changes=told,
        operations=f"\n{rows}\n" if rows else "",
    )


def _operations(interface: Interface) -> Iterator[str]:
    yield "| operation | use | why |"
    yield "| --- | --- | --- |"
    used = {one.what: (use, one.why) for use, one in reversed(interface.why.items())}
    for one in interface.service.operations:
        use, why = used.get(one.name, ("not used", ""))
        yield f"| `{one.name}` | {_USES.get(use, use)} | {why.replace('|', ' ')} |"
