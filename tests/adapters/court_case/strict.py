"""What the simulated court accepts at ``POST /api/la``, and nothing else."""

from __future__ import annotations

from typing import Any

from tests.adapters.court_case import words
from tests.simulators import forms
from tests.simulators.forms import day, like, loose, text


def _numbers(name: str, known: dict[str, int]) -> forms.Word:
    return forms.Word(name, {str(number) for number in known.values()}.__contains__)


_CRIME = forms.Form({"zm": forms.Word("罪名", like(r"3\d{8}"))}, {})
_MEASURE = forms.Form(
    {"qzcs": _numbers("强制措施", words.MEASURES)}, {"qsrq": day, "jzrq": day}
)
_PARTY = forms.Form(
    {
        "xm": text,
        "ssdw": forms.Word("诉讼地位", like(r"[1-6]")),
        "zmlb": forms.Many(_CRIME, 1),
    },
    {
        "xb": _numbers("性别", words.SEX),
        "csrq": day,
        "zjlx": forms.Word("证件类型", like(r"[123]")),
        "zjhm": like(r"[0-9A-Z]{5,18}"),
        "mz": forms.Word("民族", like(r"\d{1,2}")),
        "whcd": forms.Word("文化程度", like(r"5\d\d")),
        "hjd": like(r"\d{6}"),
        "zz": loose,
        "zy": loose,
        "qzcslb": forms.Many(_MEASURE),
    },
)
_PAPER = forms.Form(
    {"wslx": forms.Word("文书类型", like(r"9\d{3}")), "wsmc": text},
    {"wswh": loose, "qfrq": day},
)
_CASE = forms.Form(
    {"ajmc": text, "tysah": like(r"\d{17}"), "gsjg": like(r"\d{6}")},
    {"gaajbh": like(r"A\d{22}"), "bmsah": text, "ajss": loose},
)
MESSAGE = forms.Form(
    {
        "sjbs": like(r"[0-9A-Fa-f]{32}"),
        "fsdw": like(r"\d{6}"),
        "fydz": text,
        "fssj": forms.moment,
        "aj": _CASE,
        "dsr": forms.Many(_PARTY, 1),
        "ws": forms.Many(_PAPER),
    },
    {},
)

REQUIRED = ("INDICTMENT_DOC", "DOSSIER_INDEX")


def check_message(message: Any) -> None:
    """Raises ``forms.Refused`` unless the message is as the interface says."""
    forms.check(message, MESSAGE, "报文")


def lacking(message: dict[str, Any]) -> list[str]:
    """The names of required documents that the message does not bring."""
    brought = {paper["wslx"] for paper in message["ws"]}
    wanted = [words.DOCUMENTS[kind] for kind in REQUIRED]
    return [name for code, name in wanted if str(code) not in brought]
