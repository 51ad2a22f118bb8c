"""Whether a parcel carried a value: by its words, written from before and after."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest

from hub.engine.carried import carried, concerns, told_paths
from hub.store.replay_changes import Sent

NODE, SENDER = "PROSECUTION_TRANSFER", "POLICE-421381"
RECORD = {
    "hub_number": "H1",
    "title": "甲盗窃案",
    "police_number": "A4213810000002023080001",
    "filed_on": "2023-08-01",
    "persons": [
        {
            "match_key": key,
            "name": key,
            "charges": [{"crime": "CL1330101", "wording": "危险驾驶"}],
            "measures": [{"kind": "ARREST", "started_on": "2023-08-02"}],
        }
        for key in ("甲", "乙")
    ],
    "documents": [],
}


@pytest.fixture
def hub(mappings):
    """As much of a hub as writing a parcel asks for."""
    return SimpleNamespace(mapping_of=lambda _: mappings.system("procuratorate_20"))


def set_of(*keys):
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:12]


def sent(hub, record, *keys):
    """What was sent of these persons of a record."""
    persons = [one for one in record["persons"] if one["match_key"] in keys]
    told = {**record, "handler": SENDER, "persons": persons}
    body = hub.mapping_of("proc").write(NODE, told).body
    key = f"H1/{NODE}/{set_of(*keys)}/1"
    at = datetime(2023, 8, 3, tzinfo=UTC)
    return Sent(uuid4(), 1, NODE, SENDER, "PROC-421381", "proc", key, at, body)


def turned(record, person, kind):
    other = deepcopy(record)
    other["persons"][person]["measures"][0]["kind"] = kind
    return other


def test_a_parcel_that_told_the_value_of_before_carried_it(hub):
    after = turned(RECORD, 0, "BAIL")
    told = carried(hub, sent(hub, RECORD, "甲", "乙"), RECORD, after)
    assert concerns("persons.measures.kind", told)
    assert not concerns("persons.former_name_of_nobody", told)


def test_a_parcel_of_other_persons_did_not_carry_it(hub):
    after = turned(RECORD, 0, "BAIL")
    assert carried(hub, sent(hub, RECORD, "乙"), RECORD, after) == frozenset()
    assert carried(hub, sent(hub, RECORD, "甲"), RECORD, after)


def test_a_parcel_that_told_what_is_right_did_not_carry_it(hub):
    after = turned(RECORD, 0, "BAIL")
    assert carried(hub, sent(hub, after, "甲", "乙"), RECORD, after) == frozenset()


def test_a_value_that_the_receiver_is_not_told_is_not_carried(hub):
    after = {**RECORD, "closed_on": "2023-09-01"}
    assert carried(hub, sent(hub, RECORD, "甲"), RECORD, after) == frozenset()


def test_a_value_that_was_missing_was_missing_in_the_parcel_too(hub):
    before = deepcopy(RECORD)
    before["persons"][0]["measures"] = []
    told = carried(hub, sent(hub, before, "甲"), before, RECORD)
    assert concerns("persons.measures.kind", told)


def test_a_node_that_is_no_longer_written_carried_nothing_known(hub):
    gone = replace(sent(hub, RECORD, "甲"), node="NO_SUCH_NODE")
    assert carried(hub, gone, RECORD, turned(RECORD, 0, "BAIL")) == frozenset()


def test_the_paths_of_a_parcel_lead_through_its_nested_records(mappings):
    rules = mappings.system("procuratorate_20").parsed.parcels[NODE]
    paths = set(told_paths(rules))
    assert {"title", "persons.name", "persons.measures.kind"} <= paths
    assert "persons.charges.crime" in paths
    assert "persons" not in paths
