"""One's own second factors as JSON, proving again who one is, and who must have a second factor."""

from datetime import datetime
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel, Field

from muster.base.access import Permission
from muster.base.web import problems
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.errors import Conflict, Fault, Invalid
from muster.people import store
from muster.people.actions import factors, passkeys, requirement
from muster.people.actions.guard import existing_person
from muster.people.actions.locks import locks_of
from muster.people.actions.second_step import Proof, prove_again
from muster.people.api.parts import Body, holds_secret, session_cookie
from muster.people.factor import REQUIRED_FOR, Factors, Passkey, Requirement
from muster.people.store import factor_rows, organisation_row, session_rows
from muster.people.token import digest
from muster.people.totp import address_of

router = api_router("/me/factors", "factors")
again = api_router("/me/reauthenticate", "factors")
asked = api_router("/organisation/second-factor", "organisation")


class FactorsOut(BaseModel):
    """What somebody can prove themselves with beside the password."""

    app: bool
    passkeys: list[Passkey]
    recovery_codes_left: int

    @classmethod
    def of(cls, has: Factors) -> "FactorsOut":
        """From the domain value."""
        return cls(app=has.app, passkeys=list(has.passkeys), recovery_codes_left=has.codes_left)


class AppOut(BaseModel):
    """The secret of an authenticator app, and the address that the app reads; it counts once a code confirmed it."""

    secret: str
    address: str


class CodeIn(Body):
    """A code of the app."""

    code: str = Field(max_length=20)


class CodesOut(BaseModel):
    """New recovery codes, shown this once; empty where earlier ones go on."""

    recovery_codes: list[str]


class ProofIn(Body):
    """What proves it: the password, or a code of the app or of recovery."""

    password: str = Field("", max_length=1000)
    code: str = Field("", max_length=100)


class RequirementIn(Body):
    """Who must have a second factor, and how many days there are to set one up."""

    required_for: str = Field(json_schema_extra={"enum": list(REQUIRED_FOR)})
    grace_days: int = Field(7, ge=0, le=90)


class RequirementOut(BaseModel):
    """Who must have a second factor since when; `lacking` must and have none."""

    required_for: str
    grace_days: int
    since: datetime | None
    lacking: list[str]


@router.get("")
@needs(Permission.SELF_MANAGE, unfinished=True)
async def show_factors(unit: Uses) -> FactorsOut:
    """Show one's own second factors."""
    me = await existing_person(unit.conn, unit.principal.name)
    return FactorsOut.of(await factor_rows.factors_of(unit.conn, me.id))


@router.post("/app", status_code=201)
@needs(Permission.SELF_MANAGE, unfinished=True, sensitive=True)
async def begin_app(unit: Uses, request: Request, response: Response) -> AppOut:
    """Begin to set an authenticator app up."""
    secret = await factors.begin_app(unit, locks_of(request))
    me = await existing_person(unit.conn, unit.principal.name)
    holds_secret(response)
    return AppOut(secret=secret, address=address_of(secret, me.email, await store.organisation_name(unit.conn) or ""))


@router.post("/app/confirm")
@needs(Permission.SELF_MANAGE, unfinished=True, sensitive=True)
async def confirm_app(unit: Uses, request: Request, response: Response, body: CodeIn) -> CodesOut:
    """Let the app count, by a code of it."""
    done = await factors.confirm_app(unit, locks_of(request), body.code)
    if isinstance(done, Fault):
        raise Invalid("The app was not confirmed.", faults=[done])
    holds_secret(response)
    return CodesOut(recovery_codes=done)


@router.delete("/app", status_code=204)
@needs(Permission.SELF_MANAGE, sensitive=True)
async def remove_app(unit: Uses) -> Response:
    """Take the authenticator app away."""
    await factors.remove_app(unit)
    return Response(status_code=204)


@router.delete("/passkeys/{id}", status_code=204)
@needs(Permission.SELF_MANAGE, sensitive=True)
async def remove_passkey(unit: Uses, id: UUID) -> Response:
    """Take a passkey away; browsers add them."""

    await passkeys.remove_passkey(unit, id)
    return Response(status_code=204)


@router.post("/recovery-codes", status_code=201)
@needs(Permission.SELF_MANAGE, sensitive=True)
async def make_recovery_codes(unit: Uses, response: Response) -> CodesOut:
    """Make new recovery codes in place of the earlier ones."""
    holds_secret(response)
    return CodesOut(recovery_codes=await factors.make_codes(unit))


@again.post("", status_code=204, response_model=None)
@needs(Permission.SELF_MANAGE, unfinished=True)
async def reauthenticate(unit: Uses, request: Request, body: ProofIn) -> Response:
    """Prove in a browser's session again who one is; for ten minutes sensitive deeds are then open to it."""
    found = await session_rows.by_token(unit.conn, digest(session_cookie(request)))
    if found is None or found[1].id != unit.principal.person_id:
        raise Conflict("Only a browser's session is proven again.", "An API token needs no proof: its scopes decide.")
    refused = await prove_again(unit, locks_of(request), *found, Proof(body.password, body.code.strip()))
    if refused:
        field = "password" if body.password else "code"
        return problems.as_response(Invalid("This proves nothing.", faults=[Fault(field, refused.reason)]))
    return Response(status_code=204)


@asked.get("")
@needs(Permission.SETTINGS_READ)
async def show_requirement(unit: Uses) -> RequirementOut:
    """Show who must have a second factor."""
    return await _shown(unit, await organisation_row.requirement(unit.conn))


@asked.put("")
@needs(Permission.SETTINGS_MANAGE, sensitive=True)
async def require_second_factor(unit: Uses, body: RequirementIn) -> RequirementOut:
    """Say who must have a second factor."""
    return await _shown(unit, await requirement.require_second_factor(unit, body.required_for, body.grace_days))


async def _shown(unit: Uses, wanted: Requirement) -> RequirementOut:
    people = await requirement.lacking(unit, wanted)
    return RequirementOut(
        required_for=wanted.who, grace_days=wanted.grace, since=wanted.since, lacking=[person.name for person in people]
    )
