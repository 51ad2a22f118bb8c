"""Lines between an adapter and its simulator: one proxy an address of the endpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
)
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from sqlalchemy import URL, make_url

from hub.contract.endpoint import Endpoint
from tests.adapters.subject import Subject
from tests.simulators.proxy.plan import Plan
from tests.simulators.proxy.proxy import Proxy, between

#: options of an endpoint that hold an address of their own
ADDRESSES = ("database",)


@dataclass(frozen=True, slots=True)
class Lines:
    """The endpoint behind proxies. ``proxies`` are theirs, the main address first."""

    endpoint: Endpoint
    proxies: tuple[Proxy, ...]

    def set(self, plan: Plan | None = None) -> None:
        """The same goes wrong on every line."""
        for proxy in self.proxies:
            proxy.set(plan)


def has_line(subject: Subject) -> bool:
    """Does the system talk over a network? A shared folder has no line."""
    return subject.endpoint.address.startswith("http")


@asynccontextmanager
async def lines(subject: Subject) -> AsyncIterator[Lines]:
    """Proxies for every address of the subject's endpoint."""
    endpoint = subject.endpoint
    async with AsyncExitStack() as stack:
        place = urlsplit(endpoint.address)
        main = await stack.enter_async_context(
            between(place.hostname or "", place.port or 80)
        )
        proxies, options = [main], dict(endpoint.options)
        for name in ADDRESSES:
            if name in options:
                url = make_url(options[name])
                found = await stack.enter_async_context(_to_database(url))
                proxies.append(found)
                options[name] = _moved(url, found.listens_at)
        moved = replace(endpoint, address=main.address, options=options)
        yield Lines(moved, tuple(proxies))


def _to_database(url: URL) -> AbstractAsyncContextManager[Proxy]:
    """A line to a server on a port, or on the socket of an embedded one."""
    folder = url.query.get("host")
    if isinstance(folder, str) and folder.startswith("/"):
        return between(f"{folder}/.s.PGSQL.{url.port or 5432}", 0, is_http=False)
    return between(url.host or "", url.port or 5432, is_http=False)


def _moved(url: URL, port: int) -> str:
    found = url.set(host="127.0.0.1", port=port).difference_update_query(["host"])
    return found.render_as_string(hide_password=False)
