"""One case from filing to execution, with everything running as it ships."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest

from tests.flow.demo import STAYS, Demo, open_demo

HANDED = {
    "procuratorate_20": 2,  # transfer for prosecution, service of the judgment
    "court_case": 1,
    "justice_drop": 1,
}

CASE = """query ($number: String!) { case(number: $number) {
  hubNumber title isStale stage { code }
  numbers { scheme value }
  facets { system isStale }
  disagreements { path }
  persons { name stage { code } }
  transfers { node { code } state steps { state } receipts { outcome } }
} }"""


def _police_number(demo: Demo) -> str:
    (notes,) = demo.home.glob("story-*.json")
    import json

    return str(json.loads(notes.read_text())["names"]["police_number"])


def _each_case_once(demo: Demo) -> None:
    """Every simulated agency took every message in once, and no more than were sent."""
    for system, count in HANDED.items():
        received = demo.look(system, "/_sim/received")
        ids = Counter(one["message_id"] for one in received)
        assert len(received) == count, (system, received)
        assert set(ids.values()) == {1}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The story told to its end; the hub stays up for the questions."""
    folder = tmp_path_factory.mktemp("demo")
    with open_demo(folder, "--cases", "40") as demo:
        demo.until(STAYS)
        yield demo


def test_the_court_asks_by_the_police_number_and_sees_all(told: Demo) -> None:
    number = _police_number(told)
    answer = told.ask("COURT-421381", CASE, number=number)
    case = answer["data"]["case"]
    schemes = {one["scheme"] for one in case["numbers"]}
    assert {"police", "department", "unified", "court", "correction"} <= schemes
    assert {one["system"] for one in case["facets"]} == {
        "police_case",
        "procuratorate_20",
        "court_case",
        "justice_drop",
    }
    disputed = {one["path"] for one in case["disagreements"]}
    assert {"title", "persons[0].address"} <= disputed
    assert case["persons"][0]["stage"]["code"] == "S330_COMMUNITY_CORRECTION"
    transfers = {one["node"]["code"]: one for one in case["transfers"]}
    assert set(transfers) == {
        "PROSECUTION_TRANSFER",
        "INDICTMENT",
        "JUDGMENT_SERVICE",
        "COMMUNITY_CORRECTION_HANDOVER",
    }
    for one in transfers.values():
        assert one["state"] == "ACCEPTED"
        assert one["receipts"][-1]["outcome"] == "ACCEPTED"
        assert one["steps"][0]["state"] == "QUEUED"


LINEAGE = """query ($id: ID!, $path: String!, $from: String) {
  lineage(id: $id, path: $path, endpoint: $from) {
    value outcome isReproduced isCurrent showsRaw endpointCode rawDigest mapping rule
    mappingRevision table tableRevision adapterVersion fetchedAt
    places { place part form path line fragment } steps { name value note } } }"""
PEOPLE = """query ($number: String!) { case(number: $number) {
  id title persons { id name birthDate charges { id crime { code } } }
  disagreements { path others { endpointCode value } } } }"""


def test_a_value_is_followed_to_the_bytes_of_its_agency(told: Demo) -> None:
    number = _police_number(told)
    case = told.ask("POLICE-421381", PEOPLE, number=number)["data"]["case"]
    person = case["persons"][0]
    found = told.ask("POLICE-421381", LINEAGE, id=case["id"], path="title")
    title = found["data"]["lineage"]
    assert title["value"] == case["title"]
    assert (title["outcome"], title["isReproduced"]) == ("VALUE", True)
    (place,) = title["places"]
    assert place["form"] == "XPATH"
    assert place["path"].endswith("/AJMC")
    assert place["line"] >= 1
    assert place["fragment"].strip() == title["value"]
    assert title["steps"][0]["name"] == "from"
    assert len(title["rawDigest"]) == 64
    charge = told.ask(
        "POLICE-421381", LINEAGE, id=person["charges"][0]["id"], path="crime"
    )["data"]["lineage"]
    assert charge["value"] == person["charges"][0]["crime"]["code"]
    assert (charge["table"], charge["isReproduced"]) == ("crime", True)


