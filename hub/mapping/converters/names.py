"""Converters of personal names and aliases.

A name keeps its characters: no Unicode normal form touches them. What stands for a
character that a system could not write makes the name unreadable, never another one.
"""

from __future__ import annotations

import re

from hub.errors import Text
from hub.mapping.converters.converter import Converter, as_it_is
from hub.mapping.converters.objection import DAMAGED, NO_TEXT
from hub.mapping.converters.text import unspaced
from hub.mapping.value import ABSENT, Result, Scalar, Unreadable, as_text, is_blank

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DOTS = re.compile("[\u2022\u2027\u30fb\uff65\u2219\u318d]")
_DOTS_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}])[.\uff0e](?=[{_HAN}])")
_SPACES_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}\u00b7])\\s+(?=[{_HAN}\u00b7])")
_HAS_HAN = re.compile(f"[{_HAN}]")
_LATIN = {
    code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_WIDE_LATIN = re.compile(f"[{''.join(map(chr, _LATIN))}]")
_KINDS = r"(?:别名|绰号|曾用名|自报(?:姓名|名)?|化名|又名)"
_ALIAS = re.compile(rf"[(（\[【]\s*{_KINDS}\s*[:：]?\s*([^()（）\[\]【】]*)[)）\]】]")
_SELF_STATED = re.compile(r"[(（\[【]\s*自报")
#: nearly every name: Han characters and nothing else
_PLAIN_NAME = re.compile("[\u4e00-\u9fff]{2,20}")

#: UTF-8's replacement characters read as GBK
_LOSS = "锟斤拷"

#: Han characters that GB 18030-2000 had in the private use area, and where the
#: editions of 2005 and 2022 put them
GB18030_MOVED = {
    **dict(zip((0xE816, 0xE817, 0xE818), (0x20087, 0x20089, 0x200CC), strict=True)),
    **dict(zip((0xE831, 0xE83B, 0xE855), (0x215D7, 0x2298F, 0x241FE), strict=True)),
    **dict(zip((0xE81E, 0xE826, 0xE82B, 0xE82C), range(0x9FB4, 0x9FB8), strict=True)),
    **dict(zip((0xE832, 0xE843, 0xE854, 0xE864), range(0x9FB8, 0x9FBC), strict=True)),
}

_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_IS_PRIVATE = re.compile(f"[{_PRIVATE}]")
_INVISIBLE = "\u00ad\u061c\u180e\u200e\u200f\u2028-\u202e\u2061-\u206f\ufff9-\ufffb"
_OBJECTIONS = {
    "\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffd-\uffff": DAMAGED,
    _PRIVATE: Text(
        "含有自造字（私用区字符）", "it holds a character of the private use area"
    ),
    "?\uff1f\u3013\u25a0\u25a1\u25af": Text(
        "有字未能写出（以 ?、〓、□ 代替）", "a mark stands for a missing character"
    ),
    "*\uff0a": Text("姓名被遮盖", "the name is masked"),
    "\u2e80-\u2fdf": Text(
        "含有部首字符而非汉字", "it holds a radical, which is no character"
    ),
    _INVISIBLE: Text("含有不可见字符", "it holds an invisible character"),
}
_ODD = re.compile(f"[{''.join(_OBJECTIONS)}]")
#: the longest names of Uygur and foreign persons with their aliases are a third of it
_LONGEST = 200
_ON_LENGTH = Text("过长，不是姓名", "it is too long for a name")
_ONLY_ALIAS = Text("只有别名", "it holds an alias only")


def name(value: Scalar) -> Result:
    """A personal name in the canonical form of the data standards, section 4.

    Trimmed, no spaces between Han characters, every middle dot as U+00B7, bracketed
    aliases left off (``name_alias`` tells them), foreign names in capitals. Private
    use characters become those to which GB 18030-2022 moved them, or unreadable.
    Source: data standards, section 4; GB 18030-2022.
    """
    if type(value) is str and _PLAIN_NAME.fullmatch(value) and _LOSS not in value:
        return value
    original = as_text(value)
    if is_blank(original):
        return ABSENT
    if not isinstance(value, str):
        return Unreadable(original, NO_TEXT)
    if len(original) > _LONGEST:
        return Unreadable(original, _ON_LENGTH)
    found, _ = _parts(original)
    if is_blank(found):
        return Unreadable(original, _ONLY_ALIAS)
    objection = _objection(found)
    return Unreadable(original, objection) if objection else found


def name_alias(value: Scalar) -> Result:
    """The aliases that stand in brackets behind a name, joined by ``、``.

    Source: data standards, section 4 (别名, 绰号, 曾用名, 自报).
    """
    original = as_text(value)
    if len(original) > _LONGEST:
        return Unreadable(original, _ON_LENGTH)
    _, aliases = _parts(original)
    found = "、".join(dict.fromkeys(one for one in aliases if one))
    if not found:
        return ABSENT
    objection = _objection(found)
    return Unreadable(original, objection) if objection else found


def name_self_stated(value: Scalar) -> Result:
    """True where 自报 stands in brackets behind a name; absent where it does not.

    Source: Criminal Procedure Law, article 160: a suspect who conceals the true
    name is prosecuted under the self-stated one.
    """
    return True if _SELF_STATED.search(as_text(value)) else ABSENT


def _parts(original: str) -> tuple[str, list[str]]:
    """A name without its bracketed aliases, and these; all in canonical form."""
    found, aliases = unspaced(original), []
    if _IS_PRIVATE.search(found):
        found = found.translate(GB18030_MOVED)
    while alias := _ALIAS.search(found):
        aliases.append(_canonical(alias[1]))
        found = found[: alias.start()] + found[alias.end() :]
    return _canonical(found), aliases


def _canonical(found: str) -> str:
    found = found.replace("\u3000", " ").strip(" \t\r\n")
    found = _DOTS.sub("\u00b7", found)
    if _ODD.search(found):
        return found  # unreadable: nothing more is done to it
    found = _DOTS_BETWEEN_HAN.sub("\u00b7", found)
    found = _SPACES_BETWEEN_HAN.sub("", found)
    if _WIDE_LATIN.search(found):
        found = found.translate(_LATIN)
    found = " ".join(found.split())
    return found if _HAS_HAN.search(found) else found.upper()


def _objection(found: str) -> Text | None:
    odd = _ODD.search(found)
    if odd is None:
        return DAMAGED if _LOSS in found else None
    return next(
        reason
        for marks, reason in _OBJECTIONS.items()
        if re.match(f"[{marks}]", odd[0])
    )


_NAME, _ALIAS_TITLE = Text("姓名", "a name"), Text("别名", "an alias")

CONVERTERS = (
    Converter("name", _NAME, "text", name, as_it_is(name)),
    Converter("name_alias", _ALIAS_TITLE, "text", name_alias),
    Converter(
        "name_self_stated",
        Text("自报姓名", "a self-stated name"),
        "flag",
        name_self_stated,
    ),
)
