"""Swap and cover requests: those that wait, and what became of the others."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission, refusal
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Missing
from muster.oncall.actions import swaps
from muster.oncall.pages.parts import ON_CALL, TOPICS, Asked, Field, see_other
from muster.oncall.shifts.requests import RequestState, ShiftRequest, may_accept, may_undo
from muster.oncall.store import request_rows
from muster.people import store as people

HERE = f"{ON_CALL}/requests"
PAGE = 50
VERBS = {"decline": swaps.decline, "withdraw": swaps.withdraw, "undo": swaps.undo}
router = page_router()


@router.get(HERE)
@needs(Permission.SCHEDULE_READ)
async def requests_page(unit: Uses, request: Request, after: Asked = "") -> Response:
    """Show the open requests and the past ones."""
    cursor = decode(after or None, UUID)
    rows = await request_rows.requests(unit.conn, before=cursor[0] if cursor else None, limit=PAGE + 1)
    kept, following = page_of(rows, PAGE, lambda row: (str(row.id),))
    opened = [] if cursor else await request_rows.requests(unit.conn, state=RequestState.OPEN)
    names = {person.name: person.full_name for person in await people.persons(unit.conn)}
    return render(
        request,
        "oncall/requests.html",
        open=shown_requests(unit, opened, names),
        ended=shown_requests(unit, (each for each in kept if each.state is not RequestState.OPEN), names),
        first=HERE if cursor else "",
        following=address(HERE, {"after": following}) if following else "",
        topics=TOPICS,
    )


@router.post(HERE + "/{id}/{verb}")
@needs(Permission.SCHEDULE_OVERRIDE)
async def answer(unit: Uses, id: UUID, verb: str, reason: Field = "", back: Field = "") -> Response:
    """Accept, decline, withdraw or undo a request."""
    if verb == "accept":
        await swaps.accept(unit, id)
    elif verb in VERBS:
        await VERBS[verb](unit, id, reason)
    else:
        raise Missing("There is no such answer.", "A request is accepted, declined, withdrawn or undone.")
    return see_other(f"{ON_CALL}/me" if back == "me" else HERE)


def shown_requests(unit: Unit, found: Iterable[ShiftRequest], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Requests as the pages show them, with what the viewer may do about each and otherwise why not."""
    me = unit.principal.name if unit.principal.person_id else ""
    manages = not refusal(unit.principal, Permission.SCHEDULE_MANAGE)
    return [_shown(each, me, manages, unit, names) for each in found]


def _shown(found: ShiftRequest, me: str, manages: bool, unit: Unit, names: Mapping[str, str]) -> dict[str, Any]:
    waits = found.state is RequestState.OPEN and unit.now < found.expires_at
    undoable = found.state is RequestState.ACCEPTED and max(found.mine[1], (found.theirs or found.mine)[1]) > unit.now
    return {
        "id": found.id,
        "kind": str(found.kind),
        "schedule": found.schedule,
        "asker": found.asker,
        "asker_name": names.get(found.asker, found.asker),
        "mine": found.mine,
        "theirs": found.theirs,
        "asked": [names.get(each.person, each.person) for each in found.asked],
        "declined": [names.get(each.person, each.person) for each in found.asked if each.declined_at],
        "note": found.note,
        "state": str(found.state),
        "reason": found.reason,
        "accepted_by": names.get(found.accepted_by, found.accepted_by),
        "expires_at": found.expires_at,
        "ended_at": found.ended_at,
        "may_accept": waits and not may_accept(found, me),
        "may_withdraw": waits and (me == found.asker or manages),
        "undo_shown": undoable and (manages or me in (found.asker, found.accepted_by)),
        "undo_refused": "" if manages else may_undo(found, me, unit.now) if undoable else "",
    }
