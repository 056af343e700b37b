"""Tells those who watch over paging itself that something is wrong with it, by a way that is not the broken one."""

from collections.abc import Collection
from datetime import timedelta

from muster.alerts.happenings import ClockDiffers
from muster.base.unit import Unit
from muster.kit.ids import new_id
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.notices import send
from muster.paging.channel import MessageKind
from muster.paging.delivery import Delivery, pending
from muster.paging.targets import Reachable, resolve
from muster.people import store as people
from muster.plan import store as plans

WHY = "You watch over Muster's own paging: the plan names you (paging.watchers), or you are an administrator."

_BEHIND = (
    "Its alerts arrive ended. Those that may fire are taken as firing for now; set the clock of the sender right (NTP), "
    "since what ends by a wrong clock cannot be told from what is over."
)
_AHEAD = "Its alerts end later than they should. Set the clock of the sender right (NTP)."


async def tell_watchers(unit: Unit, title: str, body: str, without: Collection[str] = ()) -> list[Delivery]:
    """Send a notice to whom the plan names in `paging.watchers`, else to every administrator.

    Channels `without` are not used as long as a person has another way.
    """
    sent = []
    for person in (await _watchers(unit)).values():
        good = [address for address in person.addresses if address.channel not in without] or list(person.addresses)
        if good and person.active:
            sent.append(pending(new_id(unit.now), MessageKind.NOTICE, person, good[0], WHY, unit.now))
    await send(unit, sent, f"{title}\n\n{body}")
    return sent


async def _watchers(unit: Unit) -> dict[str, Reachable]:
    version = await plans.in_force(unit.conn)
    targets = version.plan.paging.watchers if version else ()
    if version and targets:
        snapshot = await snapshots.load(unit, targets, version.plan)
        names = {name for meant in resolve(targets, snapshot, {}) for name in meant.people}
        if found := {name: snapshot.persons[name] for name in sorted(names)}:
            return found
    administrators = [each.name for each in await people.every_administrator(unit.conn)]
    return await snapshots.reachable(unit, administrators)


async def on_clock_differs(unit: Unit, differs: ClockDiffers) -> None:
    """Subscribed to clocks of sources that differ; at most one notice a day for each source."""
    behind = differs.skew.by < timedelta(0)
    title = f"The clock of {differs.integration} differs"
    await tell_watchers(unit, title, f"{differs.skew.sentence()} {_BEHIND if behind else _AHEAD}")
