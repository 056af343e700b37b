"""Who is in an incident, as its page, its API and its command tell it."""

from collections.abc import Sequence

from muster.base.unit import Unit
from muster.incidents.authority import title_of
from muster.incidents.incident import Incident
from muster.incidents.responders import Responder, responders
from muster.incidents.store import roles
from muster.paging.history import PageHistory
from muster.paging.store import history
from muster.plan import store as plans


async def responders_of(unit: Unit, incident: Incident, runs: Sequence[PageHistory] | None = None) -> list[Responder]:
    """Everybody once: who responds, who is asked, who declined, who has not answered; with the incident's pages where they
    are loaded already."""
    version = await plans.pinned(unit.conn, incident.plan_version_id)
    holdings = (await roles.held(unit.conn, [incident.id])).get(incident.id, [])
    titles = {title_of(version.plan, holding.role): (holding.person, holding.assigned_at) for holding in holdings}
    return responders(titles, await history.of_incident(unit.conn, incident.id) if runs is None else runs)
