"""One incident: what must be done next and by when, its story, and the facts around it. Most of it are panels."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from fastapi import Request, Response
from markupsafe import Markup

from muster.alerts.masked import masked_alert
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, by_field
from muster.base.web.needs import needs
from muster.base.web.render import fragment, render
from muster.base.web.typed import template
from muster.incidents.action import IncidentAction
from muster.incidents.actions.facts import Situation, situation_of
from muster.incidents.actions.guard import Held, existing, look
from muster.incidents.belongings import AlertCount, SeverityChange
from muster.incidents.form import Choices, Form
from muster.incidents.incident import Incident, State
from muster.incidents.pages.forms import action_form, choices_of, forms_of
from muster.incidents.pages.obligation import ObligationView
from muster.incidents.pages.panel import Content, Panel, PanelPlace, Viewed, load_panels
from muster.incidents.pages.rows import Ref, url_of
from muster.incidents.pages.story import Story, story
from muster.incidents.store import joined, lists, words
from muster.kit.errors import Fault, Problem
from muster.paging.history import PageHistory
from muster.paging.page import Page
from muster.paging.store import history
from muster.people import store as people
from muster.people.person import Person

MOST_ALERTS = 20
router = page_router()


@dataclass(frozen=True, slots=True)
class RefusedForm:
    """A form that was refused: which one (`form` is its id), why, and what had been typed into it."""

    form: str
    problem: Problem
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HeadButton:
    """A button in the head of the page; it opens a form."""

    label: str
    icon: str
    opens: str
    key: str


@dataclass(frozen=True, slots=True)
class StateReached:
    """A state on the way of an incident, and when it was reached."""

    name: str
    at: datetime | None


@template("incidents/incident.html")
@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """The page. `asked` are pages by which somebody asks the viewer, `again` is the form that was refused, with what was `typed`
    and the `faults` of its fields; `choices` are what forms offer."""

    incident: Incident
    url: str
    rank: int
    steps: Sequence[StateReached]
    buttons: Sequence[HeadButton]
    asked: Sequence[Page]
    merged_into: str
    absorbed: Sequence[str]
    panels_of_steps: Sequence[Markup]
    panels_of_facts: Sequence[Markup]
    story: Story
    severity_why: Sequence[str]
    plan_label: str
    plan_url: str
    next_step: ObligationView | None
    dialogs: Sequence[Form]
    choices: Mapping[Choices, Sequence[tuple[str, str]]]
    refused: RefusedForm | None
    again: Form | None
    typed: Mapping[str, str]
    faults: Mapping[str, Fault]
    topics: Sequence[str]


@template("incidents/panels/failed.html")
@dataclass(frozen=True, slots=True)
class FailedPanel:
    """What stands in place of a panel that failed."""

    name: str
    title: str


@router.get("/incidents/{ref}")
@needs(Permission.INCIDENT_READ)
async def incident_page(unit: Uses, request: Request, ref: Ref, show: Asked = "", after: Asked = "") -> Response:
    """Show an incident."""
    return await incident_shown(unit, request, ref, show=show, after=after)


async def incident_shown(
    unit: Unit, request: Request, ref: str, *, show: str = "", after: str = "", refused: RefusedForm | None = None
) -> Response:
    """The page; with the form that was refused standing open, what was typed kept, the reasons beside it."""
    unit.allow(Permission.INCIDENT_READ)
    viewed = await _viewed(unit, await look(unit, await existing(unit.conn, ref)))
    held, incident, actions = viewed.held, viewed.held.incident, unit.ports.of(IncidentAction)
    panels = sorted(unit.ports.of(Panel), key=lambda panel: panel.order)
    contents = await load_panels(unit, viewed, panels)
    shown = [content for panel in panels if (content := contents[panel.name])]
    asked = [run.page for run in viewed.runs if run.asks(unit.principal.name)] if incident.open else []
    dialogs = [form for content in shown for form in content.forms] + forms_of(
        unit, viewed.situation, actions, asked=bool(asked)
    )
    view = IncidentView(
        incident=incident,
        url=url_of(incident),
        rank=held.version.plan.rank(incident.severity) + 1,
        steps=_way(incident),
        buttons=list(_buttons(viewed.situation, actions)),
        asked=asked,
        merged_into=await _merged_into(unit, incident),
        absorbed=(await lists.absorbed(unit.conn, [incident.id])).get(incident.id, []),
        panels_of_steps=_fragments(request, panels, contents, PanelPlace.STEPS),
        panels_of_facts=_fragments(request, panels, contents, PanelPlace.FACTS),
        story=await story(unit, incident, show, after),
        severity_why=_severity_why(incident, await words.severities(unit.conn, incident.id)),
        plan_label=f"{held.version.name}, version {held.version.number}",
        plan_url=f"/plan/versions/{held.version.number}?plan={quote(held.version.name)}",
        next_step=next((content.next_step for content in shown if content.next_step), None),
        dialogs=dialogs,
        choices=await choices_of(unit, viewed),
        refused=refused,
        again=_again(refused, incident, dialogs, actions) if refused else None,
        typed=refused.typed if refused else {},
        faults=by_field(refused.problem) if refused else {},
        topics=[incident.stream, *(topic for panel in panels for topic in panel.topics)],
    )
    return render(request, view, status=refused.problem.status if refused else 200)


async def _viewed(unit: Unit, held: Held) -> Viewed:
    """What all panels look at, loaded once."""
    incident = held.incident
    runs = await history.of_incident(unit.conn, incident.id, rehearsal=unit.hands.resting)
    counts = (await lists.alert_counts(unit.conn, [incident.id])).get(incident.id, AlertCount())
    gravest = [masked_alert(alert) for alert in await joined.gravest(unit.conn, incident.id, MOST_ALERTS)]
    situation = await situation_of(unit, held, [run.page for run in runs])
    return Viewed(situation, runs, gravest, counts.all, await _persons(unit, held, runs))


async def _persons(unit: Unit, held: Held, runs: Iterable[PageHistory]) -> dict[str, Person]:
    """Everybody who is here, and whoever else the page names."""
    named = {*held.roles.values(), *(delivery.person for run in runs for delivery in run.deliveries)}
    named |= {answer.person for run in runs for answer in run.answers}
    persons = {person.name: person for person in await people.persons(unit.conn)}
    if gone := named - persons.keys():
        persons |= await people.persons_named(unit.conn, gone)
    return persons


def _fragments(
    request: Request, panels: Iterable[Panel], contents: Mapping[str, Content | None], place: PanelPlace
) -> list[Markup]:
    fragments = []
    for panel in panels:
        content = contents[panel.name]
        if panel.place is place and content is None:
            fragments.append(fragment(request, FailedPanel(panel.name, panel.title)))
        elif panel.place is place and content and content.view is not None:
            fragments.append(fragment(request, content.view))
    return fragments


def _buttons(situation: Situation, actions: Iterable[IncidentAction]) -> Iterator[HeadButton]:
    """What may be done besides the steps."""
    decision, paging = situation.decision, situation.facts.paging
    for action in actions:
        allowed = action.name in decision.allowed if action.decided else paging
        if allowed and action.form and action.place == "head":
            yield HeadButton(action.label, action.icon, f"form-{action.form.id}", action.key)


def _again(
    refused: RefusedForm, incident: Incident, dialogs: Sequence[Form], actions: Iterable[IncidentAction]
) -> Form | None:
    """The form that was refused, also where what has happened since would not offer it any more."""
    forms = [*dialogs, *filter(None, (action_form(action, incident) for action in actions))]
    if refused.problem.status not in (409, 422) or not (refused.typed or refused.problem.faults):
        return None
    return next((form for form in forms if form.id == refused.form), None)


def _way(incident: Incident) -> list[StateReached]:
    at = {State.TRIGGERED: incident.opened_at, State.ACKNOWLEDGED: incident.acknowledged_at,
          State.MITIGATED: incident.mitigated_at, State.RESOLVED: incident.resolved_at,
          State.CLOSED: incident.closed_at}  # fmt: skip
    return [StateReached(str(state), at[state]) for state in State]


def _severity_why(incident: Incident, history: Sequence[SeverityChange]) -> list[str]:
    if not history:
        return [incident.severity_reason]
    return [
        f"{change.severity.capitalize()} ({change.by_name}): {change.reason or 'no reason was given.'}"
        for change in reversed(history)
    ]


async def _merged_into(unit: Unit, incident: Incident) -> str:
    into = await lists.refs(unit.conn, [incident.merged_into]) if incident.merged_into else {}
    return next(iter(into.values()), "")
