"""Values of a text changed where they stand: XML, JSON, CSV, one inside the other."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator

#: name of the element, key or column, and the value as it is meant -> the new value
Change = Callable[[str, str], str]

_MARKUP = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>|<![^>]*>|</[^>]*>"
    r"|<(?:[^>\"']|\"[^\"]*\"|'[^']*')+>|[^<]+",
    re.DOTALL,
)
_TAG = re.compile(r"<(/?)(?:[\w.-]+:)?([^\s/>]+)")
_ATTRIBUTE = re.compile(r"([\w:.-]+)(\s*=\s*)(\"[^\"]*\"|'[^']*')")
_PIECE = re.compile(r"&[#\w]+;|.", re.DOTALL)
#: strings in single quotes too: some systems write "JSON" that no parser takes
_STRING = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_NUMBER = r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_TOKEN = re.compile(
    rf"{_STRING}|{_NUMBER}|[{{}}\[\]:,]|[^\"'\d{{}}\[\]:,-]+|.", re.DOTALL
)
_LOOSE = re.compile(rf"(?:{_STRING}|{_NUMBER}|[{{}}\[\]:,\s]|[A-Za-z]+)++", re.DOTALL)
_ESCAPED = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|\\u[0-9a-fA-F]{4}|\\.|.",
    re.DOTALL,
)
_CELL = re.compile(r'"(?:[^"]|"")*"|[^,\r\n]*')
_CDATA, _END = "<![CDATA[", "]]>"


def rewritten_text(text: str, change: Change, name: str = "") -> str:
    """A document, or a value called ``name`` that may hold one, with values changed."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start == "<" and re.search(r"</[^>]+>|/>", text):
        return _xml(text, change)
    if start in ("{", "[") and (_is_json(text) or _is_loose(text)):
        return _json(text, change)
    if not text.strip():
        return text
    return change(name, text)


def _is_json(text: str) -> bool:
    try:
        json.loads(text.lstrip("\ufeff"))
    except ValueError:
        return False
    return True


def _is_loose(text: str) -> bool:
    """Is it JSON but for its quotes?"""
    return "'" in text and _LOOSE.fullmatch(text.lstrip("\ufeff")) is not None


def _xml(text: str, change: Change) -> str:
    made: list[str] = []
    names: list[str] = []
    run: list[str] = []
    for token in _MARKUP.findall(text):
        if token.startswith(_CDATA) or not token.startswith("<"):
            run.append(token)
            continue
        made.append(_run(run, names[-1] if names else "", change))
        run = []
        made.append(_tag(token, names, change))
    made.append(_run(run, "", change))
    return "".join(made)


def _tag(token: str, names: list[str], change: Change) -> str:
    """A tag with its attributes changed; keeps account of what is open."""
    if token.startswith("<!--"):
        return "<!---->"
    found = _TAG.match(token)
    if found is None or token.startswith(("<?", "<!")):
        return token
    if found[1]:
        if names:
            names.pop()
        return token
    if not token.endswith("/>"):
        names.append(found[2])
    return _ATTRIBUTE.sub(lambda one: _attribute(one, change), token)


def _attribute(found: re.Match[str], change: Change) -> str:
    name, between, quoted = found[1], found[2], found[3]
    if name.startswith("xmlns"):
        return found[0]
    inner = _escaped(quoted[1:-1], name.rpartition(":")[2], change)
    return f"{name}{between}{quoted[0]}{inner}{quoted[0]}"


def _run(run: list[str], name: str, change: Change) -> str:
    """Text and CDATA between two tags: one value, put back as it was held."""
    if not run:
        return ""
    if len(run) == 1 and not run[0].startswith(_CDATA):
        return _escaped(run[0], name, change)
    value = "".join(
        one[len(_CDATA) : -len(_END)] if one.startswith(_CDATA) else html.unescape(one)
        for one in run
    )
    made = rewritten_text(value, change, name)
    if made == value:
        return "".join(run)
    return _CDATA + made.replace(_END, "]]]]><![CDATA[>") + _END


