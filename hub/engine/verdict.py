"""What a receiver's answer, or its silence, means for a parcel. Pure.

``send`` and ``ask`` are the two things one can do to a receiver; each ends in a
receipt, in nothing, or in an error, and each of these in one verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from hub.contract.messages import Outcome, Receipt
from hub.engine.retry import Pace, is_spent, pause, steady
from hub.errors import AgencyError, DeliveryExhausted, Disposition, HubError
from hub.store.lanes import Claim
from hub.store.receipts import Settled

_FINAL = {Outcome.ACCEPTED: "ACCEPTED", Outcome.RETURNED: "RETURNED"}


def must_ask(claim: Claim, *, can_ask: bool, pace: Pace) -> bool:
    """Enquire before handing the parcel over (again)?

    After an outcome nobody knows, and while a receipt is awaited. A receipt that
    did not come in so many enquiries is taken for lost: hand over once more,
    under the same key.
    """
    if not can_ask:
        return False
    if claim.was == "DELIVERED":
        return claim.enquiries < pace.enquiries
    return claim.is_doubtful


def answered(
    claim: Claim,
    receipt: Receipt,
    sent_at: datetime | None,
    own_numbers: Sequence[str],
    pace: Pace,
) -> Settled:
    """The receiver has answered. ``sent_at`` is empty when it was only asked."""
    number = next(
        (receipt.numbers[name] for name in own_numbers if receipt.numbers.get(name)),
        None,
    )
    final = _FINAL.get(receipt.outcome)
    waiting = 0 if sent_at is not None else claim.enquiries + 1
    return Settled(
        claim,
        final or "DELIVERED",
        attempts=_attempts(claim, sent_at),
        enquiries=0 if final else waiting,
        wait=0.0 if final else steady(waiting + 1, pace.ask_first, pace.ask_longest),
        receipt=receipt,
        receiver_number=number,
        sent_at=sent_at,
        note=", ".join(reason.code for reason in receipt.reasons),
        is_news=final is not None or claim.was != "DELIVERED",
    )


def silent(claim: Claim, pace: Pace) -> Settled:
    """Asked after a receipt, the receiver knows of none yet."""
    asked = claim.enquiries + 1
    wait = steady(asked + 1, pace.ask_first, pace.ask_longest)
    return Settled(
        claim,
        "DELIVERED",
        attempts=claim.tried,
        enquiries=asked,
        wait=wait,
        is_news=False,
    )


def failed(
    claim: Claim, error: HubError, sent_at: datetime | None, pace: Pace
) -> Settled:
    """The contact failed although the endpoint answers: this parcel's own trouble.

    RETRY waits, and after the last attempt a person must look; anything else
    waits for a person at once. A dead parcel blocks its own case only.
    """
    was = "DELIVERED" if claim.was == "DELIVERED" else "QUEUED"
    attempts = claim.tried + (1 if was == "QUEUED" else 0)
    asked = claim.enquiries + 1 if was == "DELIVERED" and sent_at is None else 0
    state, code = was, error.code
    if error.disposition is not Disposition.RETRY:
        state = "DEAD"
    elif was == "QUEUED" and is_spent(attempts, pace):
        state, code = "DEAD", DeliveryExhausted.code
    return Settled(
        claim,
        state,
        attempts=attempts,
        enquiries=asked,
        wait=_wait(attempts + asked, error, pace),
        error_code=code,
        sent_at=sent_at,
        is_news=state != "DELIVERED",
    )


def cut_off(
    claim: Claim, error: HubError, sent_at: datetime | None, wait: float
) -> Settled:
    """The endpoint went down over this parcel: it waits, however long that lasts.

    It counts as sent once, since the receiver may have seen it; knocking at the
    closed door afterwards is done without parcels and counts for none.
    """
    was = "DELIVERED" if claim.was == "DELIVERED" else "QUEUED"
    return Settled(
        claim,
        was,
        attempts=_attempts(claim, sent_at),
        enquiries=claim.enquiries,
        wait=wait,
        error_code=error.code,
        sent_at=sent_at,
        is_news=was == "QUEUED",
    )


def _attempts(claim: Claim, sent_at: datetime | None) -> int:
    """Sends that the receiver may have seen; handing over once more is none."""
    is_attempt = sent_at is not None and claim.was != "DELIVERED"
    return claim.tried + 1 if is_attempt else claim.tried


def _wait(attempt: int, error: HubError, pace: Pace) -> float:
    asked = error.retry_after if isinstance(error, AgencyError) else None
    return asked or pause(attempt, pace.first_wait, pace.longest_wait)
