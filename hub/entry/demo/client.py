"""How the demonstration asks: GraphQL as an agency would, and orders to officers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import orjson

from hub.errors import RequestInvalid
from hub.wire.http import Http

Json = dict[str, Any]


@dataclass(slots=True)
class Client:
    """One HTTP session to the hub and to the officers of the simulated agencies."""

    hub: str
    token: Callable[[str], str]
    http: Http

    @classmethod
    def of(cls, hub: str, token: Callable[[str], str]) -> Self:
        """A client of the hub at an address; ``token`` makes one for an agency."""
        return cls(hub, token, Http("demo", deadline=30))

    async def ask(self, agency: str, query: str, **variables: object) -> Json:
        """A GraphQL operation as this agency; raises ``RequestInvalid`` on errors."""
        headers = {
            "authorization": f"Bearer {self.token(agency)}",
            "content-type": "application/json",
        }
        body = orjson.dumps({"query": query, "variables": variables})
        answer = await self.http.call(
            "POST", f"{self.hub}/graphql", body=body, headers=headers
        )
        found: Json = orjson.loads(answer.body)
        if found.get("errors"):
            first = found["errors"][0]
            raise RequestInvalid(str(first["message"]), str(first["message"]))
        data: Json = found["data"]
        return data

    async def order(self, officer: str, do: Json) -> Json:
        """Have an officer of a simulated agency do something in its own system."""
        answer = await self.http.call(
            "POST",
            f"{officer}/_sim/act",
            body=orjson.dumps(do),
            accept_status=(200, 400),
        )
        found: Json = orjson.loads(answer.body)
        if answer.status != 200:
            raise RequestInvalid(str(found), str(found), where=officer)
        return found

    async def look(self, address: str, path: str) -> Any:
        """Something a simulator tells about itself."""
        answer = await self.http.call("GET", f"{address}{path}")
        return orjson.loads(answer.body)
