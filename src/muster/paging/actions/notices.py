"""Sends what people are told about their shifts: the way that a page takes, but never by a call (R72)."""

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.kit.ids import new_id
from muster.oncall.happenings import ShiftNotice
from muster.paging.actions import snapshot
from muster.paging.actions.start import DELIVERY
from muster.paging.channel import MessageKind
from muster.paging.delivery import pending
from muster.paging.store import deliveries
from muster.paging.targets import Address, Reachable

WHY = "Muster tells you about your shifts; choose under On call, My shifts."
LOUD, LOUDEST = "sms", "voice"


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


def quiet_address(person: Reachable) -> Address | None:
    """Where a notice goes: the first proved contact that is neither SMS nor a call, else e-mail, else a proved SMS."""
    addresses = person.addresses
    proved = [each for each in addresses if each.verified and each.channel != LOUDEST]
    choices = [
        *(each for each in proved if each.channel != LOUD),
        *(each for each in addresses if each.channel == "email"),
        *proved,
    ]
    return choices[0] if choices else None
