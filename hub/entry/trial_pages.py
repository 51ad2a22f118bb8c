"""A trial on the terminal: request, raw answer, tree, mapped record, errors.

Bodies are shown to the person at the keyboard and go nowhere else. What is an
endpoint's secret is hidden even there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hub.check.trial import Attempt, Trial
from hub.contract.place import Spot
from hub.entry import terminal
from hub.entry.references import HIDDEN, hide_password
from hub.errors import Fault, HubError, RecordUnreadable
from hub.wire.archive import unpack
from hub.wire.decode import decode
from hub.wire.listening import Heard

_LONGEST = 4_000
_WHOLE, _BRIEF = 4, 8
_SECRET_HEADERS = frozenset({"authorization", "cookie", "set-cookie", "x-api-key"})


@dataclass(frozen=True, slots=True)
class Screen:
    """Where a trial is shown, and which words are never shown."""

    secrets: tuple[str, ...] = ()

    def show(self, trial: Trial, chosen: Attempt | None) -> None:
        """The whole trial; ``chosen`` is the record that is shown in full."""
        self._exchanges(trial.heard, chosen)
        if chosen is not None:
            self._record(chosen)
        self._errors(trial)

    def _exchanges(self, heard: list[Heard], chosen: Attempt | None) -> None:
        """In full: the first one, what failed, and what brought the record."""
        whole = [n for n, one in enumerate(heard) if _is_about(one, chosen)]
        shown = {0, *whole[:_WHOLE], *whole[-1:]}
        rest = [n for n in range(len(heard)) if n not in shown]
        for number, one in enumerate(heard):
            if number in shown:
                self._exchange(f"{number + 1}/{len(heard)}", one)
            elif number in rest[:_BRIEF]:
                self._brief(f"{number + 1}/{len(heard)}", one)
        more = len(rest) - _BRIEF
        if more > 0:
            self._line(
                f"（另有 {more} 次往来未显示 / {more} more exchanges not shown）"
            )

    def _exchange(self, number: str, one: Heard) -> None:
        self._head(f"请求 request {number}  {one.wire}")
        self._line(hide_password(one.said))
        self._headers(one.sent_headers)
        self._body(one.sent)
        self._head(f"应答 raw answer {number}  {one.status or one.error or '-'}")
        self._headers(one.headers)
        self._body(one.body)

    def _brief(self, number: str, one: Heard) -> None:
        came = f"{one.status or one.error or '-'}, {len(one.body)} bytes"
        said = hide_password(one.said)[:100]
        self._line(f"   {number}  {one.wire}  {said}  {came}")

    def _record(self, chosen: Attempt) -> None:
        record = chosen.record
        self._head(f"原始记录 raw record  {record.kind} {record.key}")
        self._line(f"{record.media}, {len(record.body)} bytes, {record.modified}")
        self._body(record.body)
        self._head("树 tree")
        self._json(chosen.tree)
        self._head("规范记录 mapped record")
        self._json(chosen.mapped.body if chosen.mapped else None)

    def _errors(self, trial: Trial) -> None:
        self._head("错误 errors")
        if trial.error is not None:
            self._error(trial.error)
        for one in trial.attempts:
            if not one.is_well:
                self._attempt(one)
        bad = sum(not one.is_well for one in trial.attempts)
        total = len(trial.attempts)
        self._line(
            f"第 {trial.pages} 页：{total} 条记录，{bad} 条有问题 / "
            f"page {trial.pages}: {total} records, {bad} of them with errors"
        )

    def _attempt(self, one: Attempt) -> None:
        self._line(f"{one.record.kind} {one.record.key}")
        if one.error is not None:
            self._error(one.error)
        for fault, spot in zip(one.faults, one.spots, strict=True):
            self._fault(fault, spot)
        for place in one.mapped.remainder if one.mapped else ():
            self._line(f"  {place}: 既未映射也未忽略 / neither mapped nor ignored")

    def _fault(self, fault: Fault, spot: Spot | None) -> None:
        self._line(f"  {fault.code} {fault.where}")
        self._line(f"    {fault.message.zh} / {fault.message.en}")
        self._line(f"    原始位置 place {fault.source or '-'}  规则 rule {fault.rule}")
        if spot is not None:
            line = f" line {spot.line}" if spot.line else ""
            self._line(f"    {spot.part} {spot.form} {spot.path}{line}".rstrip())

    def _error(self, error: HubError) -> None:
        self._line(f"  {error.code} {error.where}")
        self._line(f"    {error.message.zh} / {error.message.en}")
        if error.detail:
            self._line(f"    {error.detail}")
        self._line(f"    办法 remedy {error.remedy.zh} / {error.remedy.en}")

    def _head(self, words: str) -> None:
        terminal.console().print(f"[bold]── {words}[/]")

    def _headers(self, headers: Mapping[str, str]) -> None:
        for name, text in headers.items():
            shown = HIDDEN if name.lower() in _SECRET_HEADERS else text
            self._line(f"{name}: {shown}")

    def _body(self, body: bytes) -> None:
        if not body:
            return
        text = "\n".join(_texts(body))
        self._line(text[:_LONGEST])
        if len(text) > _LONGEST:
            self._line(
                f"（只显示前 {_LONGEST} 个字符，共 {len(text)} 个，{len(body)} 字节 / "
                f"cut: {_LONGEST} of {len(text)} characters, {len(body)} bytes）"
            )

    def _json(self, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, indent=2)
        self._body(text.encode("utf-8", "surrogatepass"))

    def _line(self, text: str) -> None:
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        out = terminal.console()
        out.print(terminal.plain(text), markup=False, soft_wrap=True)


def _is_about(one: Heard, chosen: Attempt | None) -> bool:
    """Did this exchange fail, or bring the record that is shown?"""
    if one.error or chosen is None:
        return bool(one.error)
    return one.body == chosen.record.body or chosen.record.key.encode() in one.sent


def _texts(body: bytes) -> Iterable[str]:
    """The body as people read it: a ZIP by members, binary by its size."""
    if body.startswith(b"PK"):
        try:
            for name, member in unpack(body).items():
                yield f"[{name}]"
                yield from _texts(member)
        except RecordUnreadable as error:
            yield f"[ZIP: {error.message.zh} / {error.message.en}]"
        return
    try:
        yield decode(body)
    except RecordUnreadable:
        yield f"[{len(body)} bytes: {body[:32].hex(' ')} …]"
