"""What happens at the counters of the simulated centre, by its own clock."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.adapters.detention_centre import strict, words
from tests.simulators.state import State

Body = dict[str, Any]

_CUSTODY = ("拘留", "逮捕")
#: the police units whose centre this is
_OURS = ("421300000000", "421381000000", "421303000000", "421321000000")
_SLOT = timedelta(minutes=30)


class No(Exception):
    """The centre says no, in its own code and words."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@dataclass(slots=True)
class Clock:
    """The centre's clock: it can be set, goes on by itself and outlives a kill."""

    state: State
    opens: str
    closes: str

    def now(self) -> datetime:
        """The centre's local time."""
        shown = datetime.strptime(self.state.setting("clock") or "", words.STAMP)  # noqa: DTZ007
        passed = time.time() - float(self.state.setting("clock_set") or 0)
        return shown + timedelta(seconds=passed)

    def set(self, shown: str) -> None:
        """Let it show this time now."""
        datetime.strptime(shown, words.STAMP)  # noqa: DTZ007
        self.state.set("clock", shown)
        self.state.set("clock_set", str(time.time()))

    def opening(self) -> str:
        """When it opens next, if it is closed now."""
        now = self.now()
        at = f"{now:%H:%M}"
        if self.opens <= at < self.closes:
            return ""
        day = now.date() + timedelta(days=1 if at >= self.closes else 0)
        return f"{day} {self.opens}:00"


