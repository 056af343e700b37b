"""The first run: name the organisation and create its first administrator."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request, Response

from muster.base.web.edge import Asker, Uses, page_router
from muster.base.web.forms import Field, by_field, see_other
from muster.base.web.needs import public
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Fault, Invalid
from muster.people.actions.cookies import VISIT
from muster.people.actions.setup import FirstRun, check_first_run_link, complete_first_run
from muster.people.api.parts import place_of
from muster.people.pages.parts import begin_visit, check_visit, keep_cookie, signed_in

NEXT = "/welcome"
"""Where the composition root goes on: the starter plan, and a test page to oneself."""

router = page_router()


@template("people/first_run.html")
@dataclass(frozen=True, slots=True)
class FirstRunPage:
    """The first run, as typed; `secret` is the link's."""

    wanted: FirstRun
    faults: Mapping[str, Fault]
    secret: str


@router.get("/first-run/{secret}")
@public("The one-time link is the authority, while there is no administrator.")
async def first_run_page(unit: Uses, request: Request, secret: str) -> Response:
    """Ask for what the first run needs."""
    await check_first_run_link(unit, secret)
    fresh = begin_visit(request)
    page = render(request, FirstRunPage(FirstRun("", "", "", "", ""), {}, secret))
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
        return render(request, FirstRunPage(wanted, by_field(problem), secret), status=422)
    return signed_in(request, see_other(NEXT), done)
