"""The forms of an incident's page: those of the actions that may be done now, and those that add to the incident."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from muster.incidents.action import IncidentAction, by_slug
from muster.incidents.actions.writing import RECORD
from muster.incidents.decision import Decision
from muster.incidents.form import Dialog, Form, FormField
from muster.incidents.incident import Incident
from muster.plan.words import spaced
from muster.response.closure import CheckResult

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
        shown = not action.place or action.name in decision.allowed if action.decided else paging
        if shown and (form := action_form(action, incident)):
            yield form


def asking_forms(*, own_roles: int, asked: bool) -> Iterable[Form]:
    """The forms by which people ask people, while there is something to ask for."""
    fields = tuple(field for field in HAND_OVER.fields if own_roles > 1 or field.name != "role")
    yield from (HELP, RESPONDERS, replace(HAND_OVER, fields=fields))
    if asked:
        yield DECLINE


def edit_form(incident: Incident, record: Mapping[str, str], asked: Iterable[str]) -> Form:
    """The form that changes title, summary, workload and the record; `asked` are the fields that the checklist asks for."""
    place = "/".join(filter(None, (incident.workload, incident.component)))
    hints = dict.fromkeys(asked, "The closure checklist asks for it.")
    fields = (
        FormField("title", "Title", required=True),
        FormField("summary", "Summary", rows=3, hint="Markdown."),
        FormField("workload", "Affected", choices="places"),
        *(FormField(name, name.capitalize(), rows=2, hint=hints.get(name, "")) for name in RECORD),
    )
    values = {**record, "title": incident.title, "summary": incident.summary, "workload": place}
    return Form("edit", Dialog("Edit", "Save"), fields, values)


def check_forms(checks: Iterable[CheckResult]) -> Iterable[Form]:
    """The forms that meet items of the checklist."""
    for check in checks:
        if check.kind == "attest":
            dialog = Dialog(check.title, "Attest", check.reason)
            yield Form(f"checks/{check.name}", dialog, (FormField("note", "How do you know?", rows=2),))
        elif check.kind == "note":
            hint = "Markdown. The closure checklist asks for this note."
            text = FormField("text", spaced(check.name).capitalize(), required=True, rows=5, hint=hint)
            dialog = Dialog(check.title, "Write the note")
            yield Form("notes", dialog, (text,), hidden={"name": check.name}, about=check.name)
