"""Who is in an incident, as its page, its API and its command tell it."""

from muster.base.unit import Unit
from muster.incidents.authority import title_of
from muster.incidents.incident import Incident
from muster.incidents.responders import Responder, responders
from muster.incidents.store import roles
from muster.paging.store import page_answers, pages
from muster.plan import store as plans


async def responders_of(unit: Unit, incident: Incident) -> list[Responder]:
    """Everybody once: who responds, who is asked, who declined, who has not answered."""
    version = await plans.pinned(unit.conn, incident.plan_version_id)
    held = (await roles.held(unit.conn, [incident.id])).get(incident.id, [])
    titles = {title_of(version.plan, each.role): (each.person, each.assigned_at) for each in held}
    runs = await pages.of_incident(unit.conn, incident.id)
    ids = [run.id for run in runs]
    return responders(
        titles, runs, await page_answers.woken(unit.conn, ids), await page_answers.of_pages(unit.conn, ids)
    )
