"""Signed requests: an HMAC over method, path, date and digest, in headers.

Every vendor lays the same four things out a little differently, so the layout is
data: which lines are signed, in which headers they travel, how the signature stands
in ``Authorization``. The bytes signed are the bytes sent.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from types import MappingProxyType
from typing import Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

#: by the names that vendors' papers use; SM3 is 国密
_HASHES: Mapping[str, type[hashes.HashAlgorithm]] = MappingProxyType(
    {"sha256": hashes.SHA256, "sha512": hashes.SHA512, "sm3": hashes.SM3}
)


class Signer(Protocol):
    """What makes the headers that prove who sent a request."""

    def headers(self, method: str, target: str, body: bytes) -> Mapping[str, str]:
        """The headers for one request; ``target`` is path and query as sent."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one vendor writes a signature down.

    ``lines`` are joined by a line feed and signed; they and ``authorization`` know
    ``{method}``, ``{target}``, ``{date}``, ``{digest}``, ``{nonce}`` and ``{key_id}``,
    the latter ``{signature}`` too. ``encoding`` is ``base64`` or ``hex``.
    """

    lines: tuple[str, ...] = ("{method}", "{target}", "{date}", "{digest}")
    algorithm: str = "sha256"
    encoding: str = "base64"
    date: str = "Date"
    digest: str = "Digest"
    nonce: str = ""
    authorization: str = 'HMAC-SHA256 keyId="{key_id}",signature="{signature}"'


@dataclass(frozen=True, slots=True)
class HmacSigner:
    """Signs with a shared secret; each request has its own date and nonce."""

    key_id: str
    secret: bytes = field(repr=False)
    layout: Layout = Layout()

    def headers(
        self, method: str, target: str, body: bytes, now: datetime | None = None
    ) -> Mapping[str, str]:
        """The headers for one request; ``now`` is the hub's clock if not given."""
        layout = self.layout
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        told = {
            "method": method.upper(),
            "target": target,
            "date": format_datetime(now or datetime.now(UTC), usegmt=True),
            "digest": f"SHA-256={digest}",
            "nonce": secrets.token_hex(16),
            "key_id": self.key_id,
        }
        lines = "\n".join(line.format_map(told) for line in layout.lines)
        told["signature"] = signature(
            lines, self.secret, layout.algorithm, layout.encoding
        )
        made = {layout.date: told["date"], layout.digest: told["digest"]}
        if layout.nonce:
            made[layout.nonce] = told["nonce"]
        made["Authorization"] = layout.authorization.format_map(told)
        return made


def signature(text: str, secret: bytes, algorithm: str, encoding: str) -> str:
    """The HMAC of a text, as text."""
    mac = HMAC(secret, _HASHES[algorithm]())
    mac.update(text.encode())
    found = mac.finalize()
    return found.hex() if encoding == "hex" else base64.b64encode(found).decode()
