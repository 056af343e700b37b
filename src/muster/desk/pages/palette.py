"""What the command palette finds: incidents, persons, workloads, schedules, a few of each."""

from collections.abc import Iterable
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import JSONResponse

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked
from muster.base.web.needs import needs
from muster.catalog import store as catalog
from muster.incidents.incident import OPEN
from muster.incidents.store import lists
from muster.oncall import store as oncall
from muster.people import store as people

EACH = 6
Hit = dict[str, str]

router = page_router()


@router.get("/palette.json")
@needs(Permission.INCIDENT_READ)
async def palette(unit: Uses, q: Asked = "") -> Response:
    """Hits for a few words; without any, the newest open incidents."""
    words = q.strip()
    hits = await _incidents(unit, words)
    if words:
        hits += [*await _persons(unit, words), *await _places(unit, words), *await _schedules(unit, words)]
    return JSONResponse({"actions": hits})


async def _incidents(unit: Unit, words: str) -> list[Hit]:
    states = () if words else [str(state) for state in OPEN]
    found = await lists.listing(unit.conn, lists.IncidentFilter(states=states, q=words), EACH)
    return [
        _hit(f"{incident.ref} {incident.title}", str(incident.state), f"/incidents/{incident.ref}")
        for incident in found
    ]


async def _persons(unit: Unit, words: str) -> list[Hit]:
    found = await people.persons(unit.conn, search=words, limit=EACH)
    return [
        _hit(person.full_name or person.name, "person", f"/settings/people/{quote(person.name)}") for person in found
    ]


async def _places(unit: Unit, words: str) -> list[Hit]:
    known = await catalog.catalogue(unit.conn)
    workloads = ((workload.label, workload.name, workload.name) for workload in known.workloads)
    parts = (
        (f"{holder.label}: {component.label}", component.name, holder.name)
        for holder, component in known.each_component()
    )
    return [
        _hit(label, "workload", f"/catalogue/workloads/{quote(name)}")
        for label, _, name in _fitting([*workloads, *parts], words)
    ]


async def _schedules(unit: Unit, words: str) -> list[Hit]:
    found = await oncall.schedules(unit.conn, search=words, limit=EACH)
    return [_hit(schedule.name, "schedule", f"/on-call/schedules/{quote(schedule.name)}") for schedule in found]


def _fitting(places: Iterable[tuple[str, str, str]], words: str) -> list[tuple[str, str, str]]:
    wanted = words.lower().split()
    fits = (place for place in places if all(word in f"{place[0]} {place[1]}".lower() for word in wanted))
    return [place for place, _ in zip(fits, range(EACH), strict=False)]


def _hit(label: str, hint: str, url: str) -> Hit:
    return {"label": label, "hint": hint, "url": url}
