"""The console in a real browser: what a person sees, and what leaves the host."""

import asyncio
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from hub.console.app import routes
from schema import ids
from tests.console.browser import CHROMIUM, opened
from tests.console.conftest import OPERATOR, know
from tests.schema import seeds
from tests.simulators.launch import free_port

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
TAB, ENTER = ("Tab", 9), ("Enter", 13, "\r")


@asynccontextmanager
async def served(hub):
    port = free_port()
    app = Starlette(routes=[Mount("/console", routes=routes(hub, know))])
    config = uvicorn.Config(
        app, port=port, log_config=None, access_log=False, ws="none", lifespan="off"
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    for _ in range(500):
        if server.started:
            break
        await asyncio.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


async def until(browser, expression):
    for _ in range(200):
        if await browser.value(expression):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(expression)


async def test_an_operator_signs_in_looks_and_replays_by_keyboard(
    hub, database, tmp_path
):
    case_id = await seeds.case(database, seeds.POLICE)
    key = await seeds.transfer(
        database, case_id, state="DEAD", error_code="DELIVERY_EXHAUSTED"
    )
    await seeds.failure(database)
    await seeds.standing(database, "police-suizhou", age=30)
    async with served(hub) as home, opened(tmp_path / "profile") as browser:
        await browser.go(f"{home}/console/?lang=zh")
        await until(browser, "location.pathname == '/console/login'")
        assert await browser.value("document.activeElement.id") == "token"
        await browser.type(OPERATOR)
        await browser.key(*TAB)
        await browser.key(*ENTER)
        await until(browser, "document.querySelectorAll('tbody tr').length >= 3")
        assert await browser.value("document.title") == "总览 · 政法协同数据枢纽"
        for name in ("failures", "transfers", "runs"):
            await browser.go(f"{home}/console/{name}")
            assert await browser.value("document.querySelectorAll('h1').length") == 1
        await browser.go(f"{home}/console/transfer?id={ids.encode('Transfer', key)}")
        await browser.value("document.getElementById('reason').focus()")
        await browser.type("对方系统已恢复")
        await browser.key(*TAB)
        await browser.key(*ENTER)
        await until(browser, "document.querySelector('[role=status]') !== null")
        words = await browser.value("document.querySelector('[role=status]').innerText")
        assert words == "包裹已重新排队"
        outside = [a for a in browser.requests if not a.startswith(home)]
        assert outside == []
        assert browser.complaints == []


async def test_every_colour_of_text_stands_out_from_its_ground(hub, database, tmp_path):
    await seeds.failure(database)
    await seeds.standing(database, "police-suizhou", age=30)
    async with served(hub) as home, opened(tmp_path / "profile") as browser:
        await browser.go(f"{home}/console/login")
        await browser.type(OPERATOR)
        await browser.key(*TAB)
        await browser.key(*ENTER)
        await until(browser, "document.querySelectorAll('tbody tr').length >= 3")
        weak = await browser.value(CONTRAST)
        assert weak == []


#: elements with text whose contrast is under 4.5, as the accessibility rules count it
CONTRAST = """
(() => {
  const light = c => {
    const [r, g, b] = c.match(/[\\d.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (c !== 'rgba(0, 0, 0, 0)') return c;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(e => {
      const a = light(getComputedStyle(e).color), b = light(ground(e));
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
    }).map(e => e.outerHTML.slice(0, 80));
})()
"""
