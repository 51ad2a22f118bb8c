"""What the keepers of the simulated centre do with lists and things."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.adapters.case_property import words
from tests.simulators import forms
from tests.simulators.state import State

Body = dict[str, Any]
SHANGHAI = ZoneInfo("Asia/Shanghai")
CENTRES = ("ZX421300", "ZX421303", "ZX421321", "ZX421381")
NEEDED = ("SEIZURE_LIST", "PROPERTY_TRANSFER_LIST")

_LIST = forms.Form(
    {
        "lx": forms.Word(
            "清单类型", lambda told: told in {code for code, _ in words.PAPERS.values()}
        )
    },
    {"wh": forms.loose, "rq": forms.day},
)
_MESSAGE = forms.Form(
    {
        "sjbs": forms.like(r"[0-9a-f]{32}"),
        "zx": forms.Word("中心", lambda told: told in CENTRES),
        "fssj": forms.text,
        "ajbh": forms.like(r"A\d{22}"),
        "yjdw": forms.Word("单位", forms.like(r"\d{6}|\d{12}")),
    },
    {"ajmc": forms.text, "qdlb": forms.Many(_LIST)},
)


class No(Exception):
    """The centre says no: an HTTP status, its code, its words."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text


class Office:
    """Takes messages in and keeps the accounts; on disk when it returns."""

    def __init__(self, state: State) -> None:
        self.state = state

    def now(self) -> str:
        """The centre's clock."""
        return datetime.now(SHANGHAI).isoformat(timespec="milliseconds")

    def receive(self, message: Any) -> Body:
        """Take a message in, once. Raises ``Refused`` or ``No``."""
        forms.check(message, _MESSAGE, "报文")
        content = {name: told for name, told in message.items() if name != "fssj"}
        text = json.dumps(content, sort_keys=True, ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        known = self.state.answered(message["sjbs"])
        if known is not None:
            if known[0] != digest:
                raise No(409, "DUPLICATE_ID", "同一数据标识内容不同")
            return known[1]
        try:
            self._take(message)
            answer = {"status": 200, "jjbh": f"JJ{message['sjbs'][:12].upper()}"}
        except No as error:
            answer = {"status": error.status, **_error(error)}
        self.state.receive(message["sjbs"], digest, answer, text)
        return answer

    def _take(self, message: Body) -> None:
        key, body = self._account(message["ajbh"])
        form = body["form"]
        if form["zx"] != message["zx"]:
            raise No(422, "WRONG_CENTRE", "该案财物不在本中心保管")
        lists = message.get("qdlb", [])
        brought = {one["lx"] for one in lists}
        for kind in NEEDED:
            code, name = words.PAPERS[kind]
            if code not in brought:
                raise No(422, "LIST_MISSING", f"缺少{name}")
        if all(one["cksj"] for one in form["cwlb"]):
            raise No(422, "ALL_LEFT", "清单所列财物均已出库")
        if body.get("taken"):
            raise No(409, "ALREADY_TAKEN", "该案清单已接收")
        moved = {"sj": self.now(), "lx": "YS", "kw": message["yjdw"]}
        goods = [one | {"lz": [*one["lz"], moved]} for one in form["cwlb"]]
        self.save(key, body | {"form": form | {"cwlb": goods}, "taken": True})

    def _account(self, police_number: str) -> tuple[str, Body]:
        for key, _, body in self.state.changes("account", "", 100_000, 0):
            if body["form"]["ajbh"] == police_number:
                return key, body
        raise No(422, "NO_ACCOUNT", "本中心无此案财物")

    def save(self, key: str, body: Body, at: str = "") -> Body:
        """Keep an account as changed now; ``at``: a commit that took long."""
        now = f"{at.replace(' ', 'T')}.000+08:00" if at else self.now()
        self.state.put(
            "account", key, now, body | {"form": body["form"] | {"zhgxsj": now}}
        )
        return {"account": key}

    def act(self, order: Body) -> Body:
        """``touch`` an account, let everything ``leave`` it, or ``seize``."""
        if order["do"] == "seize":
            form = order["form"]
            return self.save(form["tzbh"], {"form": form, "dirt": ""})
        key = order["account"]
        body = self.state.get("account", key)
        if body is None:
            raise LookupError(f"no account {key}")
        if order["do"] == "leave":
            goods = [one | {"cksj": self.now()} for one in body["form"]["cwlb"]]
            body = body | {"form": body["form"] | {"cwlb": goods}}
        elif order["do"] != "touch":
            raise ValueError(f"unknown order {order['do']}")
        return self.save(key, body, str(order.get("at") or ""))


def _error(error: No) -> Body:
    return {"error": {"code": error.code, "message": error.text}}
