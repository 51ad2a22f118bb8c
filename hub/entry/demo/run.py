"""``hub run``: start everything, sync, carry one case, say what happened, stay up."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path

from hub.entry import terminal
from hub.entry.demo import asking, summary
from hub.entry.demo.city import City, start_agencies
from hub.entry.demo.client import Client
from hub.entry.demo.place import PORTS, Place, load_story, stories
from hub.entry.demo.processes import Child, Supervisor, choose_ports, python, until_open
from hub.entry.demo.screen import Screen
from hub.entry.demo.story import Storyteller
from hub.entry.demo.wish import DemoWish
from hub.entry.settings import load_settings
from hub.entry.tokens import mint
from hub.errors import RequestInvalid
from hub.store.embedded import embedded_postgres
from hub.store.migrate import upgrade

HOME = Path("var/demo")


def run_demo(wish: DemoWish) -> int:
    """Run the demonstration; returns the exit code."""
    if wish.story and wish.story not in stories():
        raise RequestInvalid(
            f"没有剧本 {wish.story}；可用：{'、'.join(stories())}",
            f"There is no story {wish.story}; known: {', '.join(stories())}",
            where="--story",
        )
    place = Place(HOME.resolve())
    if wish.fresh:
        place.clear()
    place.prepare()
    return asyncio.run(_run(wish, place))


async def _run(wish: DemoWish, place: Place) -> int:
    began = time.monotonic()
    screen = Screen(terminal.console())
    screen.title("政法协同数据枢纽 演示", "agency hub demonstration")
    async with AsyncExitStack() as stack:
        screen.say("启动内置 PostgreSQL", "starting the embedded PostgreSQL")
        address = stack.enter_context(embedded_postgres(place.home / "postgres"))
        upgrade(address)
        supervisor = Supervisor(place.home / "processes.json")
        stack.callback(supervisor.stop)
        ports = choose_ports(PORTS)
        city = await start_agencies(supervisor, place, ports, address, wish.cases)
        screen.say(
            f"{len(city.officers)} 个模拟系统已启动（{', '.join(city.officers)}）",
            "simulated agencies are up, each its own process",
        )
        place.write_settings(ports, city.court_database)
        await _start_server(supervisor, place, address, ports["hub"])
        screen.say("枢纽服务端已启动", "the hub's server is up")
        watch = asyncio.create_task(supervisor.watch())
        stack.callback(watch.cancel)
        start_worker = partial(_start_worker, supervisor, place, address)
        await _show(wish, place, city, screen, start_worker, began=began)
        if wish.stay:
            await _until_interrupted(screen)
    return 0


async def _show(
    wish: DemoWish,
    place: Place,
    city: City,
    screen: Screen,
    start_worker: Callable[[], None],
    *,
    began: float,
) -> None:
    settings = load_settings(place.settings)
    hub = f"http://{settings.bind}"
    client = Client.of(hub, lambda agency: mint(settings.auth, agency, hours=8))
    async with client.http:
        endpoints = [one.code for one in settings.endpoints]
        screen.title("同步", "sync")
        before = {one: await asking.run_ids(client, one) for one in endpoints}
        start_worker()
        screen.say("枢纽工作进程已启动，按计划同步", "the worker is up and syncs")
        for endpoint in endpoints:
            run = await asking.until_run(client, endpoint, before[endpoint])
            screen.synced(endpoint, run)
        teller = await _tell(wish.story, place, client, city.officers, screen)
        await summary.show(screen, client, before, teller, began=began)


async def _tell(
    name: str,
    place: Place,
    client: Client,
    officers: Mapping[str, str],
    screen: Screen,
) -> Storyteller | None:
    if not name:
        return None
    story = load_story(name)
    title = story["title"]
    assert isinstance(title, dict)  # noqa: S101 - a story file has a title
    screen.title(title["zh"], title["en"])
    teller = Storyteller(name, story, place, client, officers, screen)
    if not await teller.play():
        screen.say(
            "该案件上次已走完全程，未重复移送",
            "this case went all the way before; nothing was handed over again",
        )
    return teller


async def _start_server(
    supervisor: Supervisor, place: Place, address: str, port: int
) -> None:
    server = supervisor.start(_hub_process("server", "serve", place, address))
    await until_open(server, port)


def _start_worker(supervisor: Supervisor, place: Place, address: str) -> None:
    supervisor.start(_hub_process("worker", "worker", place, address))


def _hub_process(name: str, command: str, place: Place, address: str) -> Child:
    surroundings = {"HUB_DATABASE": address, "HUB_CONFIG": str(place.settings)}
    line = python("-m", "hub.entry", command)
    return Child(name, line, place.log(name), surroundings, is_kept_up=True)


async def _until_interrupted(screen: Screen) -> None:
    screen.say("按 Ctrl-C 结束", "Ctrl-C ends it")
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):
            loop.add_signal_handler(number, ended.set)
    await ended.wait()
    screen.say("正在停止全部进程", "ending all processes")
