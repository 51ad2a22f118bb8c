"""What the clerks and judges of the simulated court do in its database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from tests.adapters.court_case import words
from tests.adapters.court_case.database import Database
from tests.adapters.court_case.strict import check_message, lacking
from tests.adapters.court_case.words import Row
from tests.simulators import world

_FIRST_NUMBER = 70001


class Conflict(Exception):
    """The same message id came with other content."""


class Office:
    """Takes cases in and works on them; each order is one transaction."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._schema = database.schema

    def now(self) -> str:
        """The court's clock: Shanghai, no zone, as its columns hold it."""
        return f"{datetime.now(words.SHANGHAI):%Y-%m-%d %H:%M:%S}"

    def seed(self, rows: Iterable[dict[str, list[Row]]], mark: str) -> None:
        """Fill an empty database, once."""
        with self._engine.begin() as connection:
            if self._setting(connection, "seeded"):
                return
            gathered: dict[str, list[Row]] = {}
            for found in rows:
                for table, told in found.items():
                    gathered.setdefault(table, []).extend(told)
            for table, told in gathered.items():
                self._insert(connection, table, told)
            self._set(connection, "seeded", mark)

    def known(self, message_id: str) -> tuple[str, Row] | None:
        """(digest, answer) of a message taken in before."""
        with self._engine.begin() as connection:
            return self._known(connection, message_id)

    def receive(self, message: Any) -> tuple[Row, str, bool]:
        """(answer, digest, is new). Raises ``forms.Refused`` or ``Conflict``.

        Case and message are one transaction, so a kill leaves both or neither.
        """
        check_message(message)
        digest = _digest(message)
        with self._engine.begin() as connection:
            known = self._known(connection, message["sjbs"])
            if known is not None:
                if known[0] != digest:
                    raise Conflict("重复推送：同一数据标识的内容不同")
                return known[1], digest, False
            answer = self._decide(connection, message)
            told = {"c_sjbs": message["sjbs"], "c_zy": digest}
            told["c_hd"] = json.dumps(answer, ensure_ascii=False)
            self._insert(connection, "t_sj", [told])
        return answer, digest, True

    def act(self, order: Row) -> Row:
        """``judge``, ``correct``, ``effective`` or ``touch`` a case."""
        done = {
            "judge": self._judge,
            "correct": self._correct,
            "effective": self._effective,
            "touch": lambda *_: None,
        }[order["do"]]
        with self._engine.begin() as connection:
            case = self._case(connection, order["court_number"])
            done(connection, case, order)
            at = order.get("at") or self.now()  # a commit that took long tells its own
            self._update(connection, "t_aj", case["c_bh"], {"d_zhgxsj": at})
        return {"court_number": case["c_ah"].strip()}

    def _decide(self, connection: Connection, message: Row) -> Row:
        signs = {words.sign(division): division for division in words.COURTS}
        if message["fydz"] not in signs:
            return _no("不属于本院管辖")
        missing = lacking(message)
        if missing:
            return _no(f"材料不齐，缺少{'、'.join(missing)}")
        if self._rows(connection, "t_aj", c_tysah=message["aj"]["tysah"]):
            return _no("重复推送，该案已立案")
        return self._open_case(connection, message, signs[message["fydz"]])

    def _open_case(self, connection: Connection, message: Row, division: str) -> Row:
        number = int(self._setting(connection, "next_number") or _FIRST_NUMBER)
        self._set(connection, "next_number", str(number + 1))
        now = self.now()
        rows = _taken(message, f"（{now[:4]}）{message['fydz']}刑初{number}号", now)
        rows["t_aj"][0]["c_fydm"] = words.COURTS[division]
        for table, told in rows.items():
            self._insert(connection, table, told)
        case = rows["t_aj"][0]
        return {"accepted": True, "ah": case["c_ah"], "bh": case["c_bh"]}

    def _judge(self, connection: Connection, case: Row, order: Row) -> None:
        given = world.Sentence(
            order["result"],
            order["penalty"],
            int(order["months"]),
            int(order["probation_months"]),
            int(order["fine"]),
        )
        today = self.now()[:10]
        day = date.fromisoformat(order.get("on", today))
        for party in self._rows(connection, "t_dsr", c_ajbh=case["c_bh"]):
            row = words.judgment(party, given, judged=day, effective=None)
            self._insert(connection, "t_pj", [row])
            self._update(connection, "t_dsr", party["c_bh"], {"n_sljd": words.JUDGED})
        told = {"n_sljd": words.JUDGED, "d_jarq": day, "n_jafs": 1}
        self._update(connection, "t_aj", case["c_bh"], told)
        self._find(connection, case, order.get("finds", {}))
        own = ("JUDGMENT_DOC", "SERVICE_RECEIPT")
        self._file(connection, case, order.get("documents"), own, today)

    def _find(self, connection: Connection, case: Row, finds: Row) -> None:
        """What the trial established differently from what was handed over."""
        if "title" in finds:
            told = {"c_ajmc": finds["title"]}
            self._update(connection, "t_aj", case["c_bh"], told)
        if "address" in finds:
            for party in self._rows(connection, "t_dsr", c_ajbh=case["c_bh"]):
                told = {"c_zz": finds["address"]}
                self._update(connection, "t_dsr", party["c_bh"], told)

    def _correct(self, connection: Connection, case: Row, order: Row) -> None:
        """A ruling that changes what ``order`` names and leaves the rest."""
        told: Row = {}
        if "months" in order:
            told["c_xq"] = words.term("", int(order["months"]))
        if "fine" in order:
            told["n_fj"] = int(order["fine"]) / 10_000
        for party in self._rows(connection, "t_dsr", c_ajbh=case["c_bh"]):
            before = self._rows(connection, "t_pj", c_dsrbh=party["c_bh"])
            place = len(before) + 1
            named = {"c_bh": words.row_id("pj", party["c_bh"], place)}
            named |= {"c_ajbh": case["c_bh"], "c_dsrbh": party["c_bh"]}
            ruling = named | told | {"n_pjxh": place, "n_pjlx": 2}
            self._insert(connection, "t_pj", [ruling])
        self._file(connection, case, None, ("CORRECTION_RULING",), self.now()[:10])

    def _effective(self, connection: Connection, case: Row, order: Row) -> None:
        today = self.now()[:10]
        day = order.get("on", today)
        for row in self._rows(connection, "t_pj", c_ajbh=case["c_bh"]):
            self._update(connection, "t_pj", row["c_bh"], {"d_sxrq": day})
        for party in self._rows(connection, "t_dsr", c_ajbh=case["c_bh"]):
            told = {"n_sljd": words.EFFECTIVE}
            self._update(connection, "t_dsr", party["c_bh"], told)
        self._update(connection, "t_aj", case["c_bh"], {"n_sljd": words.EFFECTIVE})
        own = ("EXECUTION_NOTICE", "CASE_CLOSING_FORM")
        self._file(connection, case, order.get("documents"), own, today)

    def _file(
        self,
        connection: Connection,
        case: Row,
        given: list[Row] | None,
        own: tuple[str, ...],
        today: str,
    ) -> None:
        """Documents as the order names them, or those that belong to the step."""
        place = len(self._rows(connection, "t_ws", c_ajbh=case["c_bh"]))
        for told in given or [{"type": kind} for kind in own]:
            code, name = words.DOCUMENTS[told["type"]]
            stem = case["c_ah"].strip().partition("刑初")
            word = {"JUDGMENT_DOC": "刑判", "EXECUTION_NOTICE": "刑执"}
            number = f"{stem[0]}{word.get(told['type'], '刑')}{stem[2]}"
            row = words.paper(
                (case["c_bh"], place),
                code,
                told.get("name", name),
                told.get("number", number if told["type"] in word else ""),
                told.get("issued", today),
            )
            self._insert(connection, "t_ws", [row])
            place += 1

    def _case(self, connection: Connection, number: str) -> Row:
        wanted = _folded(number)
        for row in self._rows(connection, "t_aj"):
            if _folded(row["c_ah"]) == wanted:
                return row
        raise LookupError(f"no case {number}")

    def _known(self, connection: Connection, message_id: str) -> tuple[str, Row] | None:
        rows = self._rows(connection, "t_sj", c_sjbs=message_id)
        return (rows[0]["c_zy"], json.loads(rows[0]["c_hd"])) if rows else None

    def _setting(self, connection: Connection, name: str) -> str:
        rows = self._rows(connection, "t_sz", c_m=name)
        return str(rows[0]["c_z"]) if rows else ""

    def _set(self, connection: Connection, name: str, value: str) -> None:
        connection.execute(
            text(f"delete from {self._schema}.t_sz where c_m = :m"),  # noqa: S608
            {"m": name},
        )
        self._insert(connection, "t_sz", [{"c_m": name, "c_z": value}])

    def _rows(self, connection: Connection, table: str, **where: str) -> list[Row]:
        told = " and ".join(f"{name} = :{name}" for name in where) or "1 = 1"
        query = f"select * from {self._schema}.{table} where {told}"  # noqa: S608
        found = connection.execute(text(query), where).mappings()
        return [{name.lower(): value for name, value in row.items()} for row in found]

    def _insert(self, connection: Connection, table: str, rows: list[Row]) -> None:
        if not rows:
            return
        names = ", ".join(rows[0])
        values = ", ".join(f":{name}" for name in rows[0])
        query = f"insert into {self._schema}.{table} ({names}) values ({values})"  # noqa: S608
        connection.execute(text(query), [_typed(row) for row in rows])

    def _update(self, connection: Connection, table: str, key: str, told: Row) -> None:
        values = ", ".join(f"{name} = :{name}" for name in told)
        query = f"update {self._schema}.{table} set {values} where c_bh = :key"  # noqa: S608
        connection.execute(text(query), _typed(told) | {"key": key})


