"""Secrets by reference: ``env:NAME`` or ``file:PATH``, never written out.

A settings file is read by many and copied around; what stands in it is no secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

_PASSWORD = re.compile(r"(?P<head>\w[\w+.-]*://[^:/@\s]*):(?P<secret>[^@/\s]+)@")
HIDDEN = "***"


def is_reference(text: str) -> bool:
    """Whether a text points at a secret instead of being one."""
    return text.startswith(("env:", "file:"))


def holds_password(text: str) -> bool:
    """Whether an address carries a password written out."""
    return _PASSWORD.search(text) is not None


def hide_password(text: str) -> str:
    """The address with its password hidden, for people to look at."""
    return _PASSWORD.sub(rf"\g<head>:{HIDDEN}@", text)


def resolve(text: str, environment: Mapping[str, str], base: Path) -> str:
    """The secret a reference points at; raises ``LookupError`` where there is none.

    Relative paths start at ``base``; one line break at the end of a file is not
    part of the secret.
    """
    kind, _, place = text.partition(":")
    if kind == "env":
        if not environment.get(place):
            raise LookupError(place)
        return environment[place]
    try:
        secret = (base / place).read_text("utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise LookupError(place) from error
    if not secret:
        raise LookupError(place)
    return secret
