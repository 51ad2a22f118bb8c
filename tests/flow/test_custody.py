"""A custody change goes from the procuratorate to the detention centre, and back."""

from __future__ import annotations

import json
from pathlib import Path

from tests.flow.demo import STAYS, open_demo

CASE = """query ($number: String!) { case(number: $number) {
  stage { code }
  facets { system body } } }"""


def test_a_custody_change_is_handed_over_and_read_back(tmp_path: Path) -> None:
    with open_demo(tmp_path, "--cases", "20", "--story", "custody") as demo:
        demo.until(STAYS)
        (taken,) = demo.look("detention_centre", "/_sim/received")
        assert json.loads(taken["answer"])["code"] == "0000"
        notes = json.loads((demo.home / "story-custody.json").read_text("utf-8"))
        number = notes["names"]["police_number"]
        told = demo.ask("PROC-421381", CASE, number=number)["data"]["case"]
        assert told["stage"]["code"] == "S110_PROSECUTION_REVIEW"
        (facet,) = [
            one["body"] for one in told["facets"] if one["system"] == "detention_centre"
        ]
        (person,) = facet["persons"]
        assert person["stage"] == "S110_PROSECUTION_REVIEW"
        assert person["custody"]["holds_for"] == "PROC-421381"
        assert person["custody"]["ends_on"] == "2023-10-13"
