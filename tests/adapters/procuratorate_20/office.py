"""What the officers of the simulated procuratorate do with their cases."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime
from typing import Any

from tests.adapters.procuratorate_20 import words
from tests.adapters.procuratorate_20.strict import check_message, lacking
from tests.simulators.state import State

Body = dict[str, Any]

_FIRST_NUMBER = 70001


class Conflict(Exception):
    """The same message id came with other content."""


class Office:
    """Takes in messages and works on cases; everything is on disk when it returns."""

    def __init__(self, state: State) -> None:
        self.state = state

    def now(self) -> str:
        """The office's clock: Shanghai, no zone, as the system writes it."""
        return f"{datetime.now(words.SHANGHAI):%Y-%m-%d %H:%M:%S}"

    def act(self, order: Body) -> Body:
        """``indict``, ``send_back`` or ``touch`` a case."""
        key = order["department_number"]
        if order["do"] == "indict":
            return self._indict(key, order.get("documents"))
        if order["do"] == "send_back":
            return self._change(key, {"dqjd": "1106"})
        if order["do"] == "touch":
            return self.touch(key, str(order.get("at") or ""))
        raise ValueError(f"unknown order {order['do']}")

    def touch(self, key: str, at: str = "") -> Body:
        """Change nothing but the time; ``at``: a commit that took long."""
        return self._write(key, self._form(key), at)

    def receive(self, message: Any) -> Body:
        """Take a message in, once; raises ``Refused`` or ``Conflict``.

        The number is reserved under the message's id before the case is written,
        so a kill in between leaves one case after the message comes again.
        """
        check_message(message)
        digest = _digest(message)
        known = self.state.answered(message["sjbsbh"])
        if known is not None:
            if known[0] != digest:
                raise Conflict("数据标识冲突：同一标识的内容不同")
            return known[1]
        answer = self._decide(message)
        text = json.dumps(message, ensure_ascii=False)
        self.state.receive(message["sjbsbh"], digest, answer, text)
        return answer

    def _decide(self, message: Body) -> Body:
        if message["jsdwbh"] not in words.PLACES:
            return _sent_back("TH01", "不属于本院管辖")
        missing = lacking(message)
        if missing:
            return _sent_back("TH02", f"缺少{'、'.join(missing)}")
        if message["lcjdbh"] == "1301":
            return self._take_judgment(message)
        return self._open_case(message)

    def _open_case(self, message: Body) -> Body:
        told = message["ajxx"]
        for _, _, body in self._cases():
            is_own = body.get("sjbs") == message["sjbsbh"]
            if body["form"]["ajbh"] == told["ajbh"] and not is_own:
                return _sent_back("TH13", "该案已受理")
        form = _form(message, self._number(message["sjbsbh"]), self.now())
        self._write(form["bmsah"], form, sjbs=message["sjbsbh"])
        return {"jszt": "1", "bmsah": form["bmsah"], "tysah": form["tysah"]}

    def _number(self, message_id: str) -> int:
        reserved = self.state.setting(f"number/{message_id}")
        if reserved is None:
            reserved = self.state.setting("next_number") or str(_FIRST_NUMBER)
            self.state.set("next_number", str(int(reserved) + 1))
            self.state.set(f"number/{message_id}", reserved)
        return int(reserved)

    def _take_judgment(self, message: Body) -> Body:
        told = message["ajxx"]
        key = self._find(told.get("bmsah", ""), told.get("tysah", ""))
        if key is None:
            return _sent_back("TH01", "本院无此案")
        form = self._form(key)
        given = {_bare(person["xm"]): person["pjxx"] for person in message["xyrxx"]}
        for person in form["xyrxx"]:
            if _bare(person["xm"]) in given:
                sentence = given[_bare(person["xm"])]
                person["pjxx"] = _dated(sentence, ("pjrq", "sxrq"))
                person["ryjd"] = "1104"
        form |= {"fyah": told["fyah"], "dqjd": "1104"}
        self._write(key, form)
        return {"jszt": "1", "bmsah": key, "tysah": form["tysah"]}

    def _find(self, department: str, unified: str) -> str | None:
        if department and self.state.get("case", department):
            return department
        return next(
            (key for key, _, body in self._cases() if body["form"]["tysah"] == unified),
            None,
        )

    def _cases(self) -> list[tuple[str, str, Body]]:
        return self.state.changes("case", "", self.state.count("case"), 0)

    def _indict(self, key: str, documents: list[Body] | None) -> Body:
        form = self._form(key)
        place, year, day = key.partition("检")[0], self.now()[:4], self.now()[:10]
        number = int(key.rpartition("]")[2][6:-1])
        own = [
            words.Paper(
                kind,
                words.DOCUMENTS[kind][1],
                f"{place}检{word}〔{year}〕{number}号",
                day,
            )
            for kind, word in (
                ("INDICTMENT_DOC", "刑诉"),
                ("SENTENCING_RECOMMENDATION_DOC", "刑量建"),
            )
        ]
        papers = [_paper(told, day) for told in documents] if documents else own
        listed = form["xxnr"].removesuffix("]")
        more = words.pseudo(papers).removeprefix("[")
        form["xxnr"] = f"{listed},{more}" if listed != "[" else f"[{more}"
        form["dqjd"] = "1102"
        form["bjrq"] = words.stamp_millis(f"{day} 00:00:00")
        for person in form["xyrxx"]:
            person["ryjd"] = "1102"
        return self._write(key, form)

    def _change(self, key: str, told: Body) -> Body:
        return self._write(key, self._form(key) | told)

    def _form(self, key: str) -> Body:
        body = self.state.get("case", key)
        if body is None:
            raise LookupError(f"no case {key}")
        return dict(body["form"])

    def _write(self, key: str, form: Body, at: str = "", **more: str) -> Body:
        body = self.state.get("case", key) or {"dirt": "", "accepted": self.now()[:10]}
        at = at or self.now()
        form["zhxgsj"] = words.stamp_millis(at)
        self.state.put("case", key, at, body | more | {"form": form})
        return {"department_number": key, "unified_number": form["tysah"]}


