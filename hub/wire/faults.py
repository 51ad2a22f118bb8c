"""Foreign exceptions to house errors: one table for every library of the wire.

What aiohttp, zeep and sockets raise stands here; queues and SSH have a file each. A
test walks the libraries and fails on an exception class that is missing here,
so an upgrade that brings a new one is noticed before it escapes as a traceback.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import aiohttp
from aiohttp import client_exceptions as client
from aiohttp import http_exceptions as http
from aiohttp.compression_utils import TooManyMembersError
from zeep import exceptions as zeep
from zeep.xsd.types.builtins import ParseError

from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyError,
    AgencyFaultUnknown,
    AgencyUnreachable,
    HubError,
    ManifestInvalid,
    Text,
)
from hub.wire import faults_queue, faults_sftp

#: the foreign classes by what they mean to us
_NO_CONNECTION = (
    client.ClientError,
    client.ClientConnectionError,
    client.ClientConnectionResetError,
    client.ClientOSError,
    client.ClientConnectorError,
    client.ClientConnectorDNSError,
    client.ClientProxyConnectionError,
    client.UnixClientConnectorError,
    client.ServerConnectionError,
    client.ServerDisconnectedError,
    client.ClientPayloadError,
    client.UploadAbortedError,
    zeep.TransportError,
    OSError,
)
_TOO_SLOW = (
    client.ServerTimeoutError,
    client.ConnectionTimeoutError,
    client.SocketTimeoutError,
    TimeoutError,
)
_NOT_TRUSTED = (
    client.ClientSSLError,
    client.ClientConnectorSSLError,
    client.ClientConnectorCertificateError,
    client.ServerFingerprintMismatch,
    client.ClientHttpProxyError,
)
_BAD_ADDRESS = (
    client.InvalidURL,
    client.InvalidUrlClientError,
    client.NonHttpUrlClientError,
)
_NOT_HTTP = (
    client.ClientResponseError,
    client.ContentTypeError,
    client.TooManyRedirects,
    client.RedirectClientError,
    client.InvalidUrlRedirectClientError,
    client.NonHttpUrlRedirectClientError,
    aiohttp.WSMessageTypeError,
    client.WSServerHandshakeError,
    http.HttpProcessingError,
    http.BadHttpMessage,
    http.HttpBadRequest,
    http.PayloadEncodingError,
    http.ContentEncodingError,
    http.TransferEncodingError,
    http.ContentLengthError,
    http.DecompressSizeError,
    TooManyMembersError,
    http.LineTooLong,
    http.InvalidHeader,
    http.BadStatusLine,
    http.BadHttpMethod,
    http.InvalidURLError,
)
_NOT_SOAP = (
    zeep.XMLParseError,
    zeep.UnexpectedElementError,
    zeep.SignatureVerificationFailed,
    zeep.IncompleteMessage,
)
_BAD_WSDL = (
    zeep.Error,
    zeep.XMLSyntaxError,
    zeep.WsdlSyntaxError,
    zeep.LookupError,
    zeep.NamespaceError,
    zeep.ValidationError,
    ParseError,
    zeep.IncompleteOperation,
    zeep.DTDForbidden,
    zeep.EntitiesForbidden,
    zeep.ExternalReferenceForbidden,
    zeep.ZeepWarning,
)

_UNREADABLE_HTTP = Text("对方应答不是有效的 HTTP", "The answer is not valid HTTP")
_UNREADABLE_SOAP = Text("对方应答不是有效的 SOAP", "The answer is not valid SOAP")

_GROUPS: tuple[
    tuple[tuple[type[BaseException], ...], type[HubError], Text | None], ...
] = (
    (_NO_CONNECTION, AgencyUnreachable, None),
    (
        _TOO_SLOW,
        AgencyUnreachable,
        Text("对方系统未在时限内应答", "The agency's system did not answer in time"),
    ),
    (
        _NOT_TRUSTED,
        AgencyUnreachable,
        Text("与对方系统的加密连接不可信", "The secured connection is not trusted"),
    ),
    (
        _BAD_ADDRESS,
        AgencyUnreachable,
        Text("接入点地址无法使用", "The endpoint's address cannot be used"),
    ),
    (_NOT_HTTP, AgencyAnswerUnreadable, _UNREADABLE_HTTP),
    (_NOT_SOAP, AgencyAnswerUnreadable, _UNREADABLE_SOAP),
    ((zeep.Fault,), AgencyFaultUnknown, None),
    (
        _BAD_WSDL,
        ManifestInvalid,
        Text(
            "适配器的 WSDL 无法使用，或与请求不符",
            "The adapter's WSDL cannot be used or does not fit the request",
        ),
    ),
    *faults_queue.GROUPS,
    *faults_sftp.GROUPS,
)

#: foreign class -> leaf and sentence
TABLE: Mapping[type[BaseException], tuple[type[HubError], Text]] = MappingProxyType(
    {
        foreign: (leaf, text or leaf.title)
        for group, leaf, text in _GROUPS
        for foreign in group
    }
)

#: what a call catches: everything the table knows
FOREIGN: tuple[type[BaseException], ...] = tuple(TABLE)


def translate(error: BaseException, *, endpoint: str = "", where: str = "") -> HubError:
    """The house error for a foreign one; the nearest class in the table wins.

    Only the foreign class's name goes into ``detail``: its text may quote bytes.
    """
    nearest = next(kind for kind in type(error).__mro__ if kind in TABLE)
    leaf, text = TABLE[nearest]
    detail = type(error).__name__
    if issubclass(leaf, AgencyError):
        return leaf(text.zh, text.en, endpoint=endpoint, where=where, detail=detail)
    return leaf(text.zh, text.en, where=where or endpoint, detail=detail)
