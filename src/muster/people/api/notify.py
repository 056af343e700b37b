"""How a person wants to be paged, as JSON."""

from fastapi import Request
from pydantic import BaseModel, Field

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.people import store
from muster.people.actions.guard import existing_person
from muster.people.actions.notify import set_notify
from muster.people.api.parts import reach_of
from muster.people.notify import Notify, NotifyRule, QuietHours
from muster.people.notify_words import sentences

router = api_router("/persons/{name}/notify", "contacts")


class NotifyOut(BaseModel):
    """A person's rules as they wrote them, and the same in words."""

    notify: list[NotifyRule]
    quiet_hours: QuietHours | None
    in_words: list[str] = Field(description="One sentence for each rule, then what holds for the rest.")


@router.get("")
@needs(Permission.PERSON_READ)
async def show_notify(unit: Uses, request: Request, name: str) -> NotifyOut:
    """Show how a person wants to be paged."""
    return await _shown(unit, request, name)


@router.put("")
@needs(Permission.SELF_MANAGE)
async def change_notify(unit: Uses, request: Request, name: str, body: Notify) -> NotifyOut:
    """Replace how a person wants to be paged; what is left out is nothing."""
    await set_notify(unit, name, body, reach_of(request))
    return await _shown(unit, request, name)


async def _shown(unit: Unit, request: Request, name: str) -> NotifyOut:
    person = await existing_person(unit.conn, name)
    found = (await store.notify_of(unit.conn, [person.id]))[person.id]
    labels = {kind.kind: kind.label for kind in reach_of(request).kinds}
    return NotifyOut(notify=list(found.notify), quiet_hours=found.quiet_hours, in_words=sentences(found, labels))
