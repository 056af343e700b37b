"""Carries failed deliveries on to their next way, any number in a few statements; where none is left, the next step is taken."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from muster.base.unit import Unit
from muster.base.work import Job, enqueue, queue
from muster.kit.ids import new_id
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.escalate import go_on
from muster.paging.actions.start import DELIVERY, STEP
from muster.paging.channel import Capabilities, Channel
from muster.paging.delivery import LONGEST_PATIENCE, Delivery
from muster.paging.failover import Way, heir_of, next_way
from muster.paging.page import PageState
from muster.paging.store import heirs, pages
from muster.paging.targets import Reachable

_Key = tuple[UUID, int, UUID]


class Ways:
    """The ways that are left for some deliveries; what is taken for one is not there for another."""

    def __init__(
        self, siblings: Mapping[_Key, list[Delivery]], persons: Mapping[str, Reachable], can: Mapping[str, Capabilities]
    ) -> None:
        self._siblings, self._persons, self._can = siblings, persons, can
        self._heirs: list[Delivery] = []
        self._forward: list[tuple[Delivery, Delivery, str]] = []

    def next(self, delivery: Delivery, *, routes: bool = True) -> Way | None:
        """The next way of a delivery that failed; a test or a notice has none."""
        key = _key(delivery)
        if key is None:
            return None
        person = self._persons.get(delivery.person)
        addresses = person.addresses if person and person.active else ()
        return next_way(delivery, self._siblings.get(key, []), addresses, self._can, routes=routes)

    def take(self, unit: Unit, delivery: Delivery, why: str, *, routes: bool = True) -> bool:
        """Take the next way, if there is one; `why` is the sentence that the heir carries. `write` makes it durable."""
        key, way = _key(delivery), self.next(delivery, routes=routes)
        if key is None or way is None:
            return False
        if way.planned is not None:
            self._siblings[key].remove(way.planned)
            self._forward.append((way.planned, delivery, why))
        else:
            heir = heir_of(delivery, way, new_id(unit.now), why, unit.now)
            self._siblings[key].append(heir)
            self._heirs.append(heir)
        return True

    async def write(self, unit: Unit) -> None:
        """Write what was taken, with its jobs."""
        new = await heirs.insert_heirs(unit.conn, self._heirs) if self._heirs else set()
        moved = await heirs.bring_forward(unit.conn, self._forward, unit.now) if self._forward else []
        if moved:
            await queue.cancel(unit, DELIVERY, [str(id) for id in moved])
        await enqueue(unit, [Job(DELIVERY, str(id), urgent=True) for id in (*new, *moved)])


async def ways_of(unit: Unit, failed: Sequence[Delivery], channels: Mapping[str, Channel]) -> Ways:
    """Load what is left to try for deliveries of pages."""
    keys = {key for each in failed if (key := _key(each))}
    if not keys:
        return Ways({}, {}, {})
    siblings: defaultdict[_Key, list[Delivery]] = defaultdict(list)
    for sibling in await heirs.siblings(unit.conn, sorted(keys)):
        siblings[_key(sibling) or next(iter(keys))].append(sibling)
    persons = await snapshots.reachable(unit, {each.person for each in failed})
    return Ways(siblings, persons, {kind: channel.capabilities for kind, channel in channels.items()})


async def give_up(unit: Unit, failed: Sequence[Delivery]) -> None:
    """Nothing is left to try soon for these: where that is so of a whole step, the next one does not wait."""
    for page_id, step in sorted({(each.page_id, each.step) for each in failed if each.page_id}):
        # Locked first: of two nodes that give up the last two messages of a step, the second sees what the first did.
        page = await pages.lock(unit.conn, page_id)
        if page is None or page.state is not PageState.RUNNING or page.step != step:
            continue
        if not await heirs.hopeful(unit.conn, page.id, step, unit.now + LONGEST_PATIENCE):
            await queue.cancel(unit, STEP, [str(page.id)])
            await go_on(unit, [page], f"Nobody of step {page.step} could be reached.")


def _key(delivery: Delivery) -> _Key | None:
    return (delivery.page_id, delivery.step, delivery.person_id) if delivery.page_id else None
