"""Who the caller is, and what is theirs to change."""

from fastapi import Request, Response
from pydantic import BaseModel, Field

from muster.base.access import Permission, refusal
from muster.base.web import problems
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs, public
from muster.kit.errors import Invalid, Unauthenticated
from muster.people import store
from muster.people.actions import passwords, persons
from muster.people.api.parts import Body, Password, session_cookie
from muster.people.api.persons import PersonOut
from muster.people.drafts import Line, Zone

router = api_router("/me", "me")


class MeOut(BaseModel):
    """The caller: by which credential, which person, and all that they may do."""

    kind: str
    via: str
    person: PersonOut
    teams: list[str]
    permissions: list[str]


class ProfileIn(Body):
    """What people may change about themselves; what is left out stays."""

    full_name: Line | None = None
    time_zone: Zone | None = None


class PasswordIn(Body):
    """A change of password."""

    present: str
    password: Password
    keep_tokens: bool = Field(False, description="Leave the API tokens as they are; without it they are revoked.")


@router.get("")
@public("It tells callers about themselves only, so that every token, however narrow, can ask who it is.")
async def who_am_i(unit: Uses) -> MeOut:
    """Tell who is asking and what they may do."""
    principal = unit.principal
    person = await store.person(unit.conn, principal.person_id) if principal.person_id else None
    if person is None:
        raise Unauthenticated("Sign in first.", "Send an API token: Authorization: Bearer mst_…")
    teams = await store.teams_of(unit.conn, person.id)
    return MeOut(
        kind=str(principal.kind),
        via=principal.via,
        person=PersonOut.of(person, unit.principal),
        teams=[team.name for team in teams],
        permissions=[str(permission) for permission in Permission if not refusal(principal, permission)],
    )


@router.patch("")
@needs(Permission.SELF_MANAGE)
async def change_me(unit: Uses, body: ProfileIn) -> PersonOut:
    """Change one's own full name or time zone."""
    me = await store.person_named(unit.conn, unit.principal.name)
    assert me is not None
    return PersonOut.of(
        await persons.update_profile(unit, body.full_name or me.full_name, body.time_zone or me.time_zone),
        unit.principal,
    )


@router.post("/password", status_code=204, response_model=None)
@needs(Permission.SELF_MANAGE)
async def change_password(unit: Uses, request: Request, body: PasswordIn) -> Response:
    """Change one's own password; the other sessions end, and with them the API tokens unless they are kept."""
    cookie = session_cookie(request)
    if fault := await passwords.change_password(
        unit, body.present, body.password, keep_session=cookie, keep_tokens=body.keep_tokens
    ):
        return problems.as_response(Invalid("The password was not changed.", faults=[fault]))
    return Response(status_code=204)
