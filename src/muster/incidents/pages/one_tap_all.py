"""The link in a gathered message: one big button that takes all of its incidents, no sign-in (R75, R76)."""

from typing import Annotated

from fastapi import Path, Request, Response

from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import public
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.incidents.actions.acknowledge_all import TappedAll, acknowledge_all, look_at_all
from muster.incidents.incident import State
from muster.kit.errors import Denied
from muster.kit.signing import LONGEST_TOKEN
from muster.paging.actions.links import Links
from muster.plan import store as plans

Token = Annotated[str, Path(max_length=LONGEST_TOKEN + 1)]
WHY = (
    "The signed link from the message is the authority; it lets its bearer do nothing but acknowledge these incidents."
)
SHOWN = 50

router = page_router("/a/all")


@router.get("/{token}")
@public(WHY)
async def one_tap_all_page(unit: Uses, request: Request, token: Token) -> Response:
    """Show what the link is about; changes nothing, so that link previews acknowledge nothing."""
    try:
        tapped = await look_at_all(unit.conn, _key(request), token, unit.now)
    except Denied as problem:
        return render(request, "incidents/no_tap.html", status=problem.status, problem=problem)
    return await _show(unit, request, token, tapped, "")


@router.post("/{token}")
@public(WHY)
async def do_acknowledge_all(unit: Uses, request: Request, token: Token) -> Response:
    """Acknowledge as the person whom the message was sent to."""
    try:
        tapped, said = await acknowledge_all(unit, _key(request), token)
    except Denied as problem:
        return render(request, "incidents/no_tap.html", status=problem.status, problem=problem)
    return await _show(unit, request, token, tapped, said)


async def _show(unit: Unit, request: Request, token: str, tapped: TappedAll, said: str) -> Response:
    version = await plans.in_force(unit.conn)
    ranks = {each.severity: version.plan.rank(each.severity) + 1 if version else 1 for each in tapped.incidents}
    waiting = [each for each in tapped.incidents if each.state is State.TRIGGERED]
    others = [each for each in tapped.incidents if each.state is not State.TRIGGERED]
    ordered = sorted(waiting, key=lambda each: (ranks[each.severity], each.number)) + others
    mine = sum(each.acknowledged_by == tapped.person.id and each.open for each in others)
    return render(
        request,
        "incidents/one_tap_all.html",
        token=token,
        person=tapped.person,
        incidents=ordered[:SHOWN],
        hidden=max(0, len(ordered) - SHOWN),
        ranks=ranks,
        count=len(ordered),
        waiting=len(waiting),
        mine=mine,
        said=said,
        topics=[],
    )


def _key(request: Request) -> bytes:
    return services_of(request).of(Links).key