class Office:
    """Takes messages in and keeps the register; on disk when it returns."""

    def __init__(self, state: State, clock: Clock) -> None:
        self.state = state
        self.clock = clock

    def receive(self, root: str, message: Body) -> Body:
        """Take a message in, once. Raises ``No`` for other content under its id."""
        content = {name: told for name, told in message.items() if name != "FSSJ"}
        text = json.dumps([root, content], sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        known = self.state.answered(message["SJBS"])
        if known is not None:
            if known[0] != digest:
                raise No("1003", "数据标识冲突：同一标识的内容不同")
            return known[1]
        try:
            self._work(root, message)
            tail = message["SJBS"][:10].upper()
            answer = {"code": "0000", "text": "成功", "HZBH": f"{root}HZ{tail}"}
        except No as refusal:
            answer = {"code": refusal.code, "text": refusal.text}
        self.state.receive(message["SJBS"], digest, answer, text)
        return answer

    def _work(self, root: str, message: Body) -> None:
        if root == "TX":
            return self._book(message)
        if message["JSDW"] not in _OURS:
            raise No("2009", "报文不是发给本所的")
        papers = [one["WSMC"] for one in message.get("WSLB", {}).get("WS", [])]
        if strict.PAPERS[root] not in papers:
            raise No("2006", f"缺少{strict.PAPERS[root]}")
        found = [self._held(message["AJBH"], who) for who in message["RYLB"]["RY"]]
        work = self._change if root == "HY" else self._extend
        # all persons are looked at before the first is written
        for told in [
            work(body, who, message)
            for body, who in zip(found, message["RYLB"]["RY"], strict=True)
        ]:
            self.save(told)
        return None

    def _held(self, case: str, who: Body) -> Body:
        for _, _, body in self.state.changes("person", "", 100_000, 0):
            form = body["form"]
            if form["SYXX"]["AJBH"] == case and body["id"] == who.get("SFZH"):
                if form["SYXX"]["CSRQ"]:
                    raise No("2005", "该人员已出所")
                return body
        raise No("2001", "本所无此在押人员")

    def _change(self, body: Body, who: Body, message: Body) -> Body:
        form = body["form"]
        term = form["SYXX"]
        if message["XHJ"] <= term["SSHJ"]:
            raise No("2002", f"现为 {term['SSHJ']} 环节，不能换押到 {message['XHJ']}")
        if term["HJJS"] != "Y":
            raise No("2003", "上一诉讼环节未办结，不予换押")
        if body["ends_on"] < f"{self.clock.now().date()}":
            raise No("2004", "羁押期限已届满，不予换押")
        entry = {
            "HYSJ": words.stamp(self.clock.now()),
            "YHJ": term["SSHJ"],
            "XHJ": message["XHJ"],
            "XBADW": message["XBADW"],
        }
        changed = {"SSHJ": message["XHJ"], "HJJS": "N", "BADW": message["XBADW"]}
        log = {"HY": [*form["HYJL"]["HY"], entry]}
        form = form | {"SYXX": term | changed, "HYJL": log}
        return self._with_term(body | {"form": form}, who)

    def _extend(self, body: Body, who: Body, message: Body) -> Body:
        told = self._with_term(body, who)
        if told["ends_on"] <= f"{self.clock.now().date()}":
            raise No("2004", "新的羁押期限早于今日")
        return told

    def _with_term(self, body: Body, who: Body) -> Body:
        """The last day of the custody that the message tells, if it tells one."""
        told = [
            one["JSRQ"]
            for one in who.get("QZCS", {}).get("CS", [])
            if one["CSLX"] in _CUSTODY and "JSRQ" in one
        ]
        if not told:
            return body
        day = max(told)
        term = body["form"]["SYXX"] | {"JYQXJZRQ": day}
        form = body["form"] | {"SYXX": term}
        return body | {"form": form, "ends_on": f"{day[:4]}-{day[4:6]}-{day[6:]}"}

    def _book(self, message: Body) -> None:
        """A slot of half an hour for the unit of the present stage."""
        body = self.state.get("person", message["RYBH"])
        if body is None:
            raise No("2001", "本所无此在押人员")
        form = body["form"]
        if form["SYXX"]["BADW"] != message["BADW"]:
            raise No("2007", "非本环节办案单位")
        start = datetime.strptime(message["KSSJ"], words.STAMP)  # noqa: DTZ007
        at, end = f"{start:%H:%M}", f"{start + _SLOT:%H:%M}"
        is_open = self.clock.opens <= at < end <= self.clock.closes
        if start < self.clock.now() or start.minute % 30 or not is_open:
            raise No("2008", "时段不可预约")
        taken = form["TXJL"]["TX"]
        if any(one["KSSJ"] == message["KSSJ"] for one in taken):
            raise No("2008", "时段已被预约")
        entry = {"KSSJ": message["KSSJ"], "BADW": message["BADW"]}
        self.save(body | {"form": form | {"TXJL": {"TX": [*taken, entry]}}})

    def save(self, body: Body, key: str = "", at: str = "") -> Body:
        """Keep a record as changed now; ``at``: a commit that took long."""
        now = at or words.stamp(self.clock.now())
        form = body["form"] | {"XGSJ": now}
        found = key or body.get("key") or form["RYBH"]
        self.state.put("person", found, now, body | {"form": form, "key": found})
        return {"number": found}

    def act(self, order: Body) -> Body:
        """``clock``, ``close_stage``, ``release``, ``touch`` or ``admit``."""
        if order["do"] == "clock":
            self.clock.set(order["at"])
            return {"now": words.stamp(self.clock.now())}
        if order["do"] == "admit":
            return {"number": self._admit(order)}
        bodies = self._named(order)
        for body in bodies:
            self._act(order["do"], body, str(order.get("at") or ""))
        return {"number": bodies[0]["key"]}

    def _act(self, do: str, body: Body, at: str) -> None:
        changed = {
            "close_stage": {"HJJS": "Y"},
            "release": {"CSRQ": words.stamp(self.clock.now())},
            "touch": {},
        }[do]
        form = body["form"]
        self.save(body | {"form": form | {"SYXX": form["SYXX"] | changed}}, at=at)

    def _named(self, order: Body) -> list[Body]:
        found = [
            body
            for key, _, body in self.state.changes("person", "", 100_000, 0)
            if order.get("number") == key
            or order.get("police_number") == body["form"]["SYXX"]["AJBH"]
        ]
        if not found:
            raise LookupError("nobody of that number is held here")
        return found

    def _admit(self, order: Body) -> str:
        """Somebody is brought in: a person told as the world's officers tell it."""
        person, division = order["person"], order["division"]
        place = self.state.count("person")
        day = person["measures"][0]["start"].replace("-", "")
        number = f"{words.CENTRES[division]}{day}{9000 + place % 1000:04d}"
        self.save(words_of(order, number), number)
        return number


def words_of(order: Body, number: str) -> Body:
    """The record of somebody who is brought in."""
    who, division = order["person"], order["division"]
    police = words.local("agency")[f"POLICE-{division}"]
    ends_on = order["ends_on"]
    form = {
        "RYBH": number,
        "RYXX": {
            "XM": who["name"],
            "BM": "",
            "XB": words.local("sex")[who["sex"]],
            "CSRQ": who["birth"].replace("-", ""),
            "ZJLX": "居民身份证",
            "SFZH": who["id_number"],
            "MZ": words.local("ethnic_group")[who["ethnic_group"]],
            "WHCD": words.local("education")[who["education"]],
            "HJD": who["household"],
            "JZD": who["address"],
            "ZY": who["occupation"],
        },
        "SYXX": {
            "PTTYAH": "",
            "AJBH": order["police_number"],
            "AJMC": order["title"],
            "SXZM": order["crime"],
            "KSS": words.CENTRES[division],
            "SYDW": police,
            "BADW": police,
            "SSHJ": "11",
            "HJJS": "N",
            "JYYY": words.local("compulsory_measure")[who["measures"][0]["kind"]],
            "RSRQ": who["measures"][0]["start"].replace("-", "."),
            "JYQXJZRQ": ends_on.replace("-", ""),
            "CSRQ": "",
        },
        "HYJL": {"HY": []},
        "TXJL": {"TX": []},
        "JSH": "001",
        "GJMJ": "管教民警",
    }
    return {"form": form, "dirt": "", "id": who["id_number"], "ends_on": ends_on}
