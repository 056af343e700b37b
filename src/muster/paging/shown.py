"""How a delivery is shown: a word for its state and the moment that matters. Pure."""

from datetime import datetime

from muster.paging.delivery import Delivery, DeliveryState, Hold

_WORDS = {
    DeliveryState.PENDING: "waiting",
    DeliveryState.HANDED_OVER: "sent",
    DeliveryState.PLANNED: "planned",
}
_HELD = {Hold.QUIET: "quiet hours", Hold.BUNDLE: "gathered", Hold.LIMIT: "deferred"}


def state_word(delivery: Delivery) -> tuple[str, str]:
    """A word and a tone (`waiting`, `failed`, or empty for the word's own)."""
    if delivery.hold is Hold.REHEARSAL:
        return "rehearsal", "waiting"
    if delivery.state is DeliveryState.PLANNED:
        return _HELD.get(delivery.hold, "planned"), "waiting"
    if delivery.state is DeliveryState.HANDED_OVER and delivery.receipt_missed_at:
        return "no receipt", "failed"
    return _WORDS.get(delivery.state, str(delivery.state)), ""


def moment(delivery: Delivery) -> tuple[datetime, str]:
    """The moment that matters, and how to write it: `until` where it is still to come, else `ago`."""
    if delivery.state is DeliveryState.PLANNED and delivery.send_at:
        return delivery.send_at, "until"
    return delivery.sent_at or delivery.ended_at or delivery.created_at, "ago"
