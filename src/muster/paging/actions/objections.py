"""Objections of what is being paged against losing what it needs; `app` subscribes them."""

from muster.base.unit import Unit
from muster.oncall.happenings import ScheduleDeleting
from muster.paging.store import pages


async def object_to_schedule(unit: Unit, deleting: ScheduleDeleting) -> None:
    """A schedule by which somebody is being paged stays until that is over: the steps of a page are frozen and name it."""
    refs = await pages.running_by(unit.conn, f"schedule:{deleting.schedule.name}")
    deleting.objections.extend(f"{ref} is being paged by it: acknowledge it first." for ref in refs)
