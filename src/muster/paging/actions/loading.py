"""Loads what messages are made of, for any number of deliveries in a few statements."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn, Unit
from muster.clocks import store as clocks
from muster.paging.delivery import Delivery
from muster.paging.happenings import AlertsCounted
from muster.paging.page import Page
from muster.paging.store import deliveries, pages
from muster.people import store as people
from muster.plan import store as plans

Unseal = Callable[[UUID, str], str]


@dataclass(frozen=True, slots=True)
class Loaded:
    """A delivery with what its message needs."""

    delivery: Delivery
    page: Page | None
    secret: str
    zone: str
    acknowledge_by: datetime | None


@dataclass(frozen=True, slots=True)
class LoadedBundle:
    """The deliveries of a bundle that are still to be sent, each with its page; all to one contact of one person.

    `severities` are the plan's, worst first; `alerts` counts them by incident.
    """

    id: UUID
    members: tuple[tuple[Delivery, Page], ...]
    secret: str
    severities: tuple[str, ...]
    alerts: dict[UUID, int]


async def load(conn: Conn, ids: Sequence[UUID], unseal: Unseal) -> list[Loaded | None]:
    """Deliveries by id, in order; None for one that does not exist."""
    found = await deliveries.by_ids(conn, ids)
    page_ids = [each.page_id for each in found.values() if each.page_id]
    of = await pages.by_ids(conn, page_ids) if page_ids else {}
    secrets = await _secrets(conn, found.values(), unseal)
    persons = await people.persons_by_id(conn, {each.person_id for each in found.values()})
    running = await clocks.running(conn, [page.stream for page in of.values()])
    loaded: list[Loaded | None] = []
    for id_ in ids:
        delivery = found.get(id_)
        if delivery is None:
            loaded.append(None)
            continue
        page = of.get(delivery.page_id) if delivery.page_id else None
        secret = secrets.get(delivery.contact_id, "") if delivery.contact_id else ""
        limits = [each.due_at for each in running.get(page.stream, ()) if each.kind == "acknowledge"] if page else []
        zone = persons[delivery.person_id].time_zone
        loaded.append(Loaded(delivery, page, secret, zone, limits[0] if limits else None))
    return loaded


async def load_bundle(unit: Unit, bundle_id: UUID, unseal: Unseal) -> LoadedBundle | None:
    """A bundle with what is left of it; None when nothing is."""
    members = await deliveries.unsent_of_bundle(unit.conn, bundle_id)
    if not members:
        return None
    of = await pages.by_ids(unit.conn, [member.page_id for member in members if member.page_id])
    first, version = members[0], await plans.in_force(unit.conn)
    secrets = await _secrets(unit.conn, [first], unseal)
    paired = tuple((member, of[member.page_id]) for member in members if member.page_id)
    counted = AlertsCounted(tuple({page.incident_id for _, page in paired}))
    await unit.emit(counted)
    secret = secrets.get(first.contact_id, "") if first.contact_id else ""
    severities = tuple(version.plan.severities) if version else ()
    return LoadedBundle(bundle_id, paired, secret, severities, counted.counts)


async def _secrets(conn: Conn, found: Iterable[Delivery], unseal: Unseal) -> dict[UUID, str]:
    sealed = await people.secrets_of(conn, {each.contact_id for each in found if each.contact_id})
    return {contact_id: unseal(contact_id, secret) for contact_id, secret in sealed.items()}
