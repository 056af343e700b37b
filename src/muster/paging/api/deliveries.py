"""Test pages over the real path, and what became of deliveries."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from muster.base.access import Permission
from muster.base.web.budget import TESTS
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.errors import Missing
from muster.paging.actions.test_page import send_test
from muster.paging.delivery import Delivery, resting
from muster.paging.history import Attempt
from muster.paging.store import deliveries
from muster.people import store as people
from muster.people.contact import masked

router = api_router("/deliveries", "paging")


class TestIn(BaseModel):
    """A test page to send; without an address it goes to the person's first contact."""

    model_config = ConfigDict(extra="forbid")

    person: str = Field(max_length=100)
    address: str | None = Field(None, max_length=500)


class DeliveryOut(BaseModel):
    """One message to one person on one channel; `address` is masked. `why` them, and in `reason` what became of it.

    A `planned` one is sent at `send_at`; `hold` says what holds it back: the person's rule, their quiet hours, to be
    gathered with others (bundle), or a limit. It also says where a Muster holds a `pending` one back because it rehearses.
    Those of one `bundle_id` left as one message. `receipt_due_at` is when a receipt that is awaited is missed,
    `receipt_missed_at` when one was.
    """

    id: UUID
    kind: str
    person: str
    channel: str
    route: str
    address: str
    why: str
    state: str
    hold: str
    reason: str
    created_at: datetime
    send_at: datetime | None
    sent_at: datetime | None
    ended_at: datetime | None
    receipt_due_at: datetime | None
    receipt_missed_at: datetime | None
    bundle_id: UUID | None
    failover_of: UUID | None
    step: int
    attempts: list[Attempt]

    @classmethod
    def of(cls, delivery: Delivery, attempts: Sequence[Attempt] = ()) -> "DeliveryOut":
        """From the domain value and its attempts."""
        plain = {name: getattr(delivery, name) for name in cls.model_fields if name not in ("address", "attempts")}
        return cls(**plain, address=masked(delivery.channel, delivery.address), attempts=list(attempts))


@router.post("/test", status_code=202)
@needs(Permission.SELF_MANAGE, budget=TESTS)
async def test_page(body: TestIn, unit: Uses) -> DeliveryOut:
    """Send a test page the way that a real page takes; ask for the delivery to see its receipt."""
    return DeliveryOut.of(resting(await send_test(unit, body.person, body.address), unit.hands.resting))


@router.get("/{delivery_id}")
@needs(Permission.PAGE_READ)
async def delivery(delivery_id: UUID, unit: Uses) -> DeliveryOut:
    """One delivery with its attempts."""
    found = (await deliveries.by_ids(unit.conn, [delivery_id])).get(delivery_id)
    if found is None:
        raise Missing("There is no such delivery.")
    attempts = await deliveries.attempts_of(unit.conn, [delivery_id])
    return DeliveryOut.of(resting(found, unit.hands.resting), attempts.get(delivery_id, ()))


@router.get("")
@needs(Permission.PAGE_READ)
async def deliveries_to(person: str, unit: Uses, limit: int = 50) -> list[DeliveryOut]:
    """The newest deliveries to a person."""
    found = await people.person_named(unit.conn, person)
    if found is None:
        raise Missing(f"There is no person {person}.")
    sent = await deliveries.of_person(unit.conn, found.id, max(1, min(limit, 200)))
    attempts = await deliveries.attempts_of(unit.conn, [delivery.id for delivery in sent])
    return [DeliveryOut.of(resting(delivery, unit.hands.resting), attempts.get(delivery.id, ())) for delivery in sent]