def _bare(name: str) -> str:
    """A name without spaces and dots, to compare two spellings of one."""
    return re.sub(r"[\s·•‧・]", "", name)


def _digest(message: Body) -> str:
    """Of the content; the time of sending differs with every attempt."""
    content = {name: value for name, value in message.items() if name != "fssj"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _sent_back(code: str, text: str) -> Body:
    return {"jszt": "2", "thyy": [{"dm": code, "ms": text}]}


def _paper(told: Body, day: str) -> words.Paper:
    name = told.get("name") or words.DOCUMENTS[told["type"]][1]
    return words.Paper(
        told["type"], name, told.get("number", ""), told.get("issued", day)
    )


def _dated(told: Body, fields: tuple[str, ...]) -> Body:
    """The same with ISO dates as epoch milliseconds, the detail service's form."""
    return {
        name: words.stamp_millis(f"{value} 00:00:00") if name in fields else value
        for name, value in told.items()
    }


def _form(message: Body, number: int, now: str) -> Body:
    """The detail form of a case that came in by a message."""
    told, unit = message["ajxx"], message["jsdwbh"]
    place, year, today = words.PLACES[unit], now[:4], f"{now[:10]} 00:00:00"
    crimes = [crime for person in message["xyrxx"] for crime in person["zmxx"]]
    bmsah = f"{place}检刑诉受[{year}]{unit}{number:06d}号"
    return {
        "bmsah": bmsah,
        "tysah": f"{unit}{year}{number:05d}01",
        "ajbh": told["ajbh"],
        "fyah": None,
        "ajmc": told["ajmc"],
        "ajlbbm": "1403001",
        "ajlbmc": "一审公诉案件",
        "ysayAydm": crimes[0]["zmdm"],
        "ysay": crimes[0].get("zmmc", ""),
        "ysqtay": "",
        "aqzy": told.get("aqzy"),
        "larq": _dated(told, ("larq",)).get("larq"),
        "slrq": words.stamp_millis(today),
        "dqrq": words.stamp_millis(today) + 30 * 86_400_000,
        "ajzt": "1",
        "dqjd": "1101",
        "sfsc": "N",
        "sfdbaj": "N",
        "zhxgsj": words.stamp_millis(now),
        "zcjgDwdm": told.get("zcjgDwdm"),
        "zcjgDwmc": "",
        "yswswh": "",
        "cbdwbm": unit,
        "cbdwmc": f"{place}人民检察院",
        "cbrxm": "承办检察官",
        "cbrgh": f"{unit}01",
        "xyrxx": [_suspect(person, bmsah) for person in message["xyrxx"]],
        "lcxx": [],
        "xxnr": "[]",
    }


def _suspect(told: Body, bmsah: str) -> Body:
    key = hashlib.md5(f"{bmsah}/{told['xm']}".encode(), usedforsecurity=False)
    measures = [_dated(item, ("ksrq", "jsrq")) for item in told.get("qzcsxx", [])]
    return told | {
        "xyrbh": key.hexdigest(),
        "qzcsxx": measures,
        "ryjd": "1101",
        "pjxx": None,
    }
