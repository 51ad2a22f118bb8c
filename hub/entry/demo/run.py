"""``hub run``: start everything, sync, carry one case, say what happened, stay up."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

from hub.entry import terminal
from hub.entry.demo import asking, summary
from hub.entry.demo.alone import end_leftovers, only_one
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
    with only_one(place.home):
        left = end_leftovers(place.home / "processes.json")
        if wish.fresh:
            place.clear()
        place.prepare()
        return asyncio.run(_interruptible(wish, place, left))


async def _interruptible(wish: DemoWish, place: Place, left: list[str]) -> int:
    """Run; Ctrl-C, a closed terminal or a polite signal ends everything in order."""
    work = asyncio.create_task(_run(wish, place, left))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, work.cancel)
    try:
        return await work
    except asyncio.CancelledError:
        return 0


async def _run(wish: DemoWish, place: Place, left: list[str]) -> int:
    began = time.monotonic()
    screen = Screen(terminal.console())
    screen.title("政法协同数据枢纽 演示", "agency hub demonstration")
    if left:
        screen.say(f"已结束上次遗留的进程：{', '.join(left)}", "ended leftovers")
    async with AsyncExitStack() as stack:
        stack.callback(screen.say, "全部进程已停止", "all processes have ended")
        screen.say("启动内置 PostgreSQL", "starting the embedded PostgreSQL")
        address = stack.enter_context(embedded_postgres(place.home / "postgres"))
        upgrade(address)
        supervisor = Supervisor(place.home / "processes.json")
        stack.callback(supervisor.stop)
        ports = choose_ports(PORTS)
        for name, port in ports.items():
            if port != PORTS[name]:
                screen.say(
                    f"端口 {PORTS[name]} 被占用，{name} 改用 {port}",
                    "the usual port is taken, another one is used",
                )
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
            screen.say("按 Ctrl-C 结束", "Ctrl-C ends it")
            await asyncio.Event().wait()
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
        await summary.show(screen, client, before, teller)
        if wish.stay:
            summary.invite(screen, hub, teller)
        screen.say(f"日志在 {place.home / 'logs'}", "is where the logs are")
        screen.say(f"用时 {time.monotonic() - began:.1f} 秒", "seconds in all")


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
