"""The one table of what people do with an incident. Routes, commands, forms, keys, authority and documents follow from it.

A feature above declares its own actions in its `action.py`; composition collects them all (`base/ports.py`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from muster.base.access import Permission
from muster.incidents import lifecycle
from muster.incidents.form import SHORT, Dialog, Form, FormField
from muster.incidents.incident import OPEN, Incident, State
from muster.incidents.lifecycle import MERGED, Transition, move
from muster.plan.action import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentAction(Action):
    """One action. `run` names the function that carries it out: of the unit, the incident's reference, and the `fields`.

    `place` is where its button stands, unless it is a step. `doer` is who did it, as the
    plan's separation of duties names them. `many` lets its command take several incidents, `command` is false where the
    command is written by hand. Without a `transition`, `states` are those in which it may be done. One that `answers_pages` may
    be done as long as somebody is paged.
    """

    label: str
    help: str
    permission: Permission
    run: str
    slug: str
    fields: tuple[FormField, ...] = ()
    transition: Transition | None = None
    states: frozenset[State] = frozenset(State)
    answers_pages: bool = False
    doer: str = ""
    place: Literal["head", ""] = ""
    icon: str = ""
    key: str = ""
    dialog: Dialog | None = None
    many: bool = False
    command: bool = True

    def hindrance(self, incident: Incident, *, paging: bool = False) -> str:
        """Why the incident's state does not allow it; empty where it does. `paging`: it is paged now."""
        state, merged = incident.state, incident.merged_into is not None
        if self.answers_pages and paging and incident.open:
            return ""
        if self.transition:
            return move(state, self.transition, merged=merged).reason
        if merged:
            return MERGED
        return "" if state in self.states else f"It is {state}. Reopen it first."

    @property
    def form(self) -> Form | None:
        """The form that asks for its fields; None where one tap is enough."""
        return Form(self.slug, self.dialog, self.fields) if self.dialog else None


def by_slug(actions: Iterable[IncidentAction]) -> tuple[IncidentAction, ...]:
    """One action for each address: those that differ by authority only share their form, route and command."""
    first: dict[str, IncidentAction] = {}
    for action in actions:
        first.setdefault(action.slug, action)
    return tuple(first.values())


RECORDED = "Stands in the timeline, and in the record where that says nothing yet."
NOTE = FormField("note", "A note", rows=2)

