"""The line goes wrong exactly as planned, and only then."""

import asyncio
import http.server
import threading

import aiohttp
import pytest

from tests.simulators.proxy.plan import Answer, Plan
from tests.simulators.proxy.proxy import between
from tests.simulators.proxy.skew import skewed

BODY = b"<r>" + "案".encode("gbk") * 500 + b"</r>"


class Agency(http.server.BaseHTTPRequestHandler):
    """Answers every request with the same bytes and remembers what was asked."""

    asked: list[str]

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        self.server.asked.append((self.path, self.rfile.read(length)))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml; charset=GBK")
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def agency():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Agency)
    server.asked = []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(params=[True, False], ids=["http", "bytes"])
async def line(agency, request):
    place = agency.server_address
    async with between(place[0], place[1], is_http=request.param) as proxy:
        yield proxy


async def ask(proxy, path="/a", deadline=2.0):
    timeout = aiohttp.ClientTimeout(total=deadline)
    async with (
        aiohttp.ClientSession(timeout=timeout) as session,
        session.post(proxy.address + path, data="请求".encode()) as answer,
    ):
        return answer.status, answer.headers["content-type"], await answer.read()


async def test_nothing_planned_changes_nothing(line, agency):
    assert await ask(line) == (200, "text/xml; charset=GBK", BODY)
    assert agency.asked == [("/a", "请求".encode())]


@pytest.mark.parametrize("ending", ["close", "reset"])
async def test_a_cut_line_is_noticed(line, ending):
    line.set(Plan(cut_at=300, ending=ending))
    with pytest.raises(aiohttp.ClientError):
        await ask(line)


async def test_a_half_closed_line_is_noticed(line):
    line.set(Plan(cut_at=300, ending="half"))
    with pytest.raises((aiohttp.ClientError, TimeoutError)):
        await ask(line, deadline=0.5)


async def test_one_byte_is_another_one(agency):
    place = agency.server_address
    async with between(*place) as line:
        line.set(Plan(corrupt_at=3))
        _, _, body = await ask(line)
    assert len(body) == len(BODY)
    assert [
        i for i, pair in enumerate(zip(body, BODY, strict=True)) if len(set(pair)) > 1
    ] == [3]


async def test_silence_never_reaches_the_agency(line, agency):
    line.set(Plan(silent=True))
    with pytest.raises(TimeoutError):
        await ask(line, deadline=0.3)
    assert agency.asked == []


async def test_a_swallowed_answer_leaves_the_request_with_the_agency(line, agency):
    line.set(Plan(swallow=True))
    with pytest.raises(TimeoutError):
        await ask(line, deadline=0.5)
    assert [path for path, _ in agency.asked] == ["/a"]


async def test_a_trickle_brings_everything_in_the_end(line):
    line.set(Plan(trickle=100, pause=0.001, latency=0.05))
    assert (await ask(line))[2] == BODY


async def test_the_plan_begins_late_and_ends(agency):
    async with between(*agency.server_address) as line:
        line.set(
            Plan(answer=Answer(200, "text/html", b"<html>login"), after=1, times=1)
        )
        told = [await ask(line) for _ in range(3)]
    assert [one[2] for one in told] == [BODY, b"<html>login", BODY]
    assert len(agency.asked) == 2


async def test_a_false_charset_is_claimed(agency):
    async with between(*agency.server_address) as line:
        line.set(Plan(charset="UTF-8"))
        assert (await ask(line))[1] == "text/xml; charset=UTF-8"


async def test_an_answer_comes_twice(agency):
    async with between(*agency.server_address) as line:
        line.set(Plan(repeat=True, after=1))
        await ask(line, "/page1")
        assert (await ask(line, "/page2"))[2] == BODY
    assert [path for path, _ in agency.asked] == ["/page1"]


async def test_only_the_named_path_goes_wrong(agency):
    async with between(*agency.server_address) as line:
        line.set(Plan(only="/b", silent=True))
        assert (await ask(line, "/a"))[0] == 200
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask(line, "/b"), 0.3)


async def test_other_content_comes_under_the_same_id(agency):
    place = agency.server_address
    async with between(place[0], place[1]) as proxy:
        proxy.set(Plan(swap=(b"<r>", b"<R>")))
        assert (await ask(proxy))[2] == BODY.replace(b"<r>", b"<R>")


async def test_the_agencys_clock_is_ahead_in_both_directions(agency):
    place = agency.server_address
    told = b"<r>2023-08-01 23:50:00</r>"
    async with between(place[0], place[1]) as proxy:
        proxy.set(Plan(skew=1200, swap=(BODY, told)))
        found = await ask(proxy, "/a?since=2023-08-02+00%3A10%3A00")
    assert found[2] == b"<r>2023-08-02 00:10:00</r>"
    assert agency.asked[0][0] == "/a?since=2023-08-01+23:50:00"


def test_what_is_no_time_stays_as_it_is():
    assert skewed(b"2023-13-01 00:00:00 2023-08-01", 60) == (
        b"2023-13-01 00:00:00 2023-08-01"
    )
