"""One's own page: profile, contacts, password and sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Fault, Invalid, Problem
from muster.people import store
from muster.people.actions.activity import Activity, activity_of
from muster.people.actions.guard import CHANGED, existing_person
from muster.people.actions.passwords import change_password
from muster.people.actions.persons import update_profile
from muster.people.actions.sessions import end_everything, end_others, revoke_session, sessions_of
from muster.people.api.parts import session_cookie
from muster.people.factor import Factors
from muster.people.pages.shown import Reached, TypedContact, reached
from muster.people.person import Person
from muster.people.session import Session
from muster.people.store import factor_rows, session_rows, token_rows
from muster.people.team import Team
from muster.people.token import digest

router = page_router()


@dataclass(frozen=True, slots=True)
class Profile:
    """What people change about themselves, as typed."""

    full_name: str
    time_zone: str


@template("people/me.html")
@dataclass(frozen=True, slots=True)
class OwnPage:
    """One's own page. `tokens` is how many work, `here` the session that looks."""

    person: Person
    profile: Profile
    faults: Mapping[str, Fault]
    teams: Sequence[Team]
    sessions: Sequence[Session]
    factors: Factors
    activity: Sequence[Activity]
    tokens: int
    here: UUID | None
    reach: Reached
    back: str = "me"
    topics: Sequence[str] = (CHANGED,)


async def own_page(
    unit: Unit,
    request: Request,
    *,
    problem: Problem | None = None,
    profile: Profile | None = None,
    contact_problem: Problem | None = None,
    typed: TypedContact = TypedContact(),
) -> Response:
    """The page; with the faults of the form that was refused, if one was."""
    me = await existing_person(unit.conn, unit.principal.name)
    here = await session_rows.by_token(unit.conn, digest(session_cookie(request)))
    page = OwnPage(
        person=me,
        profile=profile or Profile(me.full_name, me.time_zone),
        faults=by_field(problem),
        teams=await store.teams_of(unit.conn, me.id),
        sessions=await sessions_of(unit, me.name),
        factors=await factor_rows.factors_of(unit.conn, me.id),
        activity=await activity_of(unit, me),
        tokens=await token_rows.count_active(unit.conn, me.id, unit.now),
        here=here[0].id if here else None,
        reach=await reached(unit, request, me, contact_problem, typed),
    )
    refused = problem or contact_problem
    return render(request, page, status=refused.status if refused else 200)


@router.get("/me")
@needs(Permission.SELF_MANAGE)
async def me_page(unit: Uses, request: Request) -> Response:
    """Show what is one's own."""
    return await own_page(unit, request)


@router.post("/me")
@needs(Permission.SELF_MANAGE)
async def do_change_me(unit: Uses, request: Request, full_name: Field = "", time_zone: Field = "") -> Response:
    """Change one's own full name and time zone."""
    try:
        await update_profile(unit, full_name, time_zone.strip())
    except Invalid as problem:
        return await own_page(unit, request, problem=problem, profile=Profile(full_name, time_zone))
    return see_other("/me")


@router.post("/me/password")
@needs(Permission.SELF_MANAGE)
async def do_change_password(
    unit: Uses, request: Request, present: Field = "", password: Field = "", keep_tokens: Field = ""
) -> Response:
    """Change one's own password."""
    try:
        fault: Fault | None = await change_password(
            unit, present, password, keep_session=session_cookie(request), keep_tokens=keep_tokens == "yes"
        )
    except Invalid as problem:
        return await own_page(unit, request, problem=problem)
    if fault:
        return await own_page(unit, request, problem=Invalid("The password was not changed.", faults=[fault]))
    return see_other("/me")


@router.post("/me/sessions/end-others")
@needs(Permission.SELF_MANAGE)
async def do_end_others(unit: Uses, request: Request) -> Response:
    """End one's own sessions but this one."""
    await end_others(unit, session_cookie(request))
    return see_other("/me#sessions")


@router.post("/settings/people/{name}/end-access")
@needs(Permission.SELF_MANAGE)
async def do_end_everything(unit: Uses, name: str, reason: Field = "") -> Response:
    """Sign somebody out everywhere and revoke all their tokens: oneself, or anybody for those who manage persons."""
    mine = name == unit.principal.name
    await end_everything(unit, name, reason)
    return see_other("/sign-in" if mine else f"/settings/people/{quote(name, safe='')}")


@router.post("/me/sessions/{id}/end")
@needs(Permission.SELF_MANAGE)
async def do_end_session(unit: Uses, id: UUID, of: Field = "") -> Response:
    """End one of one's own sessions, or another's for those who manage persons."""
    await revoke_session(unit, id)
    return see_other(f"/settings/people/{quote(of, safe='')}" if of else "/me")
