"""Where a message goes that cannot arrive: the next vendor, what was planned for later, the next contact; each once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from muster.paging.channel import Capabilities, MessageKind
from muster.paging.delivery import Delivery, DeliveryState, Hold, pending
from muster.paging.failover import heir_of, next_way
from muster.paging.targets import Address, Reachable

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CAN = {
    "sms": Capabilities(routes=("twilio", "gateway")),
    "voice": Capabilities(),
    "ntfy": Capabilities(),
    "telegram": Capabilities(usable=False),
}
ADDRESSES = tuple(
    Address(UUID(int=n), kind, kind, True) for n, kind in enumerate(("sms", "telegram", "ntfy", "voice"), 1)
)
ANA = Reachable(UUID(int=9), "ana", "UTC", True, ADDRESSES)


def sent(number: int, kind: str, **more: object) -> Delivery:
    """A delivery by a kind of contact."""
    address = next(each for each in ADDRESSES if each.channel == kind)
    return replace(pending(UUID(int=100 + number), MessageKind.PAGE, ANA, address, "Her turn.", NOW), **more)  # type: ignore[arg-type]


def test_vendors_then_what_was_planned_then_contacts_that_are_set_up() -> None:
    first = sent(1, "sms")
    way = next_way(first, [first], ADDRESSES, CAN)
    assert way
    assert (way.address and way.address.channel, way.route) == ("sms", "gateway")
    second = heir_of(first, way, UUID(int=200), "Instead.", NOW)
    assert (second.failover_of, second.route, second.attempts) == (first.id, "gateway", 0)
    call = sent(2, "voice", state=DeliveryState.PLANNED, hold=Hold.RULE, send_at=NOW + timedelta(minutes=4))
    way = next_way(second, [first, second, call], ADDRESSES, CAN)
    assert way
    assert way.planned == call
    way = next_way(second, [first, second, replace(call, state=DeliveryState.FAILED)], ADDRESSES, CAN)
    assert way
    assert way.address
    assert way.address.channel == "ntfy"
    assert next_way(second, [first, second, call, sent(3, "ntfy")], ADDRESSES[:3], CAN) is not None
    assert next_way(second, [first, second, sent(3, "ntfy")], ADDRESSES[:3], CAN) is None


def test_where_a_limit_left_no_room_other_vendors_do_not_help() -> None:
    first = sent(1, "sms")
    way = next_way(first, [first], ADDRESSES, CAN, routes=False)
    assert way
    assert way.address
    assert way.address.channel == "ntfy"


def test_what_waits_for_quiet_hours_is_not_brought_forward() -> None:
    first = sent(1, "ntfy")
    asleep = sent(2, "voice", state=DeliveryState.PLANNED, hold=Hold.QUIET, send_at=NOW + timedelta(hours=4))
    assert next_way(first, [first, asleep], (ADDRESSES[2], ADDRESSES[3]), CAN) is None
