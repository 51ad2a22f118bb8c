"""What the simulated system accepts at ``POST /api/xt/js``, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.adapters.procuratorate_20 import words

Check = Callable[[Any], bool]


class Refused(ValueError):
    """The message breaks the interface; ``code`` is the retCode for it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Form:
    """An object: its keys, which of them must be there, and what each holds."""

    needs: Mapping[str, Any]
    may: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one form, with at least so many."""

    form: Form
    least: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A value of one of the system's dictionaries."""

    name: str
    known: Check


def check(value: Any, rule: Any, where: str) -> None:
    """Raises ``Refused`` at the first thing that is not as the interface says."""
    if isinstance(rule, Form):
        _check_form(value, rule, where)
    elif isinstance(rule, Many):
        if not isinstance(value, list) or len(value) < rule.least:
            raise Refused("1001", f"{where} 应为数组")
        for index, item in enumerate(value):
            check(item, rule.form, f"{where}[{index}]")
    elif isinstance(rule, Word):
        if not isinstance(value, str) or not rule.known(value):
            raise Refused("1002", f"{where} 字典值无法识别（{rule.name}）")
    elif not rule(value):
        raise Refused("1001", f"{where} 格式错误")


def _check_form(value: Any, rule: Form, where: str) -> None:
    if not isinstance(value, dict):
        raise Refused("1001", f"{where} 应为对象")
    unknown = set(value) - set(rule.needs) - set(rule.may)
    if unknown:
        raise Refused("1001", f"{where} 含未知字段 {sorted(unknown)[0]}")
    missing = set(rule.needs) - set(value)
    if missing:
        raise Refused("1001", f"{where} 缺少字段 {sorted(missing)[0]}")
    for name, item in value.items():
        check(item, rule.needs.get(name) or rule.may[name], f"{where}.{name}")


def _text(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _loose(value: Any) -> bool:
    return isinstance(value, str)


def _like(pattern: str) -> Check:
    shape = re.compile(pattern)
    return lambda value: isinstance(value, str) and bool(shape.fullmatch(value))


def _day(value: Any) -> bool:
    try:
        return (
            isinstance(value, str)
            and len(value) == 10
            and bool(date.fromisoformat(value))
        )
    except ValueError:
        return False


def _moment(value: Any) -> bool:
    try:
        return bool(datetime.strptime(value, "%Y-%m-%d %H:%M:%S"))  # noqa: DTZ007
    except (TypeError, ValueError):
        return False


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _one_of(words_known: Mapping[str, str]) -> Check:
    return lambda value: value in words_known.values()


_CRIME = Form({"zmdm": Word("罪名", _like(r"1403\d{9}"))}, {"zmmc": _loose})
_MEASURE = Form(
    {"qzcs": Word("强制措施", _one_of(words.MEASURES))},
    {"jdjgDwdm": _like(r"\d{6}|\d{12}"), "ksrq": _day, "jsrq": _day},
)
_PAPER = Form(
    {"wsmbbm": Word("文书模板", _like(r"23\d{4}")), "wsmc": _text},
    {"wswh": _loose, "qfrq": _day},
)
_SENTENCE = Form(
    {"pjjg": Word("判决结果", _one_of(words.RESULTS))},
    {
        "xz": Word("刑种", _one_of(words.PENALTIES)),
        "xq": _like(r"\d{6}"),
        "hxyf": _whole,
        "fj": _like(r"\d+\.\d{2}"),
        "pjrq": _day,
        "sxrq": _day,
    },
)
_WHO = {
    "cym": _loose,
    "xb": Word("性别", _one_of(words.SEX)),
    "csrq": _day,
    "zjlx": Word("证件类型", lambda value: value in ("身份证", "护照")),
    "zjhm": _like(r"[0-9A-Z]{5,18}"),
    "mz": Word("民族", _text),
    "whcd": Word("文化程度", _text),
    "hjdxzqh": Word("行政区划", _like(r"\d{6}")),
    "zsd": _loose,
    "zy": _loose,
}
_SUSPECT = Form(
    {"xm": _text, "zmxx": Many(_CRIME, 1)},
    {**_WHO, "qzcsxx": Many(_MEASURE)},
)
_CONVICT = Form({"xm": _text, "pjxx": _SENTENCE}, {"zjhm": _WHO["zjhm"]})

_ENVELOPE = {
    "sjbsbh": _like(r"[0-9A-Fa-f]{32}"),
    "ywlb": _like(r"\d{4}"),
    "lcjdbh": _like(r"\d{4}"),
    "fsdwbh": _like(r"\d{6}|\d{12}"),
    "jsdwbh": _like(r"\d{6}"),
    "fssj": _moment,
    "sjlx": _like("[12]"),
}
_POLICE_CASE = Form(
    {"ajbh": _like(r"A\d{22}"), "ajmc": _text},
    {"aqzy": _loose, "larq": _day, "zcjgDwdm": _like(r"\d{12}")},
)
_COURT_CASE = Form(
    {"fyah": _text},
    {
        "bmsah": _text,
        "tysah": _like(r"\d{17}"),
        "ajbh": _text,
        "ajmc": _text,
        "jarq": _day,
    },
)

#: local node number -> what the message must look like
NODES: Mapping[str, Form] = {
    "1101": Form(
        {
            **_ENVELOPE,
            "ajxx": _POLICE_CASE,
            "xyrxx": Many(_SUSPECT, 1),
            "wsxx": Many(_PAPER),
        },
        {},
    ),
    "1301": Form(
        {
            **_ENVELOPE,
            "ajxx": _COURT_CASE,
            "xyrxx": Many(_CONVICT, 1),
            "wsxx": Many(_PAPER),
        },
        {},
    ),
}

#: local node number -> documents without which it is sent back
REQUIRED = {"1101": ("PROSECUTION_OPINION",), "1301": ("JUDGMENT_DOC",)}


def check_message(message: Any) -> None:
    """Raises ``Refused`` unless the message is as the interface says."""
    if not isinstance(message, dict):
        raise Refused("1001", "报文应为对象")
    node = str(message.get("lcjdbh", ""))
    if node not in NODES:
        raise Refused("1002", "lcjdbh 字典值无法识别（流程节点）")
    check(message, NODES[node], "报文")


def lacking(message: dict[str, Any]) -> list[str]:
    """The names of required documents that the message does not bring."""
    brought = {paper["wsmbbm"] for paper in message["wsxx"]}
    wanted = [words.DOCUMENTS[kind] for kind in REQUIRED[message["lcjdbh"]]]
    return [name for code, name in wanted if code not in brought]
