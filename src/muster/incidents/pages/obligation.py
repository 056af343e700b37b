"""An obligation as the component `ui.obligation` shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from muster.incidents.action import ASSIGN, IncidentAction
from muster.incidents.actions.guard import Held
from muster.incidents.decision import Fulfilment, Obligation, ObligationState
from muster.incidents.form import form_id
from muster.incidents.pages.rows import url_of


@dataclass(frozen=True, slots=True)
class ActionButton:
    """The button that meets an obligation: it opens a form of the page, goes to `url`, or posts `fields` to it."""

    label: str
    url: str
    key: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    opens: str = ""
    method: Literal["post", "get"] = "post"


@dataclass(frozen=True, slots=True)
class IncidentTag:
    """The incident that an obligation is of, where several stand in one list."""

    ref: str
    title: str
    url: str
    severity: str
    rank: int


@dataclass(frozen=True, slots=True)
class ObligationView:
    """One thing to be done, or that was done; `who` is a sentence, `why` names the place in the plan."""

    id: str
    title: str
    who: str
    mine: bool
    state: Literal["open", "blocked", "met"]
    due: datetime | None
    started: datetime | None
    blocked_by: Sequence[str]
    why: str
    met_by: str
    met_at: datetime | None
    action: ActionButton | None
    incident: IncidentTag | None = None


def obligation(held: Held, item: Obligation, actions: Sequence[IncidentAction]) -> ObligationView:
    """One obligation as `ui.obligation` takes it."""
    mine = item.mine and item.state is not ObligationState.MET
    open = mine and item.state is ObligationState.OPEN
    why = f"{item.why} Who may: {item.who}" if mine else item.why
    return ObligationView(
        id=item.id.replace(":", "-"),
        title=item.title,
        who="You" if mine else item.who,
        mine=mine,
        state=item.state.value,
        due=item.due,
        started=item.started,
        blocked_by=item.blocked_by,
        why=why.strip(),
        met_by=item.met_by,
        met_at=item.met_at,
        action=_button(held, item.action, actions) if open and item.action else None,
    )


def _button(held: Held, fulfilment: Fulfilment, actions: Sequence[IncidentAction]) -> ActionButton:
    slug, fields = fulfilment.verb, fulfilment.fields
    action = next((action for action in actions if action.slug == slug), None)
    button = ActionButton(
        fulfilment.label, url_of(held.incident, *slug.split("/")), action.key if action else "", fields
    )
    if slug == ASSIGN.slug and held.actor.person:
        # One tap for the common thing; to give it to somebody else there is the form among the facts.
        return replace(button, label="I take it", fields={**fields, "person": held.actor.person})
    if action is None or action.form:
        return replace(button, opens=f"form-{form_id(slug, fields.get('name', ''))}")
    return button
