"""The court is gone: queries answer, its part is marked stale, hand-overs wait."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from tests.flow.demo import ROOT, STAYS, Demo, open_demo

ENDPOINTS = "{ endpoints { code state isStale error { code } waitingTransfers } }"

FACETS = """{ cases(first: 50) { nodes {
  isStale facets { system isStale reason { zh en } body } } } }"""

WAITING = """{ transfers(filter: { state: [QUEUED, SENDING] }) { nodes {
  node { code } state } } }"""


def _court(demo: Demo) -> dict[str, Any]:
    found = demo.ask("HUB-OPERATOR", ENDPOINTS)["data"]["endpoints"]
    return next(one for one in found if one["code"] == "court-suizhou")


def _until_down(demo: Demo) -> dict[str, Any]:
    while (found := _court(demo))["state"] != "DOWN" or not found["waitingTransfers"]:
        time.sleep(0.2)
    return found


def test_without_the_court_everything_else_goes_on(tmp_path: Path) -> None:
    with open_demo(tmp_path, "--cases", "30") as demo:
        demo.until("(3/")
        pid = demo.pid("court_case")
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")[:-1]
        os.kill(pid, signal.SIGKILL)
        demo.until("(5/")
        down = _until_down(demo)
        assert down["isStale"]
        assert down["error"]["code"] == "AGENCY_UNREACHABLE"
        _the_answer_is_there_and_marked(demo)
        _the_indictment_waits(demo)
        court = subprocess.Popen(command, cwd=ROOT)
        try:
            demo.until(STAYS)
            assert _court(demo)["state"] == "UP"
            assert len(demo.look("court_case", "/_sim/received")) == 1
        finally:
            court.terminate()
            court.wait(10)


def _the_answer_is_there_and_marked(demo: Demo) -> None:
    cases = demo.ask("COURT-421381", FACETS)["data"]["cases"]["nodes"]
    facets = [one for case in cases for one in case["facets"]]
    of_court = [one for one in facets if one["system"] == "court_case"]
    others = [one for one in facets if one["system"] == "police_case"]
    assert of_court
    assert all(one["isStale"] and one["reason"]["zh"] for one in of_court)
    assert all(one["body"]["court_number"] for one in of_court)
    assert not any(one["isStale"] for one in others)


def _the_indictment_waits(demo: Demo) -> None:
    (waiting,) = demo.ask("PROC-421381", WAITING)["data"]["transfers"]["nodes"]
    assert waiting["node"]["code"] == "INDICTMENT"
