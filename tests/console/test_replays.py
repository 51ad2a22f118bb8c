"""The console's page of a replay: held, resumed and given up by its buttons."""

import pytest

from schema import ids
from schema.types.replay import ReplayOutcome, ReplayState
from tests.console.test_session import form_key
from tests.schema import test_replays as replays


@pytest.fixture
async def page(operator, database):
    """``await page(what)`` presses a button; without one the page is only read."""
    key = ids.encode("ReplayJob", await replays.job(database, state="running"))
    address = f"/console/replays?lang=en&id={key}"

    async def press(what=None, as_key=key):
        shown = (await operator.get(address)).text
        if what is None:
            return shown
        form = {"form_key": form_key(shown), "id": as_key, "what": what}
        return await operator.post("/console/turn", data=form)

    return press


async def test_a_replay_is_held_resumed_and_given_up(page):
    assert "Pause" in await page()
    assert "Resume" not in await page()
    answer = await page("pause")
    assert answer.url.path == "/console/replays"
    assert "Resume" in await page()
    await page("resume")
    assert "running" in await page()
    await page("cancel")
    shown = await page()
    assert 'name="what"' not in shown


async def test_what_cannot_be_done_is_told_with_its_code(page):
    wrong = {
        "resume": ("REQUEST_INVALID", 400),
        "nonsense": ("REQUEST_INVALID", 400),
    }
    for what, (code, status) in wrong.items():
        answer = await page(what)
        assert (answer.status_code, code in answer.text) == (status, True)
    answer = await page("pause", ids.encode("ReplayJob", 999))
    assert (answer.status_code, "NOT_FOUND" in answer.text) == (404, True)


def test_every_state_and_outcome_has_its_word():
    from hub.console.words import WORDS

    assert {one.name for kind in (ReplayState, ReplayOutcome) for one in kind} <= set(
        WORDS
    )
