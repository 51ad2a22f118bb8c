"""A real Chromium, driven by its own protocol: no package downloads a browser."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import shutil
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

CHROMIUM = next(
    (p for name in ("chromium", "chromium-browser") if (p := shutil.which(name))), None
)
#: nothing of the browser's own may knock at other hosts either
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
    "--window-size=1400,900",
)


class Browser:
    """One page of a browser: what it was told, asked for and complained about."""

    def __init__(self, link: Any) -> None:
        """Use ``opened``."""
        self._link = link
        self._numbers = itertools.count(1)
        self.requests: list[str] = []
        self.complaints: list[str] = []

    async def say(self, method: str, **parameters: object) -> dict[str, Any]:
        """One command; the events that come before its answer are noted."""
        number = next(self._numbers)
        order = {"id": number, "method": method, "params": parameters}
        await self._link.send(json.dumps(order))
        while True:
            told = json.loads(await self._link.recv())
            if told.get("id") == number:
                return dict(told["result"])
            self._note(told)

    async def go(self, address: str) -> None:
        """Open an address and wait until it is there."""
        await self.say("Page.navigate", url=address)
        await self.settled()

    async def settled(self) -> None:
        """Wait until the document is complete."""
        for _ in range(200):
            await asyncio.sleep(0.05)
            if await self.value("document.readyState") == "complete":
                return
        raise AssertionError("the page does not settle")

    async def value(self, expression: str) -> Any:
        """What an expression comes to in the page."""
        told = await self.say(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        return told["result"].get("value")

    async def key(self, name: str, code: int, text: str = "") -> None:
        """One key, down and up."""
        for kind in ("keyDown", "keyUp"):
            given = {"type": kind, "key": name, "windowsVirtualKeyCode": code}
            if text and kind == "keyDown":
                given["text"] = text
            await self.say("Input.dispatchKeyEvent", **given)

    async def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        await self.say("Input.insertText", text=text)

    async def picture(self, path: Path) -> None:
        """Keep what the page looks like."""
        told = await self.say("Page.captureScreenshot", captureBeyondViewport=True)
        picture = base64.b64decode(told["data"])
        await asyncio.to_thread(path.write_bytes, picture)

    def _note(self, told: dict[str, Any]) -> None:
        parameters = told.get("params", {})
        if told.get("method") == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
        elif told.get("method") == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif told.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(parameters["exceptionDetails"]["text"])


@asynccontextmanager
async def opened(folder: Path):
    """A browser with an empty profile in ``folder``; ends with the block."""
    flags = [*_FLAGS, f"--user-data-dir={folder}"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    process = await asyncio.create_subprocess_exec(
        str(CHROMIUM),
        *flags,
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with connect(await _address(folder), max_size=None) as link:
            browser = Browser(link)
            told = await browser.say("Target.getTargets")
            page = next(t for t in told["targetInfos"] if t["type"] == "page")
            port = (folder / "DevToolsActivePort").read_text().splitlines()[0]
            address = f"ws://127.0.0.1:{port}/devtools/page/{page['targetId']}"
            async with connect(address, max_size=None) as page_link:
                browser = Browser(page_link)
                for room in ("Page", "Network", "Runtime", "Log"):
                    await browser.say(f"{room}.enable")
                yield browser
    finally:
        process.terminate()
        await process.wait()


async def _address(folder: Path) -> str:
    place = folder / "DevToolsActivePort"
    for _ in range(400):
        if place.exists() and len(place.read_text().splitlines()) == 2:
            port, path = place.read_text().splitlines()
            return f"ws://127.0.0.1:{port}{path}"
        await asyncio.sleep(0.05)
    raise AssertionError("chromium does not come up")
