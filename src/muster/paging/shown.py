"""How a delivery is shown: a word for its state and the moment that matters. Pure."""

from dataclasses import dataclass
from datetime import datetime

from muster.paging.delivery import Delivery, DeliveryState, Hold

_WORDS = {
    DeliveryState.PENDING: "waiting",
    DeliveryState.HANDED_OVER: "sent",
    DeliveryState.PLANNED: "planned",
}
_HELD = {Hold.QUIET: "quiet hours", Hold.BUNDLE: "gathered", Hold.LIMIT: "deferred"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A word for its state with a tone (`waiting`, `failed`, or empty for the word's own), and the moment that matters with
    how to write it: `until` where it is still to come, else `ago`."""

    state: str
    tone: str
    at: datetime
    style: str


def shown(delivery: Delivery) -> Shown:
    """How a delivery is shown."""
    state, tone = _word(delivery)
    if delivery.state is DeliveryState.PLANNED and delivery.send_at:
        return Shown(state, tone, delivery.send_at, "until")
    return Shown(state, tone, delivery.sent_at or delivery.ended_at or delivery.created_at, "ago")


def _word(delivery: Delivery) -> tuple[str, str]:
    if delivery.hold is Hold.REHEARSAL:
        return "rehearsal", "waiting"
    if delivery.state is DeliveryState.PLANNED:
        return _HELD.get(delivery.hold, "planned"), "waiting"
    if delivery.state is DeliveryState.HANDED_OVER and delivery.receipt_missed_at:
        return "no receipt", "failed"
    return _WORDS.get(delivery.state, str(delivery.state)), ""
