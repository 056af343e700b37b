"""Persons as JSON."""

from datetime import datetime
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel

from muster.base.access import Permission, Principal
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.drafts import Change
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.base.web.services import services_of
from muster.people import store
from muster.people.actions import passwords, persons
from muster.people.actions.factors import reset_factors
from muster.people.actions.guard import existing_person
from muster.people.actions.sessions import end_everything
from muster.people.api.parts import Body, holds_secret
from muster.people.drafts import PersonDraft
from muster.people.person import Person
from muster.people.sight import seen_by, sees_emails

router = api_router("/persons", "persons")


class PersonOut(BaseModel):
    """A person; `can_sign_in` is false until they have set a password."""

    id: UUID
    name: str
    full_name: str
    email: str
    time_zone: str
    permission: str
    active: bool
    can_sign_in: bool
    created_at: datetime
    deactivated_at: datetime | None

    @classmethod
    def of(cls, person: Person, asker: Principal) -> "PersonOut":
        """From the domain value, as this asker may see it."""
        person = seen_by(asker, person)
        return cls(
            id=person.id,
            name=person.name,
            full_name=person.full_name,
            email=person.email,
            time_zone=person.time_zone,
            permission=person.level.label,
            active=person.active,
            can_sign_in=person.active and person.has_password,
            created_at=person.created_at,
            deactivated_at=person.deactivated_at,
        )


class Leaving(Body):
    """Why somebody leaves; `even_so` lets them go although schedules and the plan name them, and marks every such chain."""

    reason: str = ""
    even_so: bool = False


class LinkOut(BaseModel):
    """A one-time link, shown this once."""

    url: str
    expires_at: datetime


@router.get("")
@needs(Permission.PERSON_READ)
async def list_persons(
    unit: Uses,
    q: str = Query(
        "", max_length=200, description="A part of name or full name; for managers also of the e-mail address."
    ),
    inactive: bool = Query(False, description="Include those who have left."),
    after: After = None,
    limit: Limit = 50,
) -> Page[PersonOut]:
    """List persons by name."""
    cursor = decode(after, str)
    rows = await store.persons(
        unit.conn,
        search=q,
        emails=sees_emails(unit.principal),
        inactive=inactive,
        after=cursor[0] if cursor else "",
        limit=limit + 1,
    )
    kept, following = page_of(rows, limit, lambda person: (person.name,))
    return Page(items=[PersonOut.of(person, unit.principal) for person in kept], next=following)


@router.post("", status_code=201)
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def create_person(unit: Uses, body: PersonDraft) -> PersonOut:
    """Create a person; they set a password through a link."""
    return PersonOut.of(await persons.create_person(unit, body), unit.principal)


@router.get("/{name}")
@needs(Permission.PERSON_READ)
async def show_person(unit: Uses, name: str) -> PersonOut:
    """Show a person."""
    return PersonOut.of(await existing_person(unit.conn, name), unit.principal)


@router.patch("/{name}")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def change_person(unit: Uses, name: str, body: Change[PersonDraft]) -> PersonOut:
    """Change a person; the name stays."""
    draft = body.on(persons.draft_of(await existing_person(unit.conn, name)))
    return PersonOut.of(await persons.update_person(unit, name, draft), unit.principal)


@router.post("/{name}/deactivate")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def deactivate_person(unit: Uses, name: str, body: Leaving | None = None) -> PersonOut:
    """Let a person go: access ends at once, history stays."""
    told = body or Leaving()
    return PersonOut.of(await persons.deactivate_person(unit, name, told.reason, even_so=told.even_so), unit.principal)


class EndedOut(BaseModel):
    """What ended."""

    sessions_ended: int
    tokens_revoked: int


class Ending(Body):
    """Why something is taken away."""

    reason: str = ""


@router.post("/{name}/end-access")
@needs(Permission.SELF_MANAGE)
async def end_access(unit: Uses, name: str, body: Ending | None = None) -> EndedOut:
    """Sign a person out everywhere and revoke all their API tokens: oneself, or anybody for those who manage persons."""
    return EndedOut(**await end_everything(unit, name, body.reason if body else ""))


class HadOut(BaseModel):
    """What somebody had, in words."""

    had: str


@router.post("/{name}/reset-factors")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def reset_second_factors(unit: Uses, name: str, body: Ending | None = None) -> HadOut:
    """Take the second factors of somebody away who has lost them; they are told."""
    return HadOut(had=(await reset_factors(unit, name, body.reason if body else "")).words)


@router.post("/{name}/reactivate")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def reactivate_person(unit: Uses, name: str) -> PersonOut:
    """Take a person back; they set a new password through a link."""
    return PersonOut.of(await persons.reactivate_person(unit, name), unit.principal)


@router.post("/{name}/password-link", status_code=201)
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def make_password_link(unit: Uses, request: Request, response: Response, name: str) -> LinkOut:
    """Make a one-time link with which a person sets a password."""
    secret = await passwords.make_password_link(unit, name)
    holds_secret(response)
    url = f"{services_of(request).settings.base_url}/password/{secret}"
    return LinkOut(url=url, expires_at=unit.now + passwords.LINK_LIFE)