def _escaped(source: str, name: str, change: Change) -> str:
    """An escaped value changed; characters that stay keep their own escapes."""
    pieces = _PIECE.findall(source)
    value = "".join(map(html.unescape, pieces))
    made = rewritten_text(value, change, name)
    if made == value:
        return source
    if len(made) == len(pieces) == len(value):
        pairs = zip(pieces, value, made, strict=True)
        return "".join(
            piece if old == new else html.escape(new) for piece, old, new in pairs
        )
    return html.escape(made)


def _json(text: str, change: Change) -> str:
    tokens = _TOKEN.findall(text)
    made: list[str] = []
    names = [""]
    for position, token in enumerate(tokens):
        if token in ("{", "["):
            names.append(names[-1])
        elif token in ("}", "]"):
            names.pop()
        elif token[0] in "\"'":
            if _is_key(tokens, position):
                names[-1] = "".join(map(_meant, _ESCAPED.findall(token[1:-1])))
            else:
                token = _string(token, names[-1], change)  # noqa: PLW2901 - its new form
        elif token[0].isdigit() or token[0] == "-":
            token = _figure(token, names[-1], change)  # noqa: PLW2901 - as above
        made.append(token)
    return "".join(made)


def _is_key(tokens: list[str], position: int) -> bool:
    after = (one for one in tokens[position + 1 : position + 3] if one.strip())
    return next(after, "") == ":"


def _string(source: str, name: str, change: Change) -> str:
    """A quoted text changed; characters that stay keep their own escapes."""
    pieces = _ESCAPED.findall(source[1:-1])
    meant = [_meant(one) for one in pieces]
    value = "".join(meant)
    made = rewritten_text(value, change, name)
    if made == value:
        return source
    quote, at, told = source[0], 0, []
    if len(made) != len(value):
        return quote + "".join(_put("", one, quote) for one in made) + quote
    for piece, old in zip(pieces, meant, strict=True):
        new = made[at : at + len(old)]
        at += len(old)
        told.append(piece if new == old else _put(piece, new, quote))
    return quote + "".join(told) + quote


def _figure(source: str, name: str, change: Change) -> str:
    """A number changed; JSON knows none that begins with a nought."""
    made = change(name, source)
    sign, digits = made[: made.startswith("-")], made.lstrip("-")
    whole = digits.partition(".")[0]
    return sign + "1" + digits[1:] if len(whole) > 1 and whole[0] == "0" else made


def _meant(piece: str) -> str:
    """What a piece of a quoted text means; an escape nobody knows is itself."""
    if piece[0] != "\\":
        return piece
    if piece == "\\'":
        return "'"
    try:
        return str(json.loads(f'"{piece}"'))
    except ValueError:
        return piece


def _put(piece: str, text: str, quote: str) -> str:
    """A changed character in the escapes of the one it replaces."""
    if piece.startswith("\\u"):
        return json.dumps(text)[1:-1]
    return "".join(
        "\\" + one
        if one in ("\\", quote)
        else json.dumps(one)[1:-1]
        if one < " "
        else one
        for one in text
    )


def rewritten_csv(text: str, change: Change) -> str:
    """A table with its cells changed; the first row names the columns."""
    made: list[str] = []
    header: list[str] = []
    for column, is_first, source, mark in _cells(text):
        value = source[1:-1].replace('""', '"') if source[:1] == '"' else source
        if is_first:
            header.append(value.lstrip("\ufeff").strip())
            made.append(source + mark)
            continue
        name = header[column] if column < len(header) else ""
        told = change(name, value) if value.strip() else value
        made.append(_cell(source, value, told) + mark)
    return "".join(made)


def _cell(source: str, value: str, told: str) -> str:
    if told == value:
        return source
    needs = source[:1] == '"' or any(one in told for one in ',"\r\n')
    return '"' + told.replace('"', '""') + '"' if needs else told


def _cells(text: str) -> Iterator[tuple[int, bool, str, str]]:
    """Column, whether in the first row, the cell as written, the mark behind it."""
    at, column, is_first = 0, 0, True
    while at < len(text):
        found = _CELL.match(text, at)
        source = found[0] if found else ""
        at += len(source)
        mark = "\r\n" if text.startswith("\r\n", at) else text[at : at + 1]
        at += len(mark)
        yield column, is_first, source, mark
        column += 1
        if mark in ("\r\n", "\n", "\r"):
            column, is_first = 0, False
