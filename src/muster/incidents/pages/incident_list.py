"""All incidents: searched, filtered, paged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from muster.base.web.typed import Tab, template
from muster.incidents.incident import OPEN, State
from muster.incidents.pages.rows import IncidentRow, rows_of
from muster.incidents.store import lists
from muster.plan import store as plans

PAGE = 50
PLACES: Mapping[str, tuple[State, ...]] = {
    "Open": tuple(state for state in State if state in OPEN),
    "To be closed": (State.RESOLVED,),
    "Closed": (State.CLOSED,),
    "All": tuple(State),
}
HERE = "/incidents"
_OPENED = "Alerts that the plan routes open incidents, and so do people who report a problem."
LOOSEN = ("No incident fits", "Loosen the filter, or look at another tab.")
NOTHING: Mapping[str, tuple[str, str]] = {
    "Open": ("Nothing is open", _OPENED),
    "To be closed": (
        "Nothing waits to be closed",
        "A resolved incident waits here until its closure checklist is done.",
    ),
    "Closed": ("Nothing was closed yet", "Closed incidents stand here, each with its whole story."),
    "All": ("No incident yet", _OPENED),
}
"""What stands where a tab is empty: a title, and why."""

router = page_router()


@template("incidents/list.html")
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentList:
    """A tab of the list, as it is filtered; `nothing` is what stands in place of an empty one, `export` its address as CSV."""

    incidents: Sequence[IncidentRow]
    tabs: Sequence[Tab]
    place: str
    q: str
    severity: str
    severities: Sequence[tuple[str, str]]
    whose: str
    filtered: bool
    nothing: tuple[str, str]
    total: int
    previous: str
    following: str
    export: str
    topics: Sequence[str] = ("incidents",)


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
    view = IncidentList(
        incidents=await rows_of(unit, kept),
        tabs=[
            Tab(label, address(HERE, {**query, "place": label}), sum(counts.get(state, 0) for state in states))
            for label, states in PLACES.items()
        ],
        place=place,
        q=q,
        severity=severity,
        severities=[(name, name.capitalize()) for name in (version.plan.severities if version else ())],
        whose=whose,
        filtered=any(query.values()),
        nothing=LOOSEN if any(query.values()) else NOTHING[place],
        total=sum(counts.get(state, 0) for state in PLACES[place]),
        previous=address(HERE, {**query, "place": place}) if cursor else "",
        following=address(HERE, {**query, "place": place, "after": following}) if following else "",
        export=_export(place, q, severity, whose),
    )
    return render(request, view)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _filter(unit: Unit, place: str, q: str, severity: str, whose: str, alert: UUID | None) -> lists.IncidentFilter:
    mine = unit.principal.person_id if whose == "mine" else None
    states = PLACES.get(place, PLACES["Open"])
    return lists.IncidentFilter(
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
