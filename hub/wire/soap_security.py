"""WS-Security 1.0 for requests: who we are, since when, and our signature.

``UsernameToken`` (text or digest, with nonce and created), ``Timestamp`` and
``Signature`` (``hub.wire.soap_signature``) go into one ``wsse:Security`` header, in
this order, anew for every request: nonce and times may not repeat.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from lxml import etree

from hub.wire.soap_signature import Signer

_BASE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE = f"{_BASE}wssecurity-secext-1.0.xsd"
WSU = f"{_BASE}wssecurity-utility-1.0.xsd"
_PROFILE = f"{_BASE}username-token-profile-1.0#"
_BASE64 = f"{_BASE}soap-message-security-1.0#Base64Binary"
_NONCE_BYTES = 16


@dataclass(frozen=True, slots=True)
class Username:
    """Our account and how the password is told.

    ``text`` sends it as it is, so only over TLS; ``digest`` sends
    base64(sha1(nonce + created + password)), as the profile says.
    """

    account: str
    password: str = field(repr=False)
    form: Literal["text", "digest"] = "digest"

    def element(self, nonce: bytes, now: datetime) -> etree._Element:
        """The token for one request."""
        root = etree.Element(f"{{{WSSE}}}UsernameToken")
        etree.SubElement(root, f"{{{WSSE}}}Username").text = self.account
        told = etree.SubElement(root, f"{{{WSSE}}}Password")
        created = stamp(now)
        if self.form == "digest":
            told.set("Type", f"{_PROFILE}PasswordDigest")
            told.text = password_digest(nonce, created, self.password)
        else:
            told.set("Type", f"{_PROFILE}PasswordText")
            told.text = self.password
        once = etree.SubElement(root, f"{{{WSSE}}}Nonce", EncodingType=_BASE64)
        once.text = base64.b64encode(nonce).decode()
        etree.SubElement(root, f"{{{WSU}}}Created").text = created
        return root


@dataclass(frozen=True, slots=True)
class Security:
    """What stands in the security header of every request to one endpoint.

    ``lifetime`` in seconds for the Timestamp, 0 for none; ``clock`` and ``nonce``
    are for tests. ``signer`` signs the body and the timestamp.
    """

    username: Username | None = None
    lifetime: float = 0.0
    signer: Signer | None = None
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    nonce: Callable[[], bytes] = lambda: secrets.token_bytes(_NONCE_BYTES)

    def apply(self, envelope: etree._Element) -> None:
        """Put the header into an envelope that is otherwise finished."""
        space = etree.QName(envelope.tag).namespace
        head = envelope.find(f"{{{space}}}Header")
        if head is None:
            head = etree.Element(f"{{{space}}}Header")
            envelope.insert(0, head)
        names = {"wsse": WSSE, "wsu": WSU}
        security = etree.SubElement(head, f"{{{WSSE}}}Security", nsmap=names)
        security.set(f"{{{space}}}mustUnderstand", "1")
        now = self.clock()
        if self.lifetime:
            security.append(_timestamp(now, self.lifetime))
        if self.username:
            security.append(self.username.element(self.nonce(), now))
        if self.signer:
            self.signer.sign(envelope, security)


def password_digest(nonce: bytes, created: str, password: str) -> str:
    """The digest of the UsernameToken profile 1.0; SHA-1 because it says so."""
    content = nonce + created.encode() + password.encode()
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def stamp(moment: datetime) -> str:
    """A moment in UTC to the millisecond, as the profile writes it."""
    told = moment.astimezone(UTC)
    return f"{told:%Y-%m-%dT%H:%M:%S}.{told.microsecond // 1000:03d}Z"


def _timestamp(now: datetime, lifetime: float) -> etree._Element:
    root = etree.Element(f"{{{WSU}}}Timestamp")
    etree.SubElement(root, f"{{{WSU}}}Created").text = stamp(now)
    until = stamp(now + timedelta(seconds=lifetime))
    etree.SubElement(root, f"{{{WSU}}}Expires").text = until
    return root
