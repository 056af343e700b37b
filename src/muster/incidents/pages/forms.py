"""The forms of an incident's page by which people ask people and add to the incident, and what one may choose in forms."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from muster.base.access import Level
from muster.base.unit import Unit
from muster.incidents.action import IncidentAction, by_slug
from muster.incidents.actions.facts import Situation
from muster.incidents.actions.guard import Held
from muster.incidents.actions.writing import RECORD
from muster.incidents.authority import title_of
from muster.incidents.decision import Decision
from muster.incidents.form import Choices, Dialog, Form, FormField
from muster.incidents.incident import Incident, State
from muster.incidents.pages.panel import Viewed
from muster.incidents.pages.places import places_of
from muster.incidents.store import lists
from muster.oncall import store as oncall
from muster.people import store as people

ESCALATION = "The next step of the escalation"
MESSAGE = "Stands first in the message that they get."
HAND_OVER = Form(
    "hand-over",
    Dialog("Hand it over", "Ask them to take over", "They are paged and must accept; until then it stays where it is."),
    (
        FormField("person", "To whom", required=True, choices="people"),
        FormField("role", "What", required=True, choices="own_roles"),
        FormField("note", "What should they know?", rows=2, hint=MESSAGE),
    ),
)
RESPONDERS = Form(
    "responders",
    Dialog("Add responders", "Page them", "They are paged until somebody answers. You keep it."),
    (
        FormField("targets", "Whom", required=True, choices="askable"),
        FormField("note", "What for?", rows=2, hint=MESSAGE),
    ),
)
HELP = Form(
    "help",
    Dialog("Ask for help", "Call for help"),
    (
        FormField("words", "What do you need?", rows=2, hint=MESSAGE),
        FormField("target", "Of whom", choices="askable", example=ESCALATION),
    ),
)
DECLINE = Form(
    "respond",
    Dialog("Decline", "Decline"),
    (FormField("reason", "Why not?", rows=2, hint="The person who asked reads it."),),
    hidden={"coming": "no"},
)
LINKS = Form(
    "links",
    Dialog("Attach a link", "Attach"),
    (
        FormField("url", "Address", required=True, kind="url", example="https://"),
        FormField("label", "What is it?", example="Call, chat, dashboard"),
    ),
)


def action_form(action: IncidentAction, incident: Incident) -> Form | None:
    """The form of an action, with what the incident has now in its fields."""
    form = action.form
    return replace(form, values={"severity": incident.severity}) if form and action.slug == "severity" else form


def dialogs_of(
    incident: Incident, decision: Decision, actions: Iterable[IncidentAction], *, paging: bool
) -> Iterable[Form]:
    """The forms of the actions that the viewer may do now. Those without a place of their own have a button always."""
    for action in by_slug(actions):
        always = not action.place and not action.step
        shown = always or action.name in decision.allowed if action.decided else paging
        if shown and (form := action_form(action, incident)):
            yield form


def forms_of(unit: Unit, situation: Situation, actions: Iterable[IncidentAction], *, asked: bool) -> list[Form]:
    """The forms of whatever the viewer may do; `asked` where somebody asks them for something."""
    held, incident = situation.held, situation.held.incident
    dialogs = dialogs_of(incident, situation.decision, actions, paging=situation.facts.paging)
    closure = held.version.plan.closure
    edit = edit_form(incident, {name for check in closure for name in check.fields})
    asking = asking_forms(own_roles=len(own_roles(unit, held)), asked=asked) if incident.open else ()
    return [*dialogs, edit, LINKS, *asking]


def asking_forms(*, own_roles: int, asked: bool) -> Iterable[Form]:
    """The forms by which people ask people, while there is something to ask for."""
    fields = tuple(field for field in HAND_OVER.fields if own_roles > 1 or field.name != "role")
    yield from (HELP, RESPONDERS, replace(HAND_OVER, fields=fields))
    if asked:
        yield DECLINE


def edit_form(incident: Incident, asked: Iterable[str]) -> Form:
    """The form that changes title, summary, workload and the record; `asked` are the fields that the checklist asks for."""
    place = "/".join(filter(None, (incident.workload, incident.component)))
    hints = dict.fromkeys(asked, "The closure checklist asks for it.")
    fields = (
        FormField("title", "Title", required=True),
        FormField("summary", "Summary", rows=3, hint="Markdown."),
        FormField("workload", "Affected", choices="places", example="Not known"),
        *(FormField(name, name.capitalize(), rows=2, hint=hints.get(name, "")) for name in RECORD),
    )
    record = {name: incident.record.get(name, "") for name in RECORD}
    values = {**record, "title": incident.title, "summary": incident.summary, "workload": place}
    return Form("edit", Dialog("Edit", "Save"), fields, values)


async def choices_of(unit: Unit, viewed: Viewed) -> dict[Choices, Sequence[tuple[str, str]]]:
    """What the forms of the page offer to choose from."""
    held = viewed.held
    return {
        "severities": [(name, name.capitalize()) for name in held.version.plan.severities],
        "roles": _roles(held, viewed),
        "people": _assignable(unit, viewed),
        "incidents": await _others(unit, held.incident),
        "places": (await places_of(unit, ""))[1:],
        "askable": await _askable(unit, viewed) if held.incident.open else [],
        "own_roles": own_roles(unit, held),
    }


def own_roles(unit: Unit, held: Held) -> list[tuple[str, str]]:
    """The roles that the viewer has in the incident."""
    mine = (role for role, holder in held.roles.items() if holder == unit.principal.name)
    return [(role, title_of(held.version.plan, role)) for role in mine]


def _roles(held: Held, viewed: Viewed) -> list[tuple[str, str]]:
    """Vacant roles first."""
    titles = {name: title_of(held.version.plan, name) for name in held.version.plan.every_role()}
    vacant = [(name, title) for name, title in titles.items() if not held.roles.get(name)]
    return vacant + [
        (name, f"{title} (now {viewed.name_of(held.roles[name])})")
        for name, title in titles.items()
        if held.roles.get(name)
    ]


def _assignable(unit: Unit, viewed: Viewed) -> list[tuple[str, str]]:
    """Who can take a role, the viewer first."""
    able = [person for person in viewed.persons.values() if person.active and person.level >= Level.RESPONDER]
    able.sort(key=lambda person: (person.id != unit.principal.person_id, person.name))
    you = {unit.principal.person_id: " (you)"}
    return [(person.name, f"{person.full_name or person.name}{you.get(person.id, '')}") for person in able]


async def _askable(unit: Unit, viewed: Viewed) -> list[tuple[str, str]]:
    teams = [(f"team:{team.name}", f"Team {team.name}") for team in await people.teams(unit.conn)]
    schedules = [(f"schedule:{name}", f"On call: {name}") for name in sorted(await oncall.names_of_all(unit.conn))]
    policies = [(f"policy:{name}", f"Policy {name}") for name in viewed.held.version.plan.escalation]
    active = sorted((person for person in viewed.persons.values() if person.active), key=lambda person: person.name)
    persons = [(f"person:{person.name}", person.full_name or person.name) for person in active]
    return [*teams, *schedules, *policies, *persons]


async def _others(unit: Unit, incident: Incident) -> list[tuple[str, str]]:
    """Incidents that this one may be merged into: those that are not over, newest first."""
    if not incident.open:
        return []
    states = [str(state) for state in (State.TRIGGERED, State.ACKNOWLEDGED, State.MITIGATED)]
    others = await lists.listing(unit.conn, lists.IncidentFilter(states=states), 50)
    return [(other.ref, f"{other.ref} {other.title}") for other in others if other.id != incident.id]