ACKNOWLEDGE = IncidentAction(
    name="acknowledge",
    words="acknowledge",
    label="Acknowledge",
    help="Acknowledge: paging stops, you have it.",
    permission=Permission.INCIDENT_ACKNOWLEDGE,
    run="muster.incidents.actions.acknowledge:acknowledge",
    slug="acknowledge",
    fields=(NOTE,),
    transition=lifecycle.ACKNOWLEDGE,
    answers_pages=True,
    doer="acknowledger",
    step=True,
    key="a",
    many=True,
)
MITIGATE = IncidentAction(
    name="mitigate",
    words="declare it mitigated",
    label="Mitigate",
    help="Declare the impact reduced; the note says how.",
    permission=Permission.INCIDENT_MITIGATE,
    run="muster.incidents.actions.mitigate:mitigate",
    slug="mitigate",
    fields=(FormField("note", "What reduced the impact?", rows=3, hint=RECORDED),),
    transition=lifecycle.MITIGATE,
    doer="mitigator",
    step=True,
    key="m",
    dialog=Dialog("The impact is reduced", "Mitigate"),
    many=True,
)
RESOLVE = IncidentAction(
    name="resolve",
    words="declare it resolved",
    label="Resolve",
    help="Declare the disruption over; the note says how.",
    permission=Permission.INCIDENT_RESOLVE,
    run="muster.incidents.actions.resolve:resolve",
    slug="resolve",
    fields=(FormField("note", "What restored it?", rows=3, hint=RECORDED),),
    transition=lifecycle.RESOLVE,
    doer="resolver",
    step=True,
    key="r",
    dialog=Dialog("The disruption is over", "Resolve"),
    many=True,
)
REOPEN = IncidentAction(
    name="reopen",
    words="reopen",
    label="Reopen",
    help="Reopen: it is triggered and paged again.",
    permission=Permission.INCIDENT_REOPEN,
    run="muster.incidents.actions.reopen:reopen",
    slug="reopen",
    fields=(FormField("reason", "Why was it not over?", required=True, rows=2),),
    transition=lifecycle.REOPEN,
    place="head",
    icon="undo",
    dialog=Dialog("Reopen it", "Reopen", "It is triggered again: the clock starts anew, and people are paged."),
    many=True,
)
MERGE = IncidentAction(
    name="merge",
    words="merge",
    label="Merge",
    help="Merge into another incident, which is returned and goes on for both.",
    permission=Permission.INCIDENT_MERGE,
    run="muster.incidents.actions.merge:merge",
    slug="merge",
    fields=(
        FormField(
            "into",
            "Merge into",
            required=True,
            longest=SHORT,
            choices="incidents",
            nothing="No other incident is open.",
        ),
        FormField("reason", "Why is it the same?", rows=2),
    ),
    transition=lifecycle.MERGE,
    place="head",
    icon="merge",
    dialog=Dialog("Merge it", "Merge", "This one is closed as a part of the other, which takes its alerts."),
)
FALSE_ALARM = IncidentAction(
    name="false_alarm",
    words="call it a false alarm",
    careful=True,
    label="False alarm",
    help="Declare a false alarm: resolved, and its alerts count as false.",
    permission=Permission.INCIDENT_RESOLVE,
    run="muster.incidents.actions.false_alarm:declare_false_alarm",
    slug="false-alarm",
    fields=(FormField("reason", "How do you know?", required=True, rows=2),),
    transition=lifecycle.FALSE_ALARM,
    place="head",
    icon="refusal",
    dialog=Dialog(
        "Was it a false alarm?",
        "Declare a false alarm",
        "There was no disruption. Paging stops, and each of its alerts counts as false.",
    ),
    many=True,
)
ASSIGN = IncidentAction(
    name="assign",
    words="assign roles",
    label="Assign a role",
    help="Give a role to a person; whoever had it gives it up.",
    permission=Permission.INCIDENT_ROLES,
    run="muster.incidents.actions.roles:assign_role",
    slug="roles",
    fields=(
        FormField("role", "Role", required=True, longest=SHORT, choices="roles"),
        FormField("person", "Person", required=True, longest=SHORT, choices="people"),
        FormField("reason", "Why", rows=2),
    ),
    dialog=Dialog("Assign a role", "Assign"),
    command=False,
)
_SEVERITY = (
    FormField("severity", "Severity", required=True, longest=SHORT, choices="severities"),
    FormField("reason", "Why", required=True, rows=2, hint="Kept in the timeline for everybody who asks."),
)
RAISE_SEVERITY = IncidentAction(
    name="severity.raise",
    words="raise the severity",
    label="Raise the severity",
    help="Raise or lower the severity.",
    permission=Permission.INCIDENT_SEVERITY,
    run="muster.incidents.actions.severity:set_severity",
    slug="severity",
    fields=_SEVERITY,
    states=frozenset(State) - {State.CLOSED},
    dialog=Dialog("Change severity", "Change severity"),
)
LOWER_SEVERITY = IncidentAction(
    name="severity.lower",
    words="lower the severity",
    careful=True,
    label="Lower the severity",
    help=RAISE_SEVERITY.help,
    permission=RAISE_SEVERITY.permission,
    run=RAISE_SEVERITY.run,
    slug=RAISE_SEVERITY.slug,
    fields=_SEVERITY,
    states=RAISE_SEVERITY.states,
    dialog=RAISE_SEVERITY.dialog,
)
ESCALATE = IncidentAction(
    name="escalate",
    words="page further",
    decided=False,
    label="Escalate",
    help="Page the next step now; page anew where every step has run and nobody has answered.",
    permission=Permission.PAGE_ESCALATE,
    run="muster.incidents.actions.escalate:escalate",
    slug="escalate",
    fields=(FormField("reason", "Why now?", rows=2),),
    states=OPEN,
    place="head",
    icon="up",
    key="e",
    dialog=Dialog(
        "Escalate now",
        "Page the next step",
        "The next step of the policy is paged now instead of when its time comes.",
    ),
)
ACTIONS = (
    ESCALATE,
    ACKNOWLEDGE,
    MITIGATE,
    RESOLVE,
    REOPEN,
    MERGE,
    FALSE_ALARM,
    ASSIGN,
    RAISE_SEVERITY,
    LOWER_SEVERITY,
)
