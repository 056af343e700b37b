"""One incident: what must be done next and by when, its story, and the facts around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response

from muster.base.access import Level, Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, by_field
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.incidents.action import IncidentAction
from muster.incidents.actions.facts import situation_of
from muster.incidents.actions.guard import Held, existing, look
from muster.incidents.actions.writing import RECORD
from muster.incidents.belongings import SeverityChange
from muster.incidents.form import Form
from muster.incidents.incident import Incident, State
from muster.incidents.pages.places import places_of
from muster.incidents.pages.rows import Ref, url_of
from muster.incidents.store import lists, words
from muster.kit.errors import Problem
from muster.paging.store import history
from muster.people import store as people
from muster.response.closure import CheckState, gate
from muster.response.pages import around
from muster.response.pages.forms import LINKS, action_form, asking_forms, check_forms, dialogs_of, edit_form
from muster.response.pages.owed import Actions, obligations_of, verbs_of
from muster.response.pages.responding import responding
from muster.response.pages.story import story

router = page_router()


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused: which one (`form` is its id), why, and what had been typed into it."""

    form: str
    problem: Problem
    typed: Mapping[str, str] = field(default_factory=dict)


@router.get("/incidents/{ref}")
@needs(Permission.INCIDENT_READ)
async def incident_page(unit: Uses, request: Request, ref: Ref, show: Asked = "", after: Asked = "") -> Response:
    """Show an incident."""
    return await incident_shown(unit, request, ref, show=show, after=after)


async def incident_shown(
    unit: Unit, request: Request, ref: str, *, show: str = "", after: str = "", refused: Refused | None = None
) -> Response:
    """The page; with the form that was refused standing open, what was typed kept, the reasons beside it."""
    unit.allow(Permission.INCIDENT_READ)
    held = await look(unit, await existing(unit.conn, ref))
    incident, plan = held.incident, held.version.plan
    runs = await history.of_incident(unit.conn, incident.id, rehearsal=unit.hands.resting)
    situation = await situation_of(unit, held, [run.page for run in runs])
    decided, paging = situation.decision, situation.facts.paging
    closing = gate(plan, situation.facts, unit.now)
    actions = unit.ports.of(IncidentAction)
    steps, checks = obligations_of(held, decided, closing, actions)
    may, refusals = verbs_of(decided, actions, paging=paging)
    found, count = await around.alerts_of(unit, incident)
    following = next((each for each in (*steps, *checks) if each["mine"] and each["action"]), None)
    asked = [each for each in closing.checks if each.state in (CheckState.OPEN, CheckState.MET)]
    context: dict[str, Any] = {
        "incident": _head(incident),
        "rank": plan.rank(incident.severity) + 1,
        "steps": _way(incident),
        "next_step": following,
        "obligations": steps,
        "checks": checks,
        "checks_met": sum(each.state is CheckState.MET for each in asked),
        "unasked": [each for each in closing.checks if each not in asked],
        "gate_matters": incident.state in (State.MITIGATED, State.RESOLVED),
        "verbs": may,
        "refusals": refusals,
        "paging": paging,
        "roles": await around.roles_of(unit, held),
        "severities": await words.severities(unit.conn, incident.id),
        "record": {name: incident.record.get(name, "") for name in RECORD},
        "alerts": found,
        "alert_count": count,
        "guides": _guides(found),
        "pages": await around.paged(unit, runs),
        "changes": await around.suspected(unit, incident),
        "links": await words.links(unit.conn, incident.id),
        "merged": await _merged(unit, incident),
        "plan": {"version": held.version.number, "name": held.version.name, "url": _plan_url(held)},
        "refused": refused,
        "typed": refused.typed if refused else {},
        "faults": by_field(refused.problem) if refused else {},
        "topics": [incident.stream],
    }
    context |= await responding(unit, held, runs)
    context["choices"] = {
        "severities": [(name, name.capitalize()) for name in plan.severities],
        "roles": _role_choices(context["roles"]),
        "people": await _assignable(unit, held),
        "incidents": await _others(unit, incident),
        "places": await places_of(unit, "Not known"),
        "askable": context["askable"],
        "own_roles": context["my_roles"],
    }
    context["dialogs"] = [
        *dialogs_of(incident, decided, actions, paging=paging),
        edit_form(incident, context["record"], {name for check in plan.closure for name in check.fields}),
        LINKS,
        *check_forms(closing.checks),
        *(asking_forms(own_roles=len(context["my_roles"]), asked=bool(context["asked"])) if incident.open else ()),
    ]
    context["again"] = _again(refused, incident, context["dialogs"], actions) if refused else None
    context |= await around.affected(unit, incident)
    context |= await story(unit, incident, show, after)
    context["severity_why"] = _severity_why(incident, context["severities"])
    status = refused.problem.status if refused else 200
    return render(request, "response/show.html", status=status, **context)


