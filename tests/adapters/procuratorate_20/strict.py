"""What the simulated system accepts at ``POST /api/xt/js``, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.adapters.procuratorate_20 import words
from tests.simulators import forms

_CRIME = forms.Form(
    {"zmdm": forms.Word("罪名", forms.like(r"1403\d{9}"))}, {"zmmc": forms.loose}
)
_MEASURE = forms.Form(
    {"qzcs": forms.Word("强制措施", forms.one_of(words.MEASURES))},
    {"jdjgDwdm": forms.like(r"\d{6}|\d{12}"), "ksrq": forms.day, "jsrq": forms.day},
)
_PAPER = forms.Form(
    {"wsmbbm": forms.Word("文书模板", forms.like(r"23\d{4}")), "wsmc": forms.text},
    {"wswh": forms.loose, "qfrq": forms.day},
)
_SENTENCE = forms.Form(
    {"pjjg": forms.Word("判决结果", forms.one_of(words.RESULTS))},
    {
        "xz": forms.Word("刑种", forms.one_of(words.PENALTIES)),
        "xq": forms.like(r"\d{6}"),
        "hxyf": forms.whole,
        "fj": forms.like(r"\d+\.\d{2}"),
        "pjrq": forms.day,
        "sxrq": forms.day,
    },
)
_WHO = {
    "cym": forms.loose,
    "xb": forms.Word("性别", forms.one_of(words.SEX)),
    "csrq": forms.day,
    "zjlx": forms.Word("证件类型", lambda value: value in ("身份证", "护照")),
    "zjhm": forms.like(r"[0-9A-Z]{5,18}"),
    "mz": forms.Word("民族", forms.text),
    "whcd": forms.Word("文化程度", forms.text),
    "hjdxzqh": forms.Word("行政区划", forms.like(r"\d{6}")),
    "zsd": forms.loose,
    "zy": forms.loose,
}
_SUSPECT = forms.Form(
    {"xm": forms.text, "zmxx": forms.Many(_CRIME, 1)},
    {**_WHO, "qzcsxx": forms.Many(_MEASURE)},
)
_CONVICT = forms.Form({"xm": forms.text, "pjxx": _SENTENCE}, {"zjhm": _WHO["zjhm"]})

_ENVELOPE = {
    "sjbsbh": forms.like(r"[0-9A-Fa-f]{32}"),
    "ywlb": forms.like(r"\d{4}"),
    "lcjdbh": forms.like(r"\d{4}"),
    "fsdwbh": forms.like(r"\d{6}|\d{12}"),
    "jsdwbh": forms.like(r"\d{6}"),
    "fssj": forms.moment,
    "sjlx": forms.like("[12]"),
}
_POLICE_CASE = forms.Form(
    {"ajbh": forms.like(r"A\d{22}"), "ajmc": forms.text},
    {"aqzy": forms.loose, "larq": forms.day, "zcjgDwdm": forms.like(r"\d{12}")},
)
_COURT_CASE = forms.Form(
    {"fyah": forms.text},
    {
        "bmsah": forms.text,
        "tysah": forms.like(r"\d{17}"),
        "ajbh": forms.text,
        "ajmc": forms.text,
        "jarq": forms.day,
    },
)

#: local node number -> what the message must look like
NODES: Mapping[str, forms.Form] = {
    "1101": forms.Form(
        {
            **_ENVELOPE,
            "ajxx": _POLICE_CASE,
            "xyrxx": forms.Many(_SUSPECT, 1),
            "wsxx": forms.Many(_PAPER),
        },
        {},
    ),
    "1301": forms.Form(
        {
            **_ENVELOPE,
            "ajxx": _COURT_CASE,
            "xyrxx": forms.Many(_CONVICT, 1),
            "wsxx": forms.Many(_PAPER),
        },
        {},
    ),
}

#: local node number -> documents without which it is sent back
REQUIRED = {"1101": ("PROSECUTION_OPINION",), "1301": ("JUDGMENT_DOC",)}


def check_message(message: Any) -> None:
    """Raises ``forms.Refused`` unless the message is as the interface says."""
    if not isinstance(message, dict):
        raise forms.Refused("报文应为对象")
    node = str(message.get("lcjdbh", ""))
    if node not in NODES:
        raise forms.Refused("lcjdbh 字典值无法识别（流程节点）", is_code=True)
    forms.check(message, NODES[node], "报文")


def lacking(message: dict[str, Any]) -> list[str]:
    """The names of required documents that the message does not bring."""
    brought = {paper["wsmbbm"] for paper in message["wsxx"]}
    wanted = [words.DOCUMENTS[kind] for kind in REQUIRED[message["lcjdbh"]]]
    return [name for code, name in wanted if code not in brought]
