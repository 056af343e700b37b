"""Sends what people are told about their shifts: the way that a page takes, but never by a call (R72)."""

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.kit.ids import new_id
from muster.oncall.happenings import ShiftNotice
from muster.paging.actions import snapshot
from muster.paging.actions.start import DELIVERY
from muster.paging.channel import MessageKind
from muster.paging.delivery import pending
from muster.paging.softly import quiet_address
from muster.paging.store import deliveries

WHY = "Muster tells you about your shifts; choose under On call, My shifts."


async def send_notice(unit: Unit, notice: ShiftNotice) -> None:
    """Subscribed to what schedules tell. Who can be reached by nothing but a call is told nothing."""
    person = (await snapshot.reachable(unit, [notice.person])).get(notice.person)
    address = quiet_address(person) if person and person.active else None
    if person is None or address is None:
        return
    delivery = pending(new_id(unit.now), MessageKind.NOTICE, person, address, WHY, unit.now)
    await deliveries.insert(unit.conn, [delivery])
    note = f"{notice.title}\n\n{notice.body}"
    await enqueue(unit, [Job(DELIVERY, str(delivery.id), {"note": note}, urgent=True)])
