"""How a person may write a case number: any bracket, full-width, with spaces."""

from __future__ import annotations

from hub.errors import RequestInvalid
from hub.records.shape import NUMBER_SCHEMES

SCHEMES: tuple[str, ...] = ("hub", *NUMBER_SCHEMES.values())

_OPEN, _CLOSE = "([{（［【〔〖｛", ")]}）］】〕〗｝"
_PAIRS = ("()", "[]", "（）", "〔〕")
_LONGEST = 100
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def spellings(number: str) -> tuple[str, ...]:
    """The forms under which a number may be stored. Raises ``RequestInvalid``.

    Full-width letters and digits become half-width, white space goes; brackets
    are tried in every pair that agencies use, since which one is right depends
    on the scheme and nobody types them alike.
    """
    plain = "".join(number.split()).translate(
        {code: half for code, half in _HALF.items() if chr(code) not in _OPEN + _CLOSE}
    )
    if not plain or len(plain) > _LONGEST:
        raise RequestInvalid(
            f"案号为空或超过 {_LONGEST} 个字",
            f"The number is empty or longer than {_LONGEST} characters",
            where="number",
        )
    forms = [plain.upper(), plain]
    for pair in _PAIRS:
        own = pair[0] * len(_OPEN) + pair[1] * len(_CLOSE)
        form = plain.upper().translate(str.maketrans(_OPEN + _CLOSE, own))
        forms.append(form)
    return tuple(dict.fromkeys(forms))
