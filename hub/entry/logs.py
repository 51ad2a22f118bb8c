"""The log: JSON lines made of constant event names and an allow-list of keys.

Personal data never reaches a log (个人信息不入日志): what stands in no list is
dropped and counted, not masked; a second net hides what looks like an identity or
telephone number. Libraries that log message bodies are held to their place in the
source: zeep writes whole envelopes at DEBUG.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Iterable
from types import TracebackType
from typing import IO

import structlog
from prometheus_client import Counter
from structlog.typing import EventDict, Processor, WrappedLogger

from hub.entry.settings import Logs

#: the only keys that reach a log line besides event, level, time and logger; a block
#: of words reads better than eighty quoted lines
ALLOWED = frozenset(
    """
    adapter_version address agency at attempt attempts bytes cause code command count
    dropped duration endpoint endpoints error_at error_id error_type expected fetched
    file fence job jobs kind lane library line method mapped mapping next_at node
    operation outcome pages path pid port receiver remainder request_id revision run
    run_id schema seconds sender set_aside state status stored system systems task
    trace_id transfer transfer_id trigger unchanged version waiting where failure
    failure_id case case_id raw_id disposition slot schemes signal host reason
    reference
    """.split()  # noqa: SIM905
)
_KEPT = frozenset({"event", "level", "timestamp", "logger"})
#: libraries that are heard from WARNING on: what they say below is no news, and of
#: what they say above only the place is told
QUIET = (
    "zeep",
    "aiohttp",
    "aio_pika",
    "aiormq",
    "asyncssh",
    "sqlalchemy",
    "procrastinate",
    "psycopg",
    "urllib3",
    "uvicorn",
    "alembic",
    "asyncio",
)
SPOKEN = "library.spoke"
_LONGEST = 300
_PERSONAL = re.compile(
    r"(?<!\d)(?:[1-9]\d{5}(?:18|19|20)\d{9}[\dXx]|1[3-9]\d{9})(?!\d)"
)
HIDDEN = "***"

dropped_keys = Counter(
    "hub_log_keys_dropped", "Keys of log lines outside the allow-list"
)
hidden_values = Counter(
    "hub_log_values_hidden", "Log values that looked like personal data"
)


def configure(logs: Logs, stream: IO[str] | None = None) -> None:
    """Send every logger of the process through one chain to one stream."""
    sink = stream or sys.stderr
    level = logging.getLevelName(logs.level.upper())
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_chain(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sink)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[place_only, *_chain()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _renderer(logs, sink),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    _quiet()


def _chain() -> Iterable[Processor]:
    return (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        describe_error,
        allow_listed,
    )


def _renderer(logs: Logs, sink: IO[str]) -> Processor:
    if not logs.json and sink.isatty():
        return structlog.dev.ConsoleRenderer(pad_event_to=28)
    # ASCII escapes: no line break, ESC or direction mark of a value survives
    return structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=True)


def _quiet() -> None:
    for name in list(logging.root.manager.loggerDict):
        known = logging.getLogger(name)
        known.handlers.clear()
        known.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.access").setLevel(logging.CRITICAL)
    logging.captureWarnings(capture=True)


def place_only(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Of a library's record keep who spoke and where; its words may hold anything."""
    record: logging.LogRecord = event["_record"]
    event.update(
        event=SPOKEN, library=record.name, file=record.module, line=record.lineno
    )
    if record.exc_info:
        event["exc_info"] = record.exc_info
    return event


def describe_error(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Turn an exception into its type and place: no message, no values."""
    told = event.pop("exc_info", None)
    error = sys.exc_info() if told is True else told
    if isinstance(error, BaseException):
        error = (type(error), error, error.__traceback__)
    if isinstance(error, tuple) and error[0] is not None:
        event["error_type"] = error[0].__name__
        event["error_at"] = place_of(error[2])
        code = getattr(error[1], "code", None)
        if isinstance(code, str):
            event.setdefault("code", code)
    return event


def place_of(trace: TracebackType | None) -> str:
    """File and line where an error arose: the innermost frame."""
    frames = traceback.extract_tb(trace)
    if not frames:
        return ""
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}"


def allow_listed(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Drop every key outside the list, and every value that is no plain value."""
    kept: EventDict = {}
    dropped = 0
    for key, value in event.items():
        if key.startswith("_") or key in _KEPT:  # structlog's own
            kept[key] = value
        elif key in ALLOWED and isinstance(value, str | int | float | bool | None):
            kept[key] = _safe(value) if isinstance(value, str) else value
        else:
            dropped += 1
    if dropped:
        dropped_keys.inc(dropped)
        kept["dropped"] = dropped
    kept["event"] = _safe(str(event.get("event", "")))
    return kept


def _safe(text: str) -> str:
    found, hidden = _PERSONAL.subn(HIDDEN, text)
    if hidden:
        hidden_values.inc(hidden)
    return found if len(found) <= _LONGEST else found[:_LONGEST] + "…"
