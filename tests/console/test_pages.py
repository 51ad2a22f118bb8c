import re
from datetime import date
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa

from hub.console.asking import HOME
from hub.console.words import WORDS
from hub.errors import AgencyUnreachable
from hub.records.drift import Finding
from hub.store import drifts, endpoints
from hub.store.drifts import About
from hub.store.tables_replay import replay_item, replay_transfer
from schema import ids
from tests.console.conftest import STRANGER
from tests.schema import seeds
from tests.schema import test_replays as replays

HOSTILE = "<script>alert('x')</script>&\"'"
LISTS = (
    "/console/",
    "/console/failures",
    "/console/drifts",
    "/console/transfers",
    "/console/runs",
    "/console/replays",
)
VOID = {"meta", "link", "input", "br", "rect"}


class Reader(HTMLParser):
    """Takes a page apart and notices what is open and what came from outside."""

    def __init__(self):
        super().__init__()
        self.open, self.addresses, self.tags, self.text = [], [], [], []
        self.inline: list[str] = []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        named = dict(attributes)
        self.addresses += [named[n] for n in ("href", "src", "action") if n in named]
        self.inline += [n for n in named if n == "style" or n.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(page):
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


@pytest.fixture
async def filled(database):
    case_id = await seeds.case(database, seeds.POLICE, title=HOSTILE)
    dead = await seeds.transfer(
        database, case_id, state="DEAD", error_code="DELIVERY_EXHAUSTED", note=HOSTILE
    )
    await seeds.receipt(database, dead)
    failure = await seeds.failure(database, source_key=HOSTILE, cause=HOSTILE)
    await seeds.standing(database, "police-suizhou", age=30)
    await seeds.standing(database, "proc20-suizhou", age=90_000)
    async with database.begin() as connection:
        error = AgencyUnreachable(endpoint="proc20-suizhou")
        await endpoints.mark_down(connection, "proc20-suizhou", error)
    job = await replayed(database, case_id, dead)
    return {
        "replay": ids.encode("ReplayJob", job),
        "failure": ids.encode("SyncFailure", failure),
        "transfer": ids.encode("Transfer", dead),
    }


async def replayed(database, case_id, transfer):
    """A replay under way that changed a value which a hand-over carried."""
    job = await replays.job(database, state="running", reason=HOSTILE)
    change = await replays.change(database, job, case_id)
    await replays.notify(database, job, case_id, seeds.POLICE, change)
    await seeds.put(database, replay_transfer, change_id=change, transfer_id=transfer)
    await seeds.put(
        database,
        replay_item,
        job_id=job,
        endpoint="police-suizhou",
        kind="case",
        source_key=HOSTILE,
        raw_id=1,
        outcome="changed",
        paths=["persons[0].birth_date"],
    )
    return job


def every(filled):
    return [
        *LISTS,
        f"/console/replays?id={filled['replay']}",
        f"/console/failures?cause={HOSTILE.replace('&', '%26')}",
        f"/console/failure?id={filled['failure']}",
        "/console/transfers?state=DEAD&endpoint=proc20-suizhou",
        f"/console/transfer?id={filled['transfer']}",
        "/console/runs?endpoint=police-suizhou",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_page_is_whole_in_both_languages(operator, filled, language):
    for path in every(filled):
        answer = await operator.get(path, params=None)
        answer = await operator.get(
            f"{path}{'&' if '?' in path else '?'}lang={language}"
        )
        assert answer.status_code == 200, path
        reader = read(answer.text)
        html_lang = "zh-CN" if language == "zh" else "en"
        assert f'<html lang="{html_lang}">' in answer.text
        assert reader.tags.count("h1") == 1
        assert "main" in reader.tags


async def test_no_page_asks_another_host_or_runs_a_script(operator, filled):
    for path in every(filled):
        answer = await operator.get(path)
        reader = read(answer.text)
        assert not {"script", "iframe", "img", "style"} & set(reader.tags)
        assert reader.inline == []
        assert all(a.startswith(("/console", "?", "#")) for a in reader.addresses)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"


async def test_what_an_agency_sent_is_shown_as_text(operator, filled):
    page = await operator.get(f"/console/failure?id={filled['failure']}")
    assert "<script>" not in page.text
    assert HOSTILE in "".join(read(page.text).text)


async def test_the_operator_sees_no_words_of_a_case(operator, filled):
    for path in every(filled):
        text = (await operator.get(path)).text
        for words in ("李某", "请依法审查", "户籍证明"):
            assert words not in text, path


async def test_the_overview_tells_state_freshness_and_what_is_open(operator, filled):
    page = (await operator.get("/console/?lang=en")).text
    words = " ".join("".join(read(page).text).split())
    assert "AGENCY_UNREACHABLE" in words
    assert "stale" in words
    assert "Most urgent" in words
    assert 'class="over"' in page
    assert 'class="within"' in page


async def test_the_overview_says_whether_a_worker_is_alive(operator, database):
    page = (await operator.get("/console/?lang=en")).text
    assert "No worker runs." in page
    async with database.begin() as connection:
        await connection.execute(
            sa.text("insert into procrastinate_workers default values")
        )
    page = (await operator.get("/console/?lang=en")).text
    assert "No worker runs." not in page
    assert "A worker runs" in page


async def test_failures_say_since_when_whose_and_what_to_do(operator, filled):
    page = (await operator.get("/console/failures?lang=en")).text
    words = "".join(read(page).text)
    assert "add it to the crosswalk" in words
    assert "the hub's operator" in words
    assert "<time" in page


async def test_drifts_lead_to_the_failures_they_make(operator, filled, database):
    found = Finding(
        "code_new", "case", "AJ/ZM", date(2024, 1, 3), 0, 90, 4, 60, "crime", "醉酒开车"
    )
    rows = ({"code": "CL1330101", "name": "危险驾驶罪", "score": 0.9},)
    about = About("police-suizhou", "police_case", HOSTILE, rows)
    async with database.begin() as connection:
        await drifts.keep(connection, found, about)
    page = (await operator.get("/console/drifts")).text
    read(page)
    for words in ("醉酒开车", "CL1330101 危险驾驶罪", "4/60", "0/90", "2024-01-03"):
        assert words in page
    assert "/console/failures?cause=%3Cscript" in page
    assert (
        "醉酒开车"
        not in (await operator.get("/console/drifts?endpoint=proc20-suizhou")).text
    )
    assert "/console/drifts" in (await operator.get("/console/")).text


async def test_a_list_leads_to_its_older_part(operator, database):
    for _ in range(60):
        await seeds.run(database)
    page = (await operator.get("/console/runs")).text
    older = next(a for a in read(page).addresses if "after=" in a)
    second = await operator.get(older)
    assert second.status_code == 200
    assert second.text.count("<tr>") == 11


async def test_an_empty_hub_has_pages_too(operator):
    for path in LISTS:
        assert (await operator.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/console/failure?id=nonsense", 400, "REQUEST_INVALID"),
        ("/console/transfer?id=", 400, "REQUEST_INVALID"),
        ("/console/transfers?state=LOST", 400, "REQUEST_INVALID"),
        ("/console/runs?after=nonsense", 400, "REQUEST_INVALID"),
    ],
)
async def test_a_wrong_address_is_told_with_its_code(operator, path, status, code):
    answer = await operator.get(path)
    assert answer.status_code == status
    assert code in answer.text
    read(answer.text)


async def test_a_failure_that_is_gone_is_not_found(operator):
    answer = await operator.get(
        "/console/failure", params={"id": ids.encode("SyncFailure", 999)}
    )
    assert answer.status_code == 404


async def test_another_agency_is_refused_what_the_api_refuses(visitor, filled):
    await visitor.post("/console/enter", data={"token": STRANGER})
    answer = await visitor.get("/console/failures")
    assert answer.status_code == 403
    assert "NOT_ALLOWED" in answer.text


def test_every_word_is_used_and_every_used_word_is_there():
    pages = "\n".join(path.read_text("utf-8") for path in HOME.glob("*.html"))
    used = set(re.findall(r"\bt\('(\w+)'\)", pages))
    used |= set(re.findall(r"set title = '(\w+)'", pages))
    used |= set(re.findall(r"\('(\w+)', '/console", pages))
    code = "\n".join(p.read_text("utf-8") for p in HOME.parent.glob("*.py"))
    states = {name for name in WORDS if name.isupper()}
    assert used <= set(WORDS)
    unused = {w for w in set(WORDS) - used - states if f'"{w}"' not in code}
    assert not unused


def test_every_state_of_the_schema_has_a_word():
    from schema.types.agency import EndpointState
    from schema.types.drift import DriftKind
    from schema.types.sync import FailureState, SyncRunState
    from schema.types.transfer import ReceiptOutcome, TransferState

    for kind in (EndpointState, FailureState, SyncRunState, TransferState, DriftKind):
        assert {one.name for one in kind} <= set(WORDS)
    assert {one.name for one in ReceiptOutcome} <= set(WORDS)
