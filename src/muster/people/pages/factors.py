"""One's own second factors: an authenticator app, passkeys, recovery codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import segno
from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Asker, Uses, page_router
from muster.base.web.forms import Asked, Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import Caller
from muster.base.web.typed import template
from muster.kit.errors import Fault, Invalid, Problem
from muster.people import store
from muster.people.actions import factors, passkeys
from muster.people.actions.guard import CHANGED, existing_person
from muster.people.actions.locks import locks_of
from muster.people.factor import Factors
from muster.people.pages.parts import local_path
from muster.people.site import Site
from muster.people.store import factor_rows, organisation_row
from muster.people.totp import address_of

PLACE = "/me/factors"
router = page_router(PLACE)


@template("people/factors.html")
@dataclass(frozen=True, slots=True)
class FactorsPage:
    """One's own second factors. One must have one by `due`; where `forced` nothing else may be done before.

    `asked` is for a new passkey as JSON, or empty; `name` is as typed.
    """

    factors: Factors
    due: datetime | None
    forced: bool
    asked: str
    site: Site
    next: str
    name: str
    faults: Mapping[str, Fault]
    topics: Sequence[str]


@template("people/factor_app.html")
@dataclass(frozen=True, slots=True)
class AppPage:
    """Setting an authenticator app up: a picture as SVG, and the secret in groups."""

    picture: str
    secret: str
    faults: Mapping[str, Fault]


@template("people/recovery_codes.html")
@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """Recovery codes, shown this once."""

    codes: Sequence[str]


@router.get("")
@needs(Permission.SELF_MANAGE, unfinished=True)
async def factors_page(unit: Uses, caller: Asker, request: Request, next: Asked = "") -> Response:
    """Show what there is and offer more."""
    return await _page(unit, request, caller, next=next)


@router.get("/app")
@needs(Permission.SELF_MANAGE, unfinished=True)
async def app_page(unit: Uses, request: Request) -> Response:
    """Show the picture for an authenticator app."""
    return await _app(unit, request)


@router.post("/app")
@needs(Permission.SELF_MANAGE, unfinished=True, sensitive=True)
async def do_confirm_app(unit: Uses, request: Request, code: Field = "") -> Response:
    """Let the app count, by its code."""
    done = await factors.confirm_app(unit, locks_of(request), code)
    if isinstance(done, Fault):
        return await _app(unit, request, Invalid("The app was not confirmed.", faults=[done]))
    return _codes(request, done) if done else see_other(PLACE)


@router.post("/app/remove")
@needs(Permission.SELF_MANAGE, sensitive=True)
async def do_remove_app(unit: Uses) -> Response:
    """Take the authenticator app away."""
    await factors.remove_app(unit)
    return see_other(PLACE)


@router.post("/passkeys")
@needs(Permission.SELF_MANAGE, unfinished=True, sensitive=True)
async def do_add_passkey(
    unit: Uses, caller: Asker, request: Request, name: Field = "", credential: Field = ""
) -> Response:
    """Keep a passkey that the browser made."""
    done = await passkeys.add_passkey(unit, locks_of(request), name, credential)
    if isinstance(done, Fault):
        return await _page(
            unit, request, caller, problem=Invalid("The passkey was not added.", faults=[done]), name=name
        )
    return _codes(request, done) if done else see_other(PLACE)


@router.post("/passkeys/{id}/remove")
@needs(Permission.SELF_MANAGE, sensitive=True)
async def do_remove_passkey(unit: Uses, id: UUID) -> Response:
    """Take a passkey away."""
    await passkeys.remove_passkey(unit, id)
    return see_other(PLACE)


@router.post("/codes")
@needs(Permission.SELF_MANAGE, sensitive=True)
async def do_make_codes(unit: Uses, request: Request) -> Response:
    """Make new recovery codes and show them this once."""
    return _codes(request, await factors.make_codes(unit))


async def _page(
    unit: Unit, request: Request, caller: Caller, *, next: str = "", problem: Problem | None = None, name: str = ""
) -> Response:
    me = await existing_person(unit.conn, unit.principal.name)
    has, locks = await factor_rows.factors_of(unit.conn, me.id), locks_of(request)
    requirement = await organisation_row.requirement(unit.conn)
    organisation = await store.organisation_name(unit.conn) or ""
    page = FactorsPage(
        factors=has,
        due=None if has.any else requirement.due(me.level, me.created_at),
        forced=caller.must_enrol,
        asked="" if locks.site.obstacle else await passkeys.registering(unit, locks, me, organisation),
        site=locks.site,
        next=local_path(next, ""),
        name=name,
        faults=by_field(problem),
        topics=[] if caller.must_enrol else [CHANGED],
    )
    return render(request, page, status=problem.status if problem else 200)


async def _app(unit: Unit, request: Request, problem: Problem | None = None) -> Response:
    secret = await factors.begin_app(unit, locks_of(request))
    me = await existing_person(unit.conn, unit.principal.name)
    address = address_of(secret, me.email, await store.organisation_name(unit.conn) or "")
    picture = segno.make(address, micro=False).svg_inline(scale=5, border=4, dark="#000", light="#fff")
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    page = AppPage(picture, grouped, by_field(problem))
    return render(request, page, status=problem.status if problem else 200)


def _codes(request: Request, codes: list[str]) -> Response:
    return render(request, RecoveryCodes(codes))
