"""Sends what people are told about their shifts: the way that a page takes, but never by a call (R72)."""

from muster.base.unit import Unit
from muster.oncall.happenings import ShiftNotice
from muster.paging.actions.tell import tell

WHY = "Muster tells you about your shifts; choose under On call, My shifts."


async def send_notice(unit: Unit, notice: ShiftNotice) -> None:
    """Subscribed to what schedules tell. Who can be reached by nothing but a call is told nothing."""
    await tell(unit, [notice.person], notice.title, notice.body, WHY)
