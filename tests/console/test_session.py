import re

import pytest
import sqlalchemy as sa

from hub.contract.messages import RawRecord
from hub.store import raw
from hub.store.tables import sync_failure
from schema import ids
from tests.console.conftest import OPERATOR
from tests.schema import seeds


def form_key(page):
    return re.search(r'name="form_key" value="(\w+)"', page)[1]


async def test_nobody_is_led_to_the_login(visitor):
    for path in ("/console/", "/console/failures", "/console/transfer?id=x"):
        answer = await visitor.get(path)
        assert answer.url.path == "/console/login"
        assert answer.status_code == 200


async def test_a_token_is_kept_where_no_script_and_no_other_site_can_use_it(visitor):
    answer = await visitor.post(
        "/console/enter", data={"token": f"  {OPERATOR}\n"}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 303
    for needed in ("httponly", "samesite=strict", "path=/console"):
        assert needed in cookie


async def test_over_tls_the_cookie_never_goes_in_the_clear(visitor):
    answer = await visitor.post(
        "https://hub.test/console/enter",
        data={"token": OPERATOR},
        follow_redirects=False,
    )
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("token", ["", "nonsense", "<script>"])
async def test_a_wrong_token_is_refused_and_not_repeated(visitor, token):
    answer = await visitor.post("/console/enter", data={"token": token})
    assert answer.status_code == 401
    assert "TOKEN_INVALID" in answer.text
    assert "<script>" not in answer.text
    assert "set-cookie" not in answer.headers


async def test_signing_out_ends_the_session(operator):
    page = (await operator.get("/console/")).text
    await operator.post("/console/logout", data={"form_key": form_key(page)})
    assert (await operator.get("/console/")).url.path == "/console/login"


@pytest.mark.parametrize(
    "path", ["/console/replay", "/console/sync", "/console/logout"]
)
@pytest.mark.parametrize("key", [None, "", "0" * 64])
async def test_a_form_of_another_site_does_nothing(operator, database, path, key):
    failure = await seeds.failure(database)
    given = {"id": ids.encode("SyncFailure", failure), "reason": "x"}
    given["endpoint"] = "police-suizhou"
    if key is not None:
        given["form_key"] = key
    answer = await operator.post(path, data=given)
    assert answer.status_code == 403
    assert "NOT_ALLOWED" in answer.text
    assert (await operator.get("/console/")).status_code == 200


async def test_an_order_cannot_be_given_by_an_address(operator):
    assert (await operator.get("/console/replay?id=x")).status_code == 405


async def test_a_sync_is_queued_by_the_button(operator):
    page = (await operator.get("/console/?lang=en")).text
    answer = await operator.post(
        "/console/sync",
        data={"form_key": form_key(page), "endpoint": "police-suizhou"},
    )
    assert answer.status_code == 200
    assert "The sync is queued" in answer.text


async def test_an_unknown_endpoint_is_refused_with_its_code(operator):
    page = (await operator.get("/console/")).text
    answer = await operator.post(
        "/console/sync", data={"form_key": form_key(page), "endpoint": "nowhere"}
    )
    assert answer.status_code == 404
    assert "NOT_FOUND" in answer.text


async def test_a_replay_says_what_came_of_it(operator, database):
    key = await seeds.failure(database)
    async with database.begin() as connection:
        record = RawRecord("case", "x", b"<AJ>cut sho", "text/xml")
        raw_id = await raw.keep(connection, "police-suizhou", record, "police_case/1")
        wanted = sa.update(sync_failure).values(raw_id=raw_id)
        await connection.execute(wanted.where(sync_failure.c.id == key))
    failure = ids.encode("SyncFailure", key)
    page = (await operator.get(f"/console/failure?id={failure}&lang=en")).text
    given = {"form_key": form_key(page), "id": failure, "reason": "crosswalk mended"}
    answer = await operator.post("/console/replay", data=given)
    assert answer.status_code == 200
    assert "stays open" in answer.text


async def test_a_replay_needs_a_reason(operator, database):
    failure = ids.encode("SyncFailure", await seeds.failure(database))
    page = (await operator.get(f"/console/failure?id={failure}")).text
    given = {"form_key": form_key(page), "id": failure, "reason": " "}
    answer = await operator.post("/console/replay", data=given)
    assert answer.status_code == 400
    assert "REQUEST_INVALID" in answer.text


async def test_the_language_is_remembered(operator):
    await operator.get("/console/?lang=en")
    assert 'lang="en"' in (await operator.get("/console/runs")).text


async def test_the_language_follows_the_browser_at_first(visitor):
    answer = await visitor.get("/console/login", headers={"accept-language": "en-GB"})
    assert '<html lang="en">' in answer.text
