"""The first run: name the organisation and create its first administrator."""

from fastapi import Request, Response

from muster.base.web.edge import Asker, Uses, page_router
from muster.base.web.forms import Field, by_field, see_other
from muster.base.web.needs import public
from muster.base.web.render import render
from muster.kit.errors import Invalid
from muster.people.actions.cookies import VISIT
from muster.people.actions.setup import FirstRun, check_first_run_link, complete_first_run
from muster.people.api.parts import place_of
from muster.people.pages.parts import begin_visit, check_visit, keep_cookie, signed_in

NEXT = "/welcome"
"""Where the composition root goes on: the starter plan, and a test page to oneself."""

router = page_router()


@router.get("/first-run/{secret}")
@public("The one-time link is the authority, while there is no administrator.")
async def first_run_page(unit: Uses, request: Request, secret: str) -> Response:
    """Ask for what the first run needs."""
    await check_first_run_link(unit, secret)
    fresh = begin_visit(request)
    wanted = FirstRun("", "", "", "", "")
    page = render(request, "people/first_run.html", wanted=wanted, faults={}, secret=secret)
    return keep_cookie(request, page, VISIT, fresh)


@router.post("/first-run/{secret}")
@public("The one-time link is the authority, while there is no administrator.")
async def do_first_run(
    unit: Uses,
    caller: Asker,
    request: Request,
    secret: str,
    organisation: Field = "",
    full_name: Field = "",
    email: Field = "",
    password: Field = "",
    time_zone: Field = "",
) -> Response:
    """Set Muster up and sign its administrator in."""
    await check_visit(request, caller)
    wanted = FirstRun(organisation, full_name, email, password, time_zone.strip() or request.state.view.zone)
    try:
        done = await complete_first_run(unit, secret, wanted, *place_of(request))
    except Invalid as problem:
        begin_visit(request)
        return render(
            request, "people/first_run.html", status=422, wanted=wanted, faults=by_field(problem), secret=secret
        )
    return signed_in(request, see_other(NEXT), done)
