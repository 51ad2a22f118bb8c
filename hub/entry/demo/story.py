"""Play a story: officers work, systems sync, cases are handed over.

Every act is remembered when it is done, and every hand-over carries the same key
each time it is submitted, so a story that was interrupted goes on where it was.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.entry.demo import asking
from hub.entry.demo.client import Client, Json
from hub.entry.demo.place import Place
from hub.entry.demo.screen import Screen
from hub.errors import DeliveryExhausted, RequestInvalid

_DONE = ("ACCEPTED", "RETURNED", "DEAD", "CANCELLED")
_LOOK = 0.15  # seconds between looks
_PATIENCE = 120.0  # seconds until the story gives a hand-over up


@dataclass(slots=True)
class HandedOver:
    """How one hand-over went: its node, receiver's number and seconds."""

    node: str
    state: str
    number: str
    seconds: float


@dataclass(slots=True)
class Storyteller:
    """Plays one story against a running hub and its simulated agencies."""

    name: str
    story: Mapping[str, Any]
    place: Place
    client: Client
    officers: Mapping[str, str]
    screen: Screen
    names: dict[str, str] = field(default_factory=dict)
    handed: list[HandedOver] = field(default_factory=list)

    async def play(self) -> bool:
        """Play what is left; false if everything had been played before."""
        notes = self.place.notes(self.name)
        self.names = dict(notes.get("names", {}))  # type: ignore[call-overload]
        start = int(str(notes.get("done", 0)))
        acts = self.story["acts"]
        self.handed = [HandedOver(**one) for one in notes.get("handed", [])]  # type: ignore[attr-defined]
        for number, act in enumerate(acts):
            if number >= start:
                await self._act(act, number, len(acts))
                self._remember(number + 1)
        return start < len(acts)

    @property
    def number(self) -> str:
        """The number that the story's case is asked by."""
        return self.names[self.story["number"]]

    def _remember(self, done: int) -> None:
        handed = [
            {name: getattr(one, name) for name in HandedOver.__slots__}
            for one in self.handed
        ]
        what = {"done": done, "names": self.names, "handed": handed}
        self.place.note(self.name, what)

    async def _act(self, act: Json, number: int, of: int) -> None:
        self.screen.act(act["day"], act["zh"], act["en"], number + 1, of)
        if "officer" in act:
            found = await self.client.order(
                self.officers[act["officer"]], self._filled(act["do"])
            )
            for name, told in act.get("remember", {}).items():
                self.names[name] = str(found[told])
        else:
            await self._hand_over(act)
        if "sync" in act:
            await self._sync(act["sync"])

    async def _hand_over(self, act: Json) -> None:
        node, sender = act["transfer"]["node"], act["transfer"]["sender"]
        began = time.monotonic()
        transfer_id = await asking.submit(
            self.client,
            sender,
            number=self.number,
            node=node,
            receiver=act["transfer"]["receiver"],
            key=f"story-{self.name}-{node}-{self.number}",
        )
        found = await self._until_answered(sender, transfer_id, began)
        seconds = time.monotonic() - began
        told = found["receiverNumber"] or ""
        self.handed.append(HandedOver(node, found["state"], told, round(seconds, 2)))
        if found["state"] != "ACCEPTED":
            raise DeliveryExhausted(
                f"移送 {node} 的结果是 {found['state']}",
                f"Hand-over {node} ended as {found['state']}",
                where=transfer_id,
            )
        given = found["receipts"][-1]["numbers"]
        numbers = {one["scheme"]: one["value"] for one in given}
        for name, scheme in act.get("remember", {}).items():
            self.names[name] = numbers[scheme]

    async def _until_answered(
        self, sender: str, transfer_id: str, began: float
    ) -> Json:
        shown = 0
        while True:
            found = await asking.transfer(self.client, sender, transfer_id)
            for step in found["steps"][shown:]:
                self.screen.step(step, time.monotonic() - began)
            shown = len(found["steps"])
            if found["state"] in _DONE or time.monotonic() - began > _PATIENCE:
                return found
            await asyncio.sleep(_LOOK)

    async def _sync(self, endpoint: str) -> None:
        run = await asking.sync(self.client, endpoint)
        self.screen.synced(endpoint, run)

    def _filled(self, value: Any) -> Any:
        """The order with the story's names put in."""
        if isinstance(value, dict):
            return {name: self._filled(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if isinstance(value, str) and value.startswith("{"):
            return self._name(value[1:-1])
        return value

    def _name(self, name: str) -> str:
        if name not in self.names:
            raise RequestInvalid(
                f"剧本引用了尚不存在的 {name}",
                f"The story names {name}, which is not known yet",
                where=self.name,
            )
        return self.names[name]