def _typed(row: Row) -> Row:
    """Dates told as text become dates: the one engine insists on it."""
    moments = ("d_larq", "d_zhgxsj")
    return {
        name: (datetime if name in moments else date).fromisoformat(value)
        if name.startswith("d_") and isinstance(value, str)
        else value
        for name, value in row.items()
    }


def _folded(number: str) -> str:
    return number.strip().replace("（", "(").replace("）", ")")


def _no(reason: str) -> Row:
    return {"accepted": False, "text": reason}


def _digest(message: Row) -> str:
    """Of the content; the time of sending differs with every attempt."""
    content = {name: value for name, value in message.items() if name != "fssj"}
    told = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def _taken(message: Row, number: str, now: str) -> dict[str, list[Row]]:
    """The rows of a case that came in by a message."""
    told, today = message["aj"], now[:10]
    key = words.row_id("sj", message["sjbs"])
    case = {
        "c_bh": key,
        "c_ah": number,
        "n_ajlx": 11,
        "c_ay": message["dsr"][0]["zmlb"][0]["zm"],
        "d_sarq": today,
        "d_larq": f"{today} 00:00:00",
        "c_cbr": "承办法官",
        "c_gaajbh": told.get("gaajbh"),
        "c_tysah": told["tysah"],
        "c_ajmc": told["ajmc"],
        "n_sljd": words.TRIED,
        "c_sfsc": "N",
        "d_zhgxsj": now,
    }
    parties = [
        _party(person, key, place) for place, person in enumerate(message["dsr"])
    ]
    code, name = words.DOCUMENTS["COURT_ACCEPT_NOTICE"]
    notice = words.paper((key, 0), code, name, "", today)
    return {"t_aj": [case], "t_dsr": parties, "t_ws": [notice]}


def _party(told: Row, key: str, place: int) -> Row:
    measures = told.get("qzcslb") or [{}]
    numbers = {
        column: int(told[field]) if field in told else None
        for column, field in (
            ("n_xb", "xb"),
            ("n_zjlx", "zjlx"),
            ("n_mz", "mz"),
            ("n_whcd", "whcd"),
        )
    }
    measure = measures[-1]
    return numbers | {
        "c_bh": words.row_id("dsr", key, place),
        "c_ajbh": key,
        "n_xh": place,
        "c_xm": told["xm"],
        "d_csrq": told.get("csrq"),
        "c_zjhm": told.get("zjhm"),
        "c_hjd": told.get("hjd"),
        "c_zz": told.get("zz"),
        "c_zy": told.get("zy"),
        "n_ssdw": int(told["ssdw"]),
        "n_sljd": words.TRIED,
        "c_zm": ";".join(crime["zm"] for crime in told["zmlb"]),
        "n_qzcs": int(measure["qzcs"]) if measure else None,
        "d_qsrq": measure.get("qsrq"),
        "d_jzrq": measure.get("jzrq"),
    }
