"""Relay ids: opaque texts that name a type and a key, good for as long as the thing."""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

import strawberry

from hub.errors import RequestInvalid


def encode(kind: str, key: object) -> strawberry.ID:
    """The id of a thing."""
    return strawberry.ID(base64.b64encode(f"{kind}:{key}".encode()).decode())


def decode(text: str, *kinds: str, where: str = "id") -> tuple[str, str]:
    """Kind and key of an id; ``RequestInvalid`` unless it is one of ``kinds``."""
    try:
        kind, mark, key = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise _not_an_id(where) from error
    if not mark or not key or (kinds and kind not in kinds):
        raise _not_an_id(where)
    return kind, key


def number(text: str, where: str = "id") -> int:
    """A key that is a number."""
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise _not_an_id(where)


def uuid(text: str, where: str = "id") -> UUID:
    """A key that is a UUID."""
    try:
        return UUID(text)
    except ValueError as error:
        raise _not_an_id(where) from error


def _not_an_id(where: str) -> RequestInvalid:
    return RequestInvalid(
        "标识无效，或不是此处所需的类型",
        "This is not an id, or not one of the kind wanted here",
        where=where,
    )
