"""The police system's answers as XML, written the way it writes them."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from starlette.responses import Response

from tests.simulators.soap import enveloped

NAMESPACE = "urn:zfba:sim"
_OWN = frozenset({"dirt", "really"})  # the simulator's own notes on a record
_ITEMS = {"RYLB": "RY", "WSLB": "WS", "QZCS": "CS", "BGLB": "BG"}


def reply(
    operation: str, code: str, text: str, content: str = "", really: str = ""
) -> Response:
    """An rpc answer: one string, which is XML of the system's own again."""
    inner = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<JG><ZT>{code}</ZT><XX>{escape(text)}</XX>{content}</JG>"
    )
    return _wrapped(operation, inner, really)


def case_reply(operation: str, case: dict[str, Any]) -> Response:
    """The answer that holds one case, dirt and lying encoding included."""
    shown = {key: value for key, value in case.items() if key not in _OWN}
    content = f"<AJ>{_elements(shown | {'CZRXM': '系统'})}</AJ>"
    inner = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f"<JG><ZT>0</ZT><XX>成功</XX>{content}</JG>"
    )
    if case.get("dirt") == "cut":
        inner = inner[: len(inner) * 2 // 3]
    return _wrapped(operation, inner, case.get("really", ""))


def rows(items: list[dict[str, Any]], total: int) -> str:
    """A page of the change list."""
    return f"<ZS>{total}</ZS>{_elements({'BGLB': items})}"


def _wrapped(operation: str, inner: str, really: str) -> Response:
    return enveloped(
        f'<ns:{operation}Response xmlns:ns="{NAMESPACE}"><return>{escape(inner)}'
        f"</return></ns:{operation}Response>",
        really=really,
    )


def _elements(fields: dict[str, Any]) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        item = _ITEMS[name]
        inside = "".join(f"<{item}>{_elements(entry)}</{item}>" for entry in value)
        return f"<{name}>{inside}</{name}>"
    return f"<{name}>{escape(str(value))}</{name}>" if value != "" else f"<{name}/>"
