import io
import json
import logging

import pytest
import structlog

from hub.entry.logs import SPOKEN, configure
from hub.entry.settings import Logs
from hub.errors import AgencyUnreachable

NAME = "欧阳震华"
NUMBER = "110101199003074477"


@pytest.fixture
def sink():
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    sink = io.StringIO()
    configure(Logs("debug", json=True), sink)
    yield sink
    structlog.reset_defaults()
    root.handlers, level = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def lines(sink):
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def test_an_event_is_one_line_with_its_allowed_keys(sink):
    structlog.get_logger("hub.engine").info("sync_run.finished", fetched=3, run_id=1)
    (line,) = lines(sink)
    assert line["event"] == "sync_run.finished"
    assert (line["fetched"], line["level"], line["logger"]) == (3, "info", "hub.engine")


def test_a_key_outside_the_list_is_dropped_and_counted(sink):
    structlog.get_logger().info("record.set_aside", name=NAME, body={"name": NAME})
    (line,) = lines(sink)
    assert line["dropped"] == 2
    assert NAME not in sink.getvalue()
    assert "name" not in line


def test_what_looks_like_an_identity_number_is_hidden_in_allowed_keys_too(sink):
    structlog.get_logger().info("record.set_aside", code=f"x {NUMBER} y")
    assert lines(sink)[0]["code"] == "x *** y"


@pytest.mark.parametrize(
    "library",
    ["zeep.transports", "sqlalchemy.engine", "procrastinate.worker", "asyncio"],
)
def test_of_a_library_only_the_place_is_told(sink, library):
    logging.getLogger(library).debug("HTTP Post to %s", NAME)
    envelope = f"<name>{NAME}</name>{NUMBER}"
    logging.getLogger(library).error(envelope)
    ascii_name = json.dumps(NAME)[1:-1]
    assert NAME not in sink.getvalue()
    assert ascii_name not in sink.getvalue()
    assert lines(sink)[-1]["event"] == SPOKEN
    assert lines(sink)[-1]["library"] == library


def fail():
    raise AgencyUnreachable("对", NAME, endpoint="x")


def test_an_exception_shows_as_type_and_place_without_its_words(sink):
    try:
        fail()
    except AgencyUnreachable:
        structlog.get_logger().exception("parcel.failed")
    (line,) = lines(sink)
    assert line["error_type"] == "AgencyUnreachable"
    assert line["error_at"].startswith("test_logs.py:")
    assert line["code"] == "AGENCY_UNREACHABLE"
    assert NAME not in sink.getvalue()


def test_no_value_breaks_the_line_or_the_terminal(sink):
    structlog.get_logger().info("x.y", where="a\nb\x1b[31m\u2028\u202e")
    assert len(sink.getvalue().splitlines()) == 1
    assert sink.getvalue().isascii()
