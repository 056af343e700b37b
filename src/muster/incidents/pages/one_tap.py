"""The link in a page: one big button for a thumb at 03:00, no sign-in; also the POST that phones' own buttons send (R75).

The signed token is the authority, so no session and no token of a form are needed: whoever can forge the request holds the
link already, and acknowledging is all that it can do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Path, Request, Response

from muster.base.access import Kind
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import public
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.web.typed import template
from muster.incidents.actions.acknowledge import Tapped, acknowledge_by_link, look_at_link
from muster.incidents.incident import Incident, State
from muster.kit.errors import Denied, Missing, Problem
from muster.kit.signing import LONGEST_TOKEN
from muster.paging.actions.links import Links
from muster.paging.store import deliveries
from muster.people.person import Person
from muster.plan import store as plans

Token = Annotated[str, Path(max_length=LONGEST_TOKEN + 1)]
WHY = "The signed link from the page is the authority; it lets its bearer do nothing but acknowledge this incident."

router = page_router("/a")


@template("incidents/no_tap.html")
@dataclass(frozen=True, slots=True)
class DeadLink:
    """A link that is of no use: expired, cut off, forged, or its person has left."""

    problem: Problem


@template("incidents/one_tap.html")
@dataclass(frozen=True, slots=True, kw_only=True)
class OneTap:
    """The link of a page. `sentence` says how the incident stands, `since` when somebody took it, `why` why this person was paged;
    `waiting`: nobody has it, `mine`: the person has it, `done`: they have just taken it."""

    token: str
    incident: Incident
    rank: int
    person: Person
    sentence: str
    since: datetime | None
    why: str
    waiting: bool
    mine: bool
    done: bool
    topics: Sequence[str] = ()


@router.get("/{token}")
@public(WHY)
async def one_tap_page(unit: Uses, request: Request, token: Token) -> Response:
    """Show what the link is about; changes nothing, so that link previews acknowledge nothing."""
    try:
        tapped = await look_at_link(unit.conn, _key(request), token, unit.now)
    except (Denied, Missing) as problem:
        return _no_use(request, problem)
    return await _show(unit, request, token, tapped)


@router.post("/{token}")
@public(WHY)
async def do_acknowledge(unit: Uses, request: Request, token: Token) -> Response:
    """Acknowledge as the person whom the page was sent to."""
    try:
        tapped = await acknowledge_by_link(unit, _key(request), token)
    except (Denied, Missing) as problem:
        # A link that does not count is nobody's: whoever knocks with forged ones would fill the ledger.
        if isinstance(problem, Denied) and unit.principal.kind is Kind.LINK:
            unit.denial = problem
        return _no_use(request, problem)
    return await _show(unit, request, token, tapped, done=True)


async def _show(unit: Unit, request: Request, token: str, tapped: Tapped, *, done: bool = False) -> Response:
    incident = tapped.incident
    version = await plans.pinned(unit.conn, incident.plan_version_id)
    sent = (await deliveries.by_ids(unit.conn, [tapped.delivery_id])).get(tapped.delivery_id)
    mine = tapped.holder == tapped.person.name and incident.open
    view = OneTap(
        token=token,
        incident=incident,
        rank=version.plan.rank(incident.severity) + 1,
        person=tapped.person,
        sentence=tapped.sentence,
        since=tapped.since,
        why=sent.why if sent else "",
        waiting=incident.state is State.TRIGGERED,
        mine=mine,
        done=done and mine,
    )
    return render(request, view)


def _no_use(request: Request, problem: Problem) -> Response:
    return render(request, DeadLink(problem), status=problem.status)


def _key(request: Request) -> bytes:
    return services_of(request).of(Links).key
