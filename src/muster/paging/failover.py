"""What is tried when a message cannot arrive: the next vendor, what the person's rule planned for later, the next contact. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from muster.paging.channel import Capabilities
from muster.paging.delivery import Delivery, DeliveryState, Hold
from muster.paging.targets import Address

NO_CHANNEL = Capabilities(usable=False)


@dataclass(frozen=True, slots=True)
class Way:
    """Another try: by `address` and `route`, or `planned` is brought forward."""

    address: Address | None = None
    route: str = ""
    planned: Delivery | None = None


def next_way(
    failed: Delivery,
    siblings: Sequence[Delivery],
    addresses: Sequence[Address],
    channels: Mapping[str, Capabilities],
    *,
    routes: bool = True,
) -> Way | None:
    """The next way after a message failed; `siblings` are all messages of its page's step to its person, itself included.

    Without `routes` other vendors of the same contact do not count.
    """
    if routes and (route := _next_route(failed, siblings, channels.get(failed.channel, NO_CHANNEL))):
        return Way(Address(failed.contact_id, failed.channel, failed.address, True), route)
    waiting = [sibling for sibling in siblings if sibling.state is DeliveryState.PLANNED and sibling.hold is Hold.RULE]
    usable = [each for each in waiting if channels.get(each.channel, NO_CHANNEL).usable]
    if usable:
        return Way(planned=min(usable, key=lambda each: (each.send_at or failed.created_at, each.id)))
    tried = {sibling.contact_id for sibling in siblings}
    for address in addresses:
        if address.contact_id not in tried and channels.get(address.channel, NO_CHANNEL).usable:
            return Way(address)
    return None


def heir_of(failed: Delivery, way: Way, id: UUID, why: str, now: datetime) -> Delivery:
    """The delivery that takes the place of a failed one by another address or route."""
    assert way.address is not None
    return replace(
        failed,
        id=id,
        contact_id=way.address.contact_id,
        channel=way.address.channel,
        address=way.address.address,
        route=way.route,
        state=DeliveryState.PENDING,
        attempts=0,
        reason=why,
        provider_id="",
        failover_of=failed.id,
        created_at=now,
        sent_at=None,
        ended_at=None,
        send_at=None,
        hold=Hold.NONE,
        receipt_due_at=None,
        receipt_missed_at=None,
        released_at=None,
        bundle_id=None,
    )


def _next_route(failed: Delivery, siblings: Sequence[Delivery], can: Capabilities) -> str:
    if len(can.routes) < 2:
        return ""
    own = [sibling for sibling in siblings if (sibling.channel, sibling.address) == (failed.channel, failed.address)]
    tried = {each.route or can.routes[0] for each in own}
    return next((route for route in can.routes if route not in tried), "")
