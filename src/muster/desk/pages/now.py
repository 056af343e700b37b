"""Now: what needs me, what is open, who is on call, and whether Muster's own paging path is proven healthy."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response

from muster.base.access import Level, Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.desk.pages.steps import first_steps
from muster.incidents.action import IncidentAction
from muster.incidents.actions.facts import situation_by_ref
from muster.incidents.incident import OPEN, State
from muster.incidents.pages.obligation import ActionButton, IncidentTag, ObligationView, obligation
from muster.incidents.pages.rows import rank, rows_of, url_of
from muster.incidents.store import lists
from muster.oncall import store as oncall
from muster.oncall.coverage.spans import ahead
from muster.operations.actions.machine import Machine
from muster.paging.chain_flaws import GRAVE
from muster.paging.health import LOOKED_AT, health
from muster.paging.loop import Round
from muster.paging.store import chains, deliveries, loops
from muster.people import store as people
from muster.people.actions.exposed import TOLD
from muster.response import store as response

MOST_OPEN, MOST_WANTED, MOST_SCHEDULES = 100, 8, 30
LOOK_AHEAD = timedelta(days=14)
TELL_REVOKED = timedelta(days=7)
_STATES = tuple(str(state) for state in State if state in OPEN)
_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")

router = page_router()


@router.get("/")
@needs(Permission.INCIDENT_READ)
async def now_page(unit: Uses, request: Request) -> Response:
    """What stands now, what is the viewer's first."""
    found = await lists.listing(unit.conn, lists.IncidentFilter(states=_STATES), MOST_OPEN)
    rows = await rows_of(unit, found)
    todo = await _wanted(unit)
    steps = await first_steps(unit)
    used = await deliveries.used_channels(unit.conn, unit.now - LOOKED_AT)
    path = health(used, unit.now, await loops.rounds(unit.conn))
    return render(
        request,
        "desk/now.html",
        headline=_headline(len(todo), len(rows), fresh=not steps.complete),
        todo=todo,
        incidents=sorted(rows, key=lambda row: (row.rank, row.state != "triggered", row.opened_at)),
        more=len(found) == MOST_OPEN,
        on_call=await _on_call(unit),
        path={
            "proven_at": path.proven_at,
            "trouble": path.trouble,
            "sentence": path.sentence,
            "checks": [
                {
                    "label": used_channel.channel,
                    "state": used_channel.state(unit.now),
                    "at": used_channel.failed_at if used_channel.failing else used_channel.sent_at,
                    "reason": used_channel.reason if used_channel.failing else "",
                }
                for used_channel in used
            ]
            + [_watched(loop) for loop in path.rounds],
        },
        machine=services_of(request).of(Machine).everywhere,
        chains=[row.flaw for row in await chains.every(unit.conn) if row.flaw.weakness in GRAVE],
        revoked=await _revoked(unit),
        steps=None if steps.complete else steps,
        topics=["incidents", "clocks", "paging", "schedules", "people", "plan", "integrations"],
    )


async def _revoked(unit: Unit) -> dict[str, Any] | None:
    """That links were taken back, for a week, to those who can make new ones."""
    at = await people.exposed_revoked_at(unit.conn)
    lately = at is not None and unit.now - at < TELL_REVOKED
    return {"at": at, "sentence": TOLD} if lately and unit.principal.level >= Level.ADMINISTRATOR else None


async def _wanted(unit: Unit) -> list[ObligationView]:
    """The next thing that each incident wants of the viewer: those with a clock first, then the gravest."""
    if unit.principal.person_id is None:
        return []
    actions = unit.ports.of(IncidentAction)
    wanted: list[tuple[Any, ObligationView]] = []
    for incident_id in await response.concerning(unit.conn, unit.principal.person_id, MOST_WANTED):
        situation = await situation_by_ref(unit, str(incident_id))
        if following := situation.decision.next_step():
            held, incident = situation.held, situation.held.incident
            tag = IncidentTag(
                incident.ref, incident.title, url_of(incident), incident.severity, await rank(unit, incident)
            )
            shown = obligation(held, following, actions)
            action = shown.action
            if action and action.opens:
                action = ActionButton(action.label, tag.url, method="get")
            shown = replace(shown, id=f"{incident.ref}-{shown.id}", incident=tag, action=action)
            wanted.append(((shown.due is None, tag.rank, incident.opened_at), shown))
    todo = [shown for _, shown in sorted(wanted, key=lambda pair: pair[0])]
    # One key means one thing: the first.
    return todo[:1] + [
        replace(shown, action=replace(shown.action, key="")) if shown.action else shown for shown in todo[1:]
    ]


def _watched(watched: Round) -> dict[str, Any]:
    """What the last synthetic page of a channel came to, as a check."""
    words = "there and back" if watched.closed else "the provider's account"
    return {
        "label": f"{watched.channel}, {words}",
        "state": "failed" if watched.failures else "delivered",
        "at": watched.failing_since if watched.failures else watched.good_at,
        "reason": watched.reason if watched.failures else "",
    }


async def _on_call(unit: Unit) -> list[dict[str, Any]]:
    stored = await oncall.schedules(unit.conn, limit=MOST_SCHEDULES)
    rosters = await oncall.rosters(unit.conn, [schedule.name for schedule in stored], unit.now, unit.now + LOOK_AHEAD)
    spans = {schedule.name: ahead(rosters[schedule.name], unit.now) for schedule in stored if schedule.name in rosters}
    known = await people.persons_named(unit.conn, {name for span in spans.values() for name in span.people})
    rows = []
    for name, span in spans.items():
        names = [known[name].full_name or name if name in known else name for name in span.people]
        rows.append(
            {
                "schedule": name,
                "url": f"/on-call/schedules/{quote(name, safe='')}",
                "person": ", ".join(names) or None,
                "me": unit.principal.name in span.people,
                "until": span.end if span.end < unit.now + LOOK_AHEAD else None,
                "note": "" if names else "Nobody is on call",
            }
        )
    return rows


def _headline(todo: int, open_: int, *, fresh: bool) -> str:
    if todo:
        many = _WORDS[todo] if todo < len(_WORDS) else str(todo)
        return f"{many} {'incident needs' if todo == 1 else 'incidents need'} you"
    if open_:
        return "Nothing needs you now"
    return "Welcome to Muster" if fresh else "All quiet"
