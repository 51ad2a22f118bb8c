"""Answers of system 1.5: a RESULT as XML text in CDATA, declared GBK."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from starlette.responses import Response

from tests.simulators.soap import enveloped

NAMESPACE = "urn:tyyw:sim"
_ITEMS = {
    "XYRXX": "XYR",
    "WSXX": "WS",
    "AYXX": "AY",
    "QZCSXX": "QZCS",
    "ROWS": "ROW",
}
#: this system puts its free text in CDATA, inside the CDATA of the answer
_IN_CDATA = frozenset({"AQZY"})


def reply(operation: str, code: str, text: str, data: str = "") -> Response:
    """An answer with a code, whatever HTTP says."""
    return _wrapped(operation, _result(code, text, data))


def case_reply(operation: str, found: dict[str, Any]) -> Response:
    """One acceptance, dirt included."""
    sections = {name: found[name] for name in ("AJXX", "XYRXX", "WSXX")}
    result = _result("0", "成功", f"<ROOT>{elements(sections)}</ROOT>")
    kind = found["dirt"]
    if kind == "cut":
        result = result[: len(result) * 2 // 3]
    return _wrapped(operation, result, found["charset"], is_naive=kind == "open_cdata")


def elements(fields: dict[str, Any]) -> str:
    """Fields as elements, in their order."""
    return "".join(_element(name, value) for name, value in fields.items())


def _result(code: str, text: str, data: str) -> str:
    return (
        '<?xml version="1.0" encoding="GBK"?>'
        f"<RESULT><CODE>{code}</CODE><MSG>{escape(text)}</MSG>"
        f"<DATA>{data}</DATA></RESULT>"
    )


def _wrapped(
    operation: str, result: str, charset: str = "UTF-8", *, is_naive: bool = False
) -> Response:
    """``is_naive`` forgets that the text may hold the end of a CDATA section."""
    inside = f"<![CDATA[{result}]]>" if is_naive else _cdata(result)
    return enveloped(
        f'<{operation}Response xmlns="{NAMESPACE}"><{operation}Result>{inside}'
        f"</{operation}Result></{operation}Response>",
        declared=charset,
    )


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        item = _ITEMS[name]
        inside = "".join(f"<{item}>{elements(entry)}</{item}>" for entry in value)
        return f"<{name}>{inside}</{name}>"
    if isinstance(value, dict):
        return f"<{name}>{elements(value)}</{name}>"
    text = _cdata(str(value)) if name in _IN_CDATA else escape(str(value))
    return f"<{name}>{text}</{name}>"


def _cdata(text: str) -> str:
    """A CDATA section; an end inside it is split over two sections."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
