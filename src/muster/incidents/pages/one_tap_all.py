"""The link in a gathered message: one big button that takes all of its incidents, no sign-in (R75, R76)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Path, Request, Response

from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import public
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.web.typed import template
from muster.incidents.actions.acknowledge_all import TappedAll, acknowledge_all, look_at_all
from muster.incidents.incident import Incident, State
from muster.incidents.pages.one_tap import DeadLink
from muster.kit.errors import Denied
from muster.kit.signing import LONGEST_TOKEN
from muster.paging.actions.links import Links
from muster.people.person import Person
from muster.plan import store as plans

Token = Annotated[str, Path(max_length=LONGEST_TOKEN + 1)]
WHY = (
    "The signed link from the message is the authority; it lets its bearer do nothing but acknowledge these incidents."
)
SHOWN = 50

router = page_router("/a/all")


@dataclass(frozen=True, slots=True)
class TappedRow:
    """An incident of the message, with the rank of its severity."""

    incident: Incident
    rank: int


@template("incidents/one_tap_all.html")
@dataclass(frozen=True, slots=True, kw_only=True)
class OneTapAll:
    """The link of a gathered message: those that wait first, the gravest first. `hidden` are not listed, `waiting` have nobody,
    `mine` this person has; `outcome` is what the tap came to, or empty."""

    token: str
    person: Person
    rows: Sequence[TappedRow]
    hidden: int
    count: int
    waiting: int
    mine: int
    outcome: str
    topics: Sequence[str] = ()


@router.get("/{token}")
@public(WHY)
async def one_tap_all_page(unit: Uses, request: Request, token: Token) -> Response:
    """Show what the link is about; changes nothing, so that link previews acknowledge nothing."""
    try:
        tapped = await look_at_all(unit.conn, _key(request), token, unit.now)
    except Denied as problem:
        return render(request, DeadLink(problem), status=problem.status)
    return await _show(unit, request, token, tapped, "")


@router.post("/{token}")
@public(WHY)
async def do_acknowledge_all(unit: Uses, request: Request, token: Token) -> Response:
    """Acknowledge as the person whom the message was sent to."""
    try:
        tapped, outcome = await acknowledge_all(unit, _key(request), token)
    except Denied as problem:
        return render(request, DeadLink(problem), status=problem.status)
    return await _show(unit, request, token, tapped, outcome)


async def _show(unit: Unit, request: Request, token: str, tapped: TappedAll, outcome: str) -> Response:
    version = await plans.in_force(unit.conn)
    severities = {incident.severity for incident in tapped.incidents}
    ranks = {severity: version.plan.rank(severity) + 1 if version else 1 for severity in severities}
    waiting = [incident for incident in tapped.incidents if incident.state is State.TRIGGERED]
    others = [incident for incident in tapped.incidents if incident.state is not State.TRIGGERED]
    ordered = sorted(waiting, key=lambda incident: (ranks[incident.severity], incident.number)) + others
    mine = sum(incident.acknowledged_by == tapped.person.id and incident.open for incident in others)
    view = OneTapAll(
        token=token,
        person=tapped.person,
        rows=[TappedRow(incident, ranks[incident.severity]) for incident in ordered[:SHOWN]],
        hidden=max(0, len(ordered) - SHOWN),
        count=len(ordered),
        waiting=len(waiting),
        mine=mine,
        outcome=outcome,
    )
    return render(request, view)


def _key(request: Request) -> bytes:
    return services_of(request).of(Links).key
