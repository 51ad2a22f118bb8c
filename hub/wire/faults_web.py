"""What the HTTP and SOAP libraries raise, and what it means to us.

Apart from queues and SSH, so that a process that speaks neither loads neither.
"""

from __future__ import annotations

import aiohttp
from aiohttp import client_exceptions as client
from aiohttp import http_exceptions as http
from aiohttp.compression_utils import TooManyMembersError
from zeep import exceptions as zeep
from zeep.xsd.types.builtins import ParseError

from hub.errors import (
    AgencyAnswerUnreadable,
    AgencyFaultUnknown,
    AgencyUnreachable,
    HubError,
    ManifestInvalid,
    Text,
)
from hub.wire.faults_table import Group, made, nearest

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

GROUPS: tuple[Group, ...] = (
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
)

TABLE = made(GROUPS)

#: what a call over HTTP catches
FOREIGN: tuple[type[BaseException], ...] = tuple(TABLE)


def translate(error: BaseException, *, endpoint: str = "", where: str = "") -> HubError:
    """The house error for one of these; the nearest class in the table wins."""
    return nearest(TABLE, error, endpoint=endpoint, where=where)
