"""Sends what people are told about their own account: to every proved contact but the one that was changed, never by a call."""

from muster.base.unit import Unit
from muster.kit.ids import new_id
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.sending import send
from muster.paging.channel import MessageKind
from muster.paging.delivery import pending
from muster.paging.softly import told_addresses
from muster.people.happenings import AccountChanged

WHY = "Muster tells you what happens to your account."


async def send_account_notice(unit: Unit, changed: AccountChanged) -> None:
    """Subscribed to what people tell about accounts."""
    found = await snapshots.reachable(unit, {changed.person.name})
    notices = [
        pending(new_id(unit.now), MessageKind.NOTICE, person, address, WHY, unit.now)
        for person in found.values()
        if person.active
        for address in told_addresses(person, changed.but)
    ]
    await send(unit, notices, f"{changed.title}\n\n{changed.body}")
