"""What is to go wrong on a line, and how often."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer that comes instead of the agency's own."""

    status: int
    media: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """How answers misbehave; nothing set: they do not.

    Bytes are counted from the answer's first, headers included. ``after`` exchanges
    go well first, then ``times`` go wrong (-1: all that follow).

    latency     seconds before the first byte of an answer
    trickle     at most so many bytes at once, ``pause`` seconds apart
    cut_at      the line ends after so many bytes, as ``ending`` says
    ending      close: an orderly end; reset: a broken one; half: our side stays open
    corrupt_at  this byte of the answer's body is another one
    silent      the request is taken and nothing ever comes; the agency sees nothing
    swallow     the agency gets the request and answers; the answer never arrives
    charset     the answer claims this character set
    answer      comes instead; the agency sees nothing of the request
    repeat      the answer to the request before comes once more: a page twice, a
                page in the place of another, one record under another's id
    skew        the agency's clock is so many seconds ahead of ours: every time that
                stands as text in an answer or a request, and the Date header
    swap        these bytes of an answer's body are those: other content under an id
                that stays, or an id used again for something else
    only        requests whose path holds this text; others go well
    """

    latency: float = 0.0
    trickle: int = 0
    pause: float = 0.005
    cut_at: int = -1
    ending: Literal["close", "reset", "half"] = "close"
    corrupt_at: int = -1
    silent: bool = False
    swallow: bool = False
    charset: str = ""
    answer: Answer | None = None
    repeat: bool = False
    skew: int = 0
    swap: tuple[bytes, bytes] = (b"", b"")
    only: str = ""
    after: int = 0
    times: int = -1


@dataclass(slots=True)
class Turn:
    """Counts exchanges and says which of them misbehave."""

    plan: Plan = field(default_factory=Plan)
    seen: int = 0

    def set(self, plan: Plan) -> None:
        """A new plan; counting begins anew."""
        self.plan, self.seen = plan, 0

    def next(self, path: str = "") -> Plan:
        """The plan for the exchange that begins now."""
        plan = self.plan
        if plan.only and plan.only not in path:
            return Plan()
        place = self.seen - plan.after
        self.seen += 1
        is_hit = place >= 0 and (plan.times < 0 or place < plan.times)
        return plan if is_hit else Plan()