def _again(refused: Refused, incident: Incident, dialogs: list[Form], actions: Actions) -> Form | None:
    """The form that was refused, also where what has happened since would not offer it any more."""
    forms = [*dialogs, *filter(None, (action_form(action, incident) for action in actions))]
    if refused.problem.status not in (409, 422) or not (refused.typed or refused.problem.faults):
        return None
    return next((form for form in forms if form.id == refused.form), None)


def _role_choices(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Vacant roles first."""
    vacant = [(row["name"], row["role"]) for row in rows if not row["person"]]
    return vacant + [(row["name"], f"{row['role']} (now {row['person']})") for row in rows if row["person"]]


def _head(incident: Incident) -> dict[str, Any]:
    names = ("title", "summary", "severity", "category", "opened_at", "false_alarm", "workload", "component", "source")
    plain = {name: getattr(incident, name) for name in (*names, "on_behalf_of")}
    return {**plain, "ref": incident.ref, "url": url_of(incident), "state": str(incident.state), "open": incident.open}


def _way(incident: Incident) -> list[dict[str, Any]]:
    at = {State.TRIGGERED: incident.opened_at, State.ACKNOWLEDGED: incident.acknowledged_at,
          State.MITIGATED: incident.mitigated_at, State.RESOLVED: incident.resolved_at,
          State.CLOSED: incident.closed_at}  # fmt: skip
    return [{"name": str(state), "at": at[state]} for state in State]


def _plan_url(held: Held) -> str:
    return f"/plan/versions/{held.version.number}?plan={quote(held.version.name)}"


def _severity_why(incident: Incident, history: list[SeverityChange]) -> list[str]:
    if not history:
        return [incident.severity_reason]
    return [f"{each.severity.capitalize()} ({each.by_name}): {each.reason or 'no reason was given.'}"
            for each in reversed(history)]  # fmt: skip


def _guides(found: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What alerts themselves say to do next, each once."""
    steps = dict.fromkeys(each["next_step"] for each in found if each["next_step"])
    links = {
        link.url: link.label for each in found for link in each["links"] if link.url.startswith(("https://", "http://"))
    }
    # A step that only spells an address out is the link itself.
    plain = [text for text in steps if not any(url in text for url in links)]
    return [{"text": text, "url": ""} for text in plain] + [{"text": label, "url": url} for url, label in links.items()]


async def _assignable(unit: Unit, held: Held) -> list[tuple[str, str]]:
    everybody = await people.persons(unit.conn)
    able = [each for each in everybody if each.level >= Level.RESPONDER]
    first = [each for each in able if each.id == unit.principal.person_id]
    return [(each.name, f"{each.full_name or each.name}{' (you)' if each in first else ''}")
            for each in [*first, *(one for one in able if one not in first)]]  # fmt: skip


async def _merged(unit: Unit, incident: Incident) -> dict[str, Any]:
    into = await lists.refs(unit.conn, [incident.merged_into]) if incident.merged_into else {}
    return {
        "into": next(iter(into.values()), ""),
        "absorbed": (await lists.absorbed(unit.conn, [incident.id])).get(incident.id, []),
    }


async def _others(unit: Unit, incident: Incident) -> list[tuple[str, str]]:
    """Incidents that this one may be merged into: those that are not over, newest first."""
    if not incident.open:
        return []
    states = [str(state) for state in (State.TRIGGERED, State.ACKNOWLEDGED, State.MITIGATED)]
    found = await lists.listing(unit.conn, lists.Filter(states=states), 50)
    return [(each.ref, f"{each.ref} {each.title}") for each in found if each.id != incident.id]
