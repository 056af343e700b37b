"""Swap and cover requests: those that wait, and what became of the others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import address, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Missing
from muster.oncall.actions import swaps
from muster.oncall.actions.lookup import manages, me_of
from muster.oncall.pages.shared import ON_CALL, TOPICS, Field, Text, full_names
from muster.oncall.shifts.requests import RequestState, ShiftRequest, may_accept, may_undo
from muster.oncall.store import request_rows

HERE = f"{ON_CALL}/requests"
PAGE = 50
ANSWERS = {"decline": swaps.decline, "withdraw": swaps.withdraw, "undo": swaps.undo}
router = page_router()


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request in a list, with what the onlooker may do about it; `undo_refused` says why they cannot undo it alone."""

    request: ShiftRequest
    asker: str
    asked: str
    declined: str
    accepted_by: str
    may_accept: bool
    may_withdraw: bool
    undo_shown: bool
    undo_refused: str


@template("oncall/requests.html")
@dataclass(frozen=True, slots=True)
class RequestsPage:
    """Open requests and past ones; `first` and `following` are addresses of other pages, or empty."""

    open: Sequence[RequestRow]
    ended: Sequence[RequestRow]
    first: str
    following: str
    topics: Sequence[str] = TOPICS


@router.get(HERE)
@needs(Permission.SCHEDULE_READ)
async def requests_page(unit: Uses, request: Request, after: Text = "") -> Response:
    """Show the open requests and the past ones."""
    cursor = decode(after or None, UUID)
    rows = await request_rows.requests(unit.conn, before=cursor[0] if cursor else None, limit=PAGE + 1)
    shown, following = page_of(rows, PAGE, lambda row: (str(row.id),))
    opened = [] if cursor else await request_rows.requests(unit.conn, state=RequestState.OPEN)
    names = await full_names(unit)
    page = RequestsPage(
        open=request_list(unit, opened, names),
        ended=request_list(unit, (row for row in shown if row.state is not RequestState.OPEN), names),
        first=HERE if cursor else "",
        following=address(HERE, {"after": following}) if following else "",
    )
    return render(request, page)


@router.post(HERE + "/{id}/{verb}")
@needs(Permission.SCHEDULE_OVERRIDE)
async def answer(unit: Uses, id: UUID, verb: str, reason: Field = "", back: Field = "") -> Response:
    """Accept, decline, withdraw or undo a request."""
    if verb == "accept":
        await swaps.accept(unit, id)
    elif verb in ANSWERS:
        await ANSWERS[verb](unit, id, reason)
    else:
        raise Missing("There is no such answer.", "A request is accepted, declined, withdrawn or undone.")
    return see_other(f"{ON_CALL}/me" if back == "me" else HERE)


def request_list(unit: Unit, requests: Iterable[ShiftRequest], names: Mapping[str, str]) -> list[RequestRow]:
    """Requests as the pages show them, with what the onlooker may do about each and otherwise why not."""
    return [_row(request, me_of(unit), manages(unit), unit.now, names) for request in requests]


def _row(request: ShiftRequest, me: str, managing: bool, now: datetime, names: Mapping[str, str]) -> RequestRow:
    waits = request.state is RequestState.OPEN and now < request.expires_at
    last = max(request.mine[1], (request.theirs or request.mine)[1])
    undoable = request.state is RequestState.ACCEPTED and last > now
    declined = [person.person for person in request.asked if person.declined_at]
    return RequestRow(
        request=request,
        asker=names.get(request.asker, request.asker),
        asked=", ".join(names.get(person.person, person.person) for person in request.asked),
        declined=", ".join(names.get(person, person) for person in declined),
        accepted_by=names.get(request.accepted_by, request.accepted_by),
        may_accept=waits and not may_accept(request, me),
        may_withdraw=waits and (me == request.asker or managing),
        undo_shown=undoable and (managing or me in (request.asker, request.accepted_by)),
        undo_refused=may_undo(request, me, now) if undoable and not managing else "",
    )
