"""All incidents: searched, filtered, paged."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.incidents.incident import OPEN, State
from muster.incidents.store import lists
from muster.plan import store as plans
from muster.response.pages.rows import rows_of

PAGE = 50
PLACES: Mapping[str, tuple[State, ...]] = {
    "Open": tuple(state for state in State if state in OPEN),
    "To be closed": (State.RESOLVED,),
    "Closed": (State.CLOSED,),
    "All": tuple(State),
}
HERE = "/incidents"

router = page_router()


@router.get(HERE)
@needs(Permission.INCIDENT_READ)
async def incidents_page(
    unit: Uses,
    request: Request,
    q: Asked = "",
    place: Asked = "",
    severity: Asked = "",
    whose: Asked = "",
    alert: Asked = "",
    after: Asked = "",
) -> Response:
    """List incidents, newest first."""
    of_alert = _id(alert)
    place = place if place in PLACES else "All" if of_alert else "Open"
    query = {"q": q, "severity": severity, "whose": whose, "alert": alert if of_alert else ""}
    everywhere = _filter(unit, "All", q, severity, whose, of_alert)
    counts = await lists.counts(unit.conn, everywhere)
    cursor = decode(after or None, datetime, UUID)
    chosen = _filter(unit, place, q, severity, whose, of_alert)
    found = await lists.listing(unit.conn, chosen, PAGE + 1, cursor)
    kept, following = page_of(found, PAGE, lambda incident: (incident.opened_at, incident.id))
    version = await plans.in_force(unit.conn)
    return render(
        request,
        "response/list.html",
        incidents=await rows_of(unit, kept),
        places=[
            {
                "label": label,
                "url": address(HERE, {**query, "place": label}),
                "count": sum(counts.get(state, 0) for state in states),
            }
            for label, states in PLACES.items()
        ],
        place=place,
        filtered=any(query.values()),
        q=q,
        severities=[(name, name.capitalize()) for name in (version.plan.severities if version else ())],
        severity=severity,
        whose=whose,
        shown=len(kept),
        total=sum(counts.get(state, 0) for state in PLACES[place]),
        previous=address(HERE, {**query, "place": place}) if cursor else "",
        following=address(HERE, {**query, "place": place, "after": following}) if following else "",
        export=_export(place, q, severity, whose),
        topics=["incidents"],
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _filter(unit: Unit, place: str, q: str, severity: str, whose: str, alert: UUID | None) -> lists.Filter:
    mine = unit.principal.person_id if whose == "mine" else None
    states = PLACES.get(place, PLACES["Open"])
    return lists.Filter(
        states=() if place == "All" else [str(state) for state in states],
        severities=[severity] if severity else (),
        q=q,
        mine=mine,
        alert=alert,
    )


def _export(place: str, q: str, severity: str, whose: str) -> str:
    """The same list as a file; the API makes it."""
    states = [] if place == "All" else [("state", str(state)) for state in PLACES[place]]
    rest = {"q": q, "severity": severity, "mine": "true" if whose == "mine" else ""}
    query = [*states, *((key, value) for key, value in rest.items() if value)]
    return f"/api/v1/incidents.csv?{urlencode(query)}" if query else "/api/v1/incidents.csv"
