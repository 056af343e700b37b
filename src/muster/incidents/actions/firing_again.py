"""An alert fires in an incident that somebody has already: what the plan's `paging.fires_again` says follows."""

from collections.abc import Sequence

from muster.base.unit import Unit
from muster.incidents.actions.guard import hold
from muster.incidents.actions.paging_again import owner_of, page_again
from muster.incidents.events import FIRED_AGAIN
from muster.incidents.incident import State
from muster.incidents.opening import Joining
from muster.incidents.store import incidents as store
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.paging.actions.notices import notify
from muster.paging.page import Purpose
from muster.paging.store import pages
from muster.plan import store as plans


async def fired_again(unit: Unit, joinings: Sequence[Joining]) -> None:
    """Mitigated: it came back, so it is paged again. Acknowledged: its owner is told. Each incident at most once in a while."""
    first = {joining.incident.id: joining for joining in reversed(joinings)}
    for joining in first.values():
        state = joining.incident.state
        if state not in (State.ACKNOWLEDGED, State.MITIGATED):
            continue
        version = await plans.pinned(unit.conn, joining.incident.plan_version_id)
        said = version.plan.paging.fires_again
        does = said.mitigated if state is State.MITIGATED else said.acknowledged
        since = unit.now - said.every
        if does == "note" or not await store.claim_fired_again(unit.conn, joining.incident.id, unit.now, since):
            continue
        await _follow(unit, joining, does)


async def _follow(unit: Unit, joining: Joining, does: str) -> None:
    held = await hold(unit, joining.incident.id)
    incident, title = held.incident, joining.member.alert.title
    what = "fires again" if joining.again else "fires too"
    owner = owner_of(held)
    if does == "notice" and owner:
        text = f"You have it since it was acknowledged; nobody else is told. {incident.title}"
        await notify(unit, [owner], f"{incident.ref}: {title} {what}", text, "You have the incident.")
    elif any(page.purpose is Purpose.INCIDENT for page in await pages.running(unit.conn, incident.id)):
        return
    else:
        came_back = "It came back" if incident.state is State.MITIGATED else "It goes on"
        await page_again(unit, held, f"{came_back}: {title} {what} while {incident.ref} is {incident.state}.")
    data = {"title": title, "again": joining.again, "did": "notice" if does == "notice" and owner else "page",
            "person": owner}  # fmt: skip
    await record(unit, Event(incident.stream, FIRED_AGAIN, data))
