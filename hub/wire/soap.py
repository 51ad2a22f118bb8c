"""SOAP over our own bytes: zeep reads the WSDL and builds envelopes, we read answers.

The WSDL is a file of the adapter, read once and never fetched; its soap:address is
ignored, since the endpoint's address comes from configuration. zeep's own way of
reading values is not used: it turns an unreadable date into nothing. What it writes
is judged by the vendor's schemas before it leaves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hub.contract.messages import Tree
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyError,
    AgencyFaultUnknown,
    AgencyUnreachable,
    RecordUnreadable,
)
from hub.wire.business import BusinessFaults
from hub.wire.http import Answer, Http
from hub.wire.soap_envelope import body_element, body_of, body_tree, charset, fault_of
from hub.wire.soap_parts import File, is_package, unpacked
from hub.wire.soap_request import Call, has_result, is_one_way, request
from hub.wire.soap_security import Security
from hub.wire.soap_values import NIL, Enclosed
from hub.wire.trees import element_tree
from hub.wire.wsdl import Wsdl, load_wsdl

__all__ = [
    "NIL",
    "Call",
    "Enclosed",
    "File",
    "Soap",
    "Speech",
    "body_element",
    "body_tree",
    "charset",
    "is_page",
]

#: SOAP 1.1 reports a fault with status 500, 1.2 the caller's with 400
_ANSWERS: Mapping[str, tuple[int, ...]] = {
    "1.1": (HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR),
    "1.2": (HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_REQUEST),
}
#: bytes from which an answer is read beside the event loop
_LARGE = 500_000
_SILENT = (HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT)
_PAGES = (b"<!doctype html", b"<html")


@dataclass(frozen=True, slots=True)
class Speech:
    """How one endpoint wants to be spoken to, beyond what its WSDL says.

    ``port`` of several in the WSDL; ``folder`` is the border of the WSDL's imports;
    ``encoding`` of requests (``utf-8`` or ``gbk``); ``security`` for the header.
    """

    port: str = ""
    folder: Path | None = None
    encoding: str = "utf-8"
    security: Security | None = field(default=None, repr=False)


class Soap:
    """The operations of one WSDL at one address; enter it before calling."""

    def __init__(
        self,
        http: Http,
        wsdl: Path,
        address: str,
        faults: BusinessFaults,
        *,
        speech: Speech | None = None,
    ) -> None:
        """``http`` is entered by whoever made it; ``faults`` names fault codes."""
        self._http = http
        self._path = wsdl
        self._address = address
        self._faults = faults
        self._speech = speech or Speech()
        self._wsdl: Wsdl | None = None

    async def __aenter__(self) -> Self:
        """Read the WSDL, once a process; raises ``InterfaceInvalid``."""
        port, folder = self._speech.port, self._speech.folder
        self._wsdl = await asyncio.to_thread(load_wsdl, self._path, port, folder)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to close: the session belongs to the ``Http``."""

    async def send(self, operation: str, **parts: Any) -> Answer:
        """Call once and return the answer as it came, be it a fault or a record.

        One that is too large comes back cut (``Answer.is_cut``): it is kept as a
        record, and refused as one. Raises what ``say`` raises.
        """
        return await self.say(Call(operation, parts), may_cut=True)

    async def say(self, call: Call, *, may_cut: bool = False) -> Answer:
        """The same with headers and files.

        Raises what ``Http.call`` raises, ``AgencyUnreachable`` for an HTML page
        (some gateway answered), and ``ManifestInvalid`` for a request that does not
        fit the WSDL.
        """
        wsdl = self._known()
        made = request(wsdl, call, self._speech.encoding, self._speech.security)
        statuses = _ANSWERS[wsdl.version]
        if is_one_way(wsdl, call.operation):
            statuses = (*statuses, *_SILENT)
        answer = await self._http.call(
            "POST",
            self._address,
            body=made.body,
            headers=made.headers,
            accept_status=statuses,
            may_cut=may_cut,
        )
        if is_page(answer):
            raise AgencyUnreachable(
                "对方返回了网页而不是 SOAP（多半是网关的错误页）",
                "A web page came instead of SOAP (most likely a gateway's error page)",
                endpoint=self._http.endpoint,
                body=answer.body,
            )
        return answer

    def result(self, answer: Answer) -> Tree:
        """What stands in the answer's body element.

        Raises the leaf that the adapter's faults say for a SOAP fault, and
        ``RecordUnreadable`` if the bytes are no SOAP at all or say nothing.
        """
        found = self._read(answer)
        if found is None:
            raise RecordUnreadable("应答中没有内容", "The answer holds nothing")
        return found

    async def call(self, operation: str, **parts: Any) -> tuple[Answer, Tree]:
        """Send and read; an unreadable answer raises ``AgencyAnswerUnreadable``."""
        return await self.ask(Call(operation, parts))

    async def ask(self, call: Call) -> tuple[Answer, Tree]:
        """The same with headers and files."""
        answer = await self.say(call)
        read = self.result
        if not has_result(self._known(), call.operation):
            read = self._read_or_nothing
        try:
            if len(answer.body) > _LARGE:  # others need not wait while it is read
                return answer, await asyncio.to_thread(read, answer)
            return answer, read(answer)
        except RecordUnreadable as error:
            raise AgencyAnswerUnreadable(
                endpoint=self._http.endpoint, body=answer.body, detail=error.detail
            ) from error

    def files(self, answer: Answer) -> Mapping[str, File]:
        """The files beside an answer's envelope, by id; raises ``RecordUnreadable``."""
        if not is_package(answer.media):
            return {}
        return {one.id: one for one in unpacked(answer.body, answer.media).files}

    def _read_or_nothing(self, answer: Answer) -> Tree:
        return self._read(answer) or ""

    def _read(self, answer: Answer) -> Tree:
        """The tree of the body's element; ``None`` where there is none."""
        if answer.status in _SILENT and not answer.body.strip():
            return None
        try:
            found = body_of(answer.body, answer.media)
        except RecordUnreadable as error:
            if answer.status == HTTPStatus.OK:
                raise
            raise self._no_soap(answer, error) from error
        fault = None if found is None else fault_of(found)
        if fault is not None:
            listed = (code for code in fault.codes if code in self._faults.codes)
            raise self._faults.error(
                next(listed, fault.codes[0]),
                endpoint=self._http.endpoint,
                body=answer.body,
            )
        return None if found is None else element_tree(found)

    def _no_soap(self, answer: Answer, error: RecordUnreadable) -> AgencyError:
        is_ours = answer.status == HTTPStatus.BAD_REQUEST
        leaf = AgencyFaultUnknown if is_ours else AgencyUnreachable
        return leaf(endpoint=self._http.endpoint, body=answer.body, detail=error.detail)

    def _known(self) -> Wsdl:
        if self._wsdl is None:
            raise RuntimeError("enter the Soap before calling")
        return self._wsdl


def is_page(answer: Answer) -> bool:
    """Is this a web page, whatever its status says?"""
    start = answer.body[:1024].lower()
    if answer.media.lower().startswith("text/html"):
        return True
    return any(page in start for page in _PAGES) and b"envelope" not in start
