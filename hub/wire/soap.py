"""SOAP over our own bytes: zeep reads the WSDL and builds envelopes, we read answers.

The WSDL is a file of the adapter, read once and never fetched; its soap:address is
ignored, since the endpoint's address comes from configuration. zeep's own way of
reading values is not used: it turns an unreadable date into nothing.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

import zeep
from lxml import etree

from hub.contract.messages import Tree
from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyUnreachable,
    ManifestInvalid,
    RecordUnreadable,
)
from hub.wire.business import BusinessFaults
from hub.wire.faults import FOREIGN, translate
from hub.wire.http import Answer, Http
from hub.wire.trees import element_tree, xml_element

_ENVELOPE = "{http://schemas.xmlsoap.org/soap/envelope/}"
_MEDIA = "text/xml; charset=utf-8"
#: SOAP 1.1 reports a fault with status 500
_ANSWERS = (HTTPStatus.OK, HTTPStatus.INTERNAL_SERVER_ERROR)
_PAGES = (b"<!doctype html", b"<html")


class _Shelf(zeep.Transport):
    """A transport that reads files of one adapter folder and nothing else."""

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # zeep has no types
        self.session.trust_env = False
        self._folder = folder.resolve()

    def load(self, url: str) -> bytes:
        """The bytes of a file under the folder."""
        path = Path(url).resolve()
        if not path.is_relative_to(self._folder):
            raise zeep.exceptions.ExternalReferenceForbidden(url)
        return path.read_bytes()

    def get(self, *_: object) -> NoReturn:
        """Never: bytes go by ``Http``."""
        raise zeep.exceptions.TransportError("the shelf has no network")

    post = get


class Soap:
    """The operations of one WSDL at one address; enter it before calling."""

    def __init__(
        self, http: Http, wsdl: Path, address: str, faults: BusinessFaults
    ) -> None:
        """``http`` is entered by whoever made it; ``faults`` names fault codes."""
        self._http = http
        self._wsdl = wsdl
        self._address = address
        self._faults = faults
        self._client: zeep.Client | None = None

    async def __aenter__(self) -> Self:
        """Read the WSDL, once a process; raises ``ManifestInvalid``."""
        self._client = await asyncio.to_thread(_client, self._wsdl)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing to close: the session belongs to the ``Http``."""

    async def send(self, operation: str, **parts: str) -> Answer:
        """Call once and return the answer as it came, be it a fault or a record.

        Raises what ``Http.call`` raises, and ``AgencyUnreachable`` for an HTML
        page: some gateway answered.
        """
        body, action = self._request(operation, parts)
        headers = {"Content-Type": _MEDIA, "SOAPAction": f'"{action}"'}
        answer = await self._http.call(
            "POST", self._address, body=body, headers=headers, accept_status=_ANSWERS
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
        ``RecordUnreadable`` if the bytes are no SOAP at all.
        """
        try:
            found = body_element(answer.body, answer.media)
        except RecordUnreadable as error:
            if answer.status == HTTPStatus.OK:
                raise
            raise AgencyUnreachable(
                endpoint=self._http.endpoint, body=answer.body, detail=error.detail
            ) from error
        if found.tag == f"{_ENVELOPE}Fault":
            code = (found.findtext("faultcode") or "").strip().rpartition(":")[2]
            raise self._faults.error(
                code, endpoint=self._http.endpoint, body=answer.body
            )
        return element_tree(found)

    async def call(self, operation: str, **parts: str) -> tuple[Answer, Tree]:
        """Send and read; an unreadable answer raises ``AgencyAnswerUnreadable``."""
        answer = await self.send(operation, **parts)
        try:
            return answer, self.result(answer)
        except RecordUnreadable as error:
            raise AgencyAnswerUnreadable(
                endpoint=self._http.endpoint, body=answer.body, detail=error.detail
            ) from error

    def _request(self, operation: str, parts: dict[str, str]) -> tuple[bytes, str]:
        if self._client is None:
            raise RuntimeError("enter the Soap before calling")
        try:
            binding: Any = self._client.service._binding
            action = binding.get(operation).soapaction or ""
            message = self._client.create_message(
                self._client.service, operation, **parts
            )
            content = etree.tostring(message, encoding="utf-8", xml_declaration=True)
        except FOREIGN as error:
            raise translate(error, where=f"{self._wsdl.name}#{operation}") from error
        except (TypeError, ValueError) as error:
            raise ManifestInvalid(
                f"请求 {operation} 与 WSDL 不符或含有 XML 不允许的字符",
                f"The request {operation} does not fit the WSDL, or holds characters"
                " that XML forbids",
                where=f"{self._wsdl.name}#{operation}",
                detail=type(error).__name__,
            ) from error
        return content, str(action)


def body_element(content: bytes, media: str = "") -> etree._Element:
    """The one element in a SOAP envelope's body; raises ``RecordUnreadable``."""
    envelope = xml_element(content, charset(media))
    body = envelope.find(f"{_ENVELOPE}Body")
    if envelope.tag != f"{_ENVELOPE}Envelope" or body is None or len(body) != 1:
        raise RecordUnreadable(
            "应答不是 SOAP 1.1 信封", "The answer is no SOAP 1.1 envelope"
        )
    return body[0]


def body_tree(content: bytes, media: str = "") -> Tree:
    """The tree of what stands in a SOAP body; raises ``RecordUnreadable``."""
    return element_tree(body_element(content, media))


def charset(media: str) -> str:
    """The charset that a media type claims, or nothing."""
    _, _, found = media.lower().partition("charset=")
    return found.partition(";")[0].strip(" \"'")


def is_page(answer: Answer) -> bool:
    """Is this a web page, whatever its status says?"""
    start = answer.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return answer.media.lower().startswith("text/html") or start.startswith(_PAGES)


@lru_cache(maxsize=32)
def _client(wsdl: Path) -> zeep.Client:
    settings = zeep.Settings(
        strict=True,
        forbid_dtd=True,
        forbid_entities=True,
        forbid_external=True,
        xml_huge_tree=False,
    )
    try:
        return zeep.Client(str(wsdl), transport=_Shelf(wsdl.parent), settings=settings)
    except FOREIGN as error:
        raise translate(error, where=str(wsdl)) from error
