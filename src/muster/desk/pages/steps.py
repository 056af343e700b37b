"""The first steps of a fresh installation, each with whether it is taken: five minutes to a first real page."""

from dataclasses import dataclass

from muster.alerts.store import integrations
from muster.base.unit import Unit
from muster.incidents.store import lists
from muster.oncall import store as oncall
from muster.paging.actions import snapshot
from muster.paging.channel import MessageKind
from muster.paging.store import deliveries
from muster.plan import store as plans

LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What is done; the names of the fields are those of the steps in the template."""

    plan: bool
    contact: bool
    test: bool
    signals: bool
    real: bool
    schedule: bool

    @property
    def done(self) -> int:
        """How many of the five that lead to a real page are taken."""
        return sum((self.plan, self.contact, self.test, self.signals, self.real))

    @property
    def complete(self) -> bool:
        """A real page has reached somebody: the rest is for calm afternoons."""
        return self.plan and self.signals and self.real


async def first_steps(unit: Unit) -> FirstSteps:
    """Where the installation stands, as the viewer sees it."""
    me = (await snapshot.reachable(unit, [unit.principal.name])).get(unit.principal.name)
    mine = await deliveries.of_person(unit.conn, me.id, LOOKED_AT) if me else []
    sources = await integrations.every(unit.conn)
    return FirstSteps(
        plan=await plans.in_force(unit.conn) is not None,
        contact=bool(me and any(address.contact_id for address in me.addresses)),
        test=any(delivery.kind is MessageKind.TEST and delivery.sent_at for delivery in mine),
        signals=any(source.last_signal_at for source in sources),
        real=bool(await lists.counts(unit.conn, lists.IncidentFilter())),
        schedule=bool(await oncall.names_of_all(unit.conn)),
    )
