"""Sends deliveries and bundles of them: loads and results are coalesced, so a storm costs few transactions.

At least once: after a crash in the middle of sending, the same message goes out again under the same idempotency key.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from muster.base.access import SYSTEM
from muster.base.batcher import Batcher
from muster.base.db.database import Database
from muster.base.work import Leased
from muster.paging import wording
from muster.paging.actions.loading import Loaded, LoadedBundle, Unseal, load, load_bundle
from muster.paging.actions.outcomes import Outcomes, Result
from muster.paging.actions.storm_gate import Arriving, StormGate
from muster.paging.actions.turns import Turns
from muster.paging.bundle import bundle_message
from muster.paging.channel import Channel, Message, Receipt, refused
from muster.paging.delivery import Delivery, DeliveryState
from muster.paging.origin import origin_of
from muster.paging.page import PageState
from muster.paging.store import deliveries
from muster.paging.words import facts_of

_TO_BE_SENT = (DeliveryState.PENDING, DeliveryState.PLANNED)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Makes the links of messages: one tap for a delivery (None where there is nothing to answer), one for all of a bundle
    (by its id and person), and the page of an incident by its reference."""

    answer: Callable[[Delivery, datetime], str | None]
    acknowledge_all: Callable[[UUID, UUID, datetime], str]
    incident: Callable[[str], str]


class Deliverer:
    """One for each process; `unseal` opens a contact's secret."""

    def __init__(
        self, database: Database, channels: Mapping[str, Channel], addresses: Addresses, unseal: Unseal
    ) -> None:
        self._database, self._channels, self._addresses, self._unseal = database, channels, addresses, unseal
        self._gate = StormGate(database, channels)
        self._turns = Turns()
        self.outcomes = Outcomes(database, channels)
        self._loads: Batcher[UUID, Loaded | None] = Batcher(self._load, 256)

    async def handle(self, leased: Leased) -> None:
        """Send the delivery of a job, once, and write the result."""
        loaded = await self._load_unless_moot(leased)
        if loaded is None:
            return
        delivery, page = loaded.delivery, loaded.page
        gated = page is not None and delivery.released_at is None and self._read_by_people(delivery.channel)
        if page and gated and not await self._gate.admit(Arriving(leased.job, delivery, page.severity)):
            return
        async with self._turns.turn(self._origin(delivery)) as turn:
            # While it waited, somebody may have taken the incident.
            current = await self._load_unless_moot(leased) if turn.waited and not turn.held_back else loaded
            if current is None:
                return
            message = self._message(current, str(leased.job.payload.get("note", "")))
            turn.receipt = turn.held_back or await self._send(current.delivery, message, current.secret)
        await self.outcomes.write(Result(leased.job, (current.delivery,), turn.receipt))

    async def handle_bundle(self, leased: Leased) -> None:
        """Send what is left of a bundle as one message."""
        bundle = await self._bundle_unless_moot(leased)
        if bundle is None:
            return
        async with self._turns.turn(self._origin(bundle.members[0][0])) as turn:
            current = await self._bundle_unless_moot(leased) if turn.waited and not turn.held_back else bundle
            if current is None:
                return
            turn.receipt = turn.held_back or await self._send_bundle(current)
        await self.outcomes.write(Result(leased.job, tuple(member for member, _ in current.members), turn.receipt))

    def close(self) -> None:
        """Begin to send nothing new; what is being sent comes to its end."""
        self._turns.close()

    async def _load_unless_moot(self, leased: Leased) -> Loaded | None:
        """The delivery of a job as it is now; None where there is nothing left to send, and then its job has ended."""
        loaded = await self._loads.submit(UUID(leased.job.key))
        if loaded is None or loaded.delivery.state not in _TO_BE_SENT or loaded.delivery.bundle_id is not None:
            async with leased.finish():
                return None
        page = loaded.page
        if page is not None and page.state is PageState.STOPPED:
            # It was made at the moment at which somebody took the incident.
            async with leased.finish() as unit:
                await deliveries.cancel(unit.conn, [page.id], page.ended_reason, unit.now)
            return None
        return loaded

    async def _bundle_unless_moot(self, leased: Leased) -> LoadedBundle | None:
        async with self._database.unit(SYSTEM) as unit:
            bundle = await load_bundle(unit, UUID(leased.job.key), self._unseal)
        if bundle is None:
            async with leased.finish():
                return None
        return bundle

    async def _send_bundle(self, bundle: LoadedBundle) -> Receipt:
        now, first = self._database.clock.now(), bundle.members[0][0]
        link = self._addresses.acknowledge_all(bundle.id, first.person_id, now)
        message = bundle_message(
            bundle.id, bundle.members, bundle.severities, bundle.alerts, link, self._addresses.incident(""), now
        )
        return await self._send(first, message, bundle.secret)

    def _origin(self, delivery: Delivery) -> str:
        """The receiver whose turn it takes; without a route that is the channel's first vendor."""
        channel = self._channels.get(delivery.channel)
        routes = channel.capabilities.routes if channel else ()
        return origin_of(delivery.channel, delivery.address, delivery.route or next(iter(routes), ""))

    async def _send(self, delivery: Delivery, message: Message, secret: str) -> Receipt:
        channel = self._channels.get(delivery.channel)
        if channel is None:
            return refused(f"This Muster has no channel {delivery.channel} set up.")
        return await channel.send(delivery.address, replace(message, route=delivery.route), secret)

    def _message(self, loaded: Loaded, note: str) -> Message:
        delivery, page, now = loaded.delivery, loaded.page, self._database.clock.now()
        link = self._addresses.answer(delivery, now)
        url = self._addresses.incident(page.ref if page else "")
        return wording.compose(facts_of(delivery, page, loaded.zone, loaded.acknowledge_by, url, link, now, note))

    def _read_by_people(self, kind: str) -> bool:
        channel = self._channels.get(kind)
        return channel is None or channel.capabilities.read_by_people

    async def _load(self, ids: Sequence[UUID]) -> Sequence[Loaded | None]:
        async with self._database.read() as conn:
            return await load(conn, ids, self._unseal)