def test_what_lost_has_a_lineage_and_other_peoples_words_are_withheld(
    told: Demo,
) -> None:
    number = _police_number(told)
    case = told.ask("COURT-421381", PEOPLE, number=number)["data"]["case"]
    (title,) = (one for one in case["disagreements"] if one["path"] == "title")
    (claim,) = title["others"]
    lost = told.ask(
        "COURT-421381",
        LINEAGE,
        id=case["id"],
        path="title",
        **{"from": claim["endpointCode"]},
    )["data"]["lineage"]
    assert (lost["value"], lost["showsRaw"]) == (claim["value"], True)
    assert lost["places"][0]["form"] == "POINTER"
    won = told.ask("COURT-421381", LINEAGE, id=case["id"], path="title")
    withheld = won["data"]["lineage"]
    assert (withheld["value"], withheld["showsRaw"]) == (case["title"], False)
    assert withheld["places"][0]["fragment"] is None
    assert {step["value"] for step in withheld["steps"]} == {None}


def test_each_agency_was_handed_everything_once(told: Demo) -> None:
    _each_case_once(told)


def test_a_neighbour_county_sees_nothing_of_it(told: Demo) -> None:
    answer = told.ask("COURT-421303", CASE, number=_police_number(told))
    assert answer["data"]["case"] is None


def test_the_summary_prints_what_can_be_pasted(told: Demo) -> None:
    for words in ("/graphql", "/console", "/metrics", "hub token", "ACCEPTED"):
        assert words in told.text


def test_a_second_run_hands_nothing_over_again(tmp_path: Path) -> None:
    with open_demo(tmp_path, "--cases", "20") as first:
        first.until(STAYS)
        number = _police_number(first)
        before = first.ask("COURT-421381", CASE, number=number)
    with open_demo(tmp_path, "--cases", "20") as second:
        second.until(STAYS)
        assert "未重复移送" in second.text
        assert second.ask("COURT-421381", CASE, number=number) == before
        _each_case_once(second)


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    with open_demo(tmp_path, "--cases", "20") as demo:
        for words in ("(3/", "(5/", "(9/"):
            demo.until(words)
            os.kill(demo.pid("worker"), signal.SIGKILL)
        demo.until(STAYS)
        _each_case_once(demo)
        answer = demo.ask("COURT-421381", CASE, number=_police_number(demo))
        states = {one["state"] for one in answer["data"]["case"]["transfers"]}
        assert states == {"ACCEPTED"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_polite_end_ends_everything(tmp_path: Path, number: int) -> None:
    with open_demo(tmp_path, "--cases", "10", "--no-story") as demo:
        demo.until(STAYS)
        pids = [demo.pid(name) for name in ("server", "worker", "police_case")]
        database = (demo.home / "postgres" / "postmaster.pid").read_text().split()[0]
        demo.process.send_signal(number)
        assert demo.process.wait(60) == 0
        for pid in (*pids, int(database)):
            assert not _is_alive(pid), pid


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_second_demonstration_in_the_folder_is_refused(tmp_path: Path) -> None:
    with open_demo(tmp_path, "--cases", "10", "--no-story") as demo:
        demo.until(STAYS)
        refused = demo.command("run", "--fresh", "--leave")
        assert refused.returncode != 0
        assert "REQUEST_INVALID" in refused.stderr
        assert demo.look("police_case", "/_sim/ready") == {"ready": True}
        assert demo.ask("HUB-OPERATOR", "{ endpoints { code } }")["data"]


def test_leftovers_of_a_killed_demonstration_are_ended(tmp_path: Path) -> None:
    with open_demo(tmp_path, "--cases", "10", "--no-story") as first:
        first.until(STAYS)
        left = first.pid("police_case")
        first.process.kill()
        first.process.wait()
        os.kill(left, 0)
    with open_demo(tmp_path, "--cases", "10", "--no-story") as second:
        second.until(STAYS)
        assert "已结束上次遗留的进程" in second.text
        assert second.pid("police_case") != left


def test_a_simulator_is_stopped_and_started_by_hand(tmp_path: Path) -> None:
    with open_demo(tmp_path, "--cases", "10", "--no-story") as demo:
        demo.until(STAYS)
        assert demo.command("simulators", "court_case").returncode != 0
        assert demo.command("simulators", "court_case", "--stop").returncode == 0
        again = subprocess.Popen(
            [sys.executable, "-m", "hub.entry", "simulators", "court_case"],
            cwd=tmp_path,
            start_new_session=True,
        )
        try:
            _until_ready(demo, "court_case")
        finally:
            os.killpg(again.pid, signal.SIGINT)
            again.wait(20)


def _until_ready(demo: Demo, system: str) -> None:
    while True:
        try:
            if demo.look(system, "/_sim/ready"):
                return
        except OSError:
            time.sleep(0.1)
