"""Persons under settings: the list, a new one, one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission, refusal
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.drafts import typed
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, Field, address, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.web.typed import template
from muster.kit.errors import Conflict, Fault, Invalid, Problem
from muster.people import store
from muster.people.actions import persons
from muster.people.actions.factors import reset_factors
from muster.people.actions.guard import CHANGED, existing_person, is_self
from muster.people.actions.passwords import LINK_LIFE, make_password_link
from muster.people.actions.sessions import sessions_of
from muster.people.contact import Contact
from muster.people.drafts import PersonDraft
from muster.people.factor import Factors
from muster.people.pages.parts import ShownOnce
from muster.people.pages.shown import Reached, TypedContact, reached
from muster.people.person import Person
from muster.people.rules import LEVELS
from muster.people.session import Session
from muster.people.sight import seen_by, sees_emails
from muster.people.store import factor_rows
from muster.people.team import Team

PAGE = 50
PersonForm = Annotated[PersonDraft, typed(PersonDraft)]
router = page_router()


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """What the list is narrowed to, as typed: a part of a name, and empty or all."""

    q: str
    who: str


@template("people/persons.html")
@dataclass(frozen=True, slots=True)
class PersonList:
    """Persons by name, and the contacts of each by id."""

    persons: Sequence[Person]
    contacts: Mapping[UUID, Sequence[Contact]]
    filters: PersonFilter
    previous: str
    following: str
    topics: Sequence[str] = (CHANGED,)


@template("people/person_new.html")
@dataclass(frozen=True, slots=True)
class NewPerson:
    """The form of a new person, as typed; `problem` is what no field is to blame for."""

    draft: PersonDraft
    levels: Sequence[str]
    problem: Problem | None
    faults: Mapping[str, Fault]


@template("people/person.html")
@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person; `sessions` and `factors` are there for those who manage persons."""

    person: Person
    draft: PersonDraft
    levels: Sequence[str]
    problem: Problem | None
    faults: Mapping[str, Fault]
    teams: Sequence[Team]
    itself: bool
    sessions: Sequence[Session]
    factors: Factors | None
    reach: Reached
    here: UUID | None = None
    back: str = "person"
    topics: Sequence[str] = (CHANGED,)


@router.get("/settings/people")
@needs(Permission.PERSON_READ)
async def people_page(unit: Uses, request: Request, q: Asked = "", who: Asked = "", after: Asked = "") -> Response:
    """List persons by name, and how each can be reached."""
    cursor = decode(after or None, str)
    rows = await store.persons(
        unit.conn,
        search=q,
        emails=sees_emails(unit.principal),
        inactive=who == "all",
        after=cursor[0] if cursor else "",
        limit=PAGE + 1,
    )
    kept, following = page_of(rows, PAGE, lambda person: (person.name,))
    contacts = await store.contacts_of(unit.conn, [person.id for person in kept])
    filters = PersonFilter(q, who)
    page = PersonList(
        persons=[seen_by(unit.principal, person) for person in kept],
        contacts=contacts,
        filters=filters,
        previous=address("/settings/people", asdict(filters)) if cursor else "",
        following=address("/settings/people", {**asdict(filters), "after": following}) if following else "",
    )
    return render(request, page)


@router.get("/settings/people/new")
@needs(Permission.PERSON_MANAGE)
async def new_person_page(request: Request) -> Response:
    """Ask for a new person."""
    draft = PersonDraft(name="", email="", time_zone=request.state.view.zone, permission="responder")
    return _form(request, draft, None)


@router.post("/settings/people")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def do_create_person(unit: Uses, request: Request, draft: PersonForm) -> Response:
    """Create a person and show the link with which they set a password."""
    try:
        await persons.create_person(unit, draft)
    except (Invalid, Conflict) as problem:
        return _form(request, draft, problem)
    return await _link(unit, request, draft.name)


@router.get("/settings/people/{name}")
@needs(Permission.PERSON_READ)
async def show_person(unit: Uses, request: Request, name: str) -> Response:
    """Show a person."""
    return await person_page(unit, request, name)


@router.post("/settings/people/{name}")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def do_change_person(unit: Uses, request: Request, name: str, draft: PersonForm) -> Response:
    """Change a person."""
    try:
        await persons.update_person(unit, name, draft)
    except (Invalid, Conflict) as problem:
        return await person_page(unit, request, name, draft=draft, problem=problem)
    return see_other(f"/settings/people/{name}")


@router.post("/settings/people/{name}/deactivate")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def do_deactivate(unit: Uses, request: Request, name: str, reason: Field = "", even_so: Field = "") -> Response:
    """Let a person go."""
    try:
        await persons.deactivate_person(unit, name, reason, even_so=even_so == "yes")
    except Conflict as problem:
        return await person_page(unit, request, name, problem=problem)
    return see_other(f"/settings/people/{name}")


@router.post("/settings/people/{name}/reset-factors")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def do_reset_factors(unit: Uses, name: str, reason: Field = "") -> Response:
    """Take the second factors of somebody away who has lost them."""
    await reset_factors(unit, name, reason)
    return see_other(f"/settings/people/{name}")


@router.post("/settings/people/{name}/reactivate")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def do_reactivate(unit: Uses, name: str) -> Response:
    """Take a person back."""
    await persons.reactivate_person(unit, name)
    return see_other(f"/settings/people/{name}")


@router.post("/settings/people/{name}/password-link")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def do_make_link(unit: Uses, request: Request, name: str) -> Response:
    """Make a one-time link and show it this once."""
    return await _link(unit, request, name)


async def person_page(
    unit: Unit,
    request: Request,
    name: str,
    *,
    draft: PersonDraft | None = None,
    problem: Problem | None = None,
    contact_problem: Problem | None = None,
    typed: TypedContact = TypedContact(),
) -> Response:
    """A person's page; with the faults of the form that was refused, if one was."""
    person = seen_by(unit.principal, await existing_person(unit.conn, name))
    manages = not refusal(unit.principal, Permission.PERSON_MANAGE)
    page = PersonPage(
        person=person,
        draft=draft or persons.draft_of(person),
        levels=list(LEVELS),
        problem=problem if problem and not problem.faults else None,
        faults=by_field(problem),
        teams=await store.teams_of(unit.conn, person.id),
        itself=is_self(unit, person),
        sessions=await sessions_of(unit, name) if manages else [],
        factors=await factor_rows.factors_of(unit.conn, person.id) if manages else None,
        reach=await reached(unit, request, person, contact_problem, typed),
    )
    refused = problem or contact_problem
    return render(request, page, status=refused.status if refused else 200)


def _form(request: Request, draft: PersonDraft, problem: Problem | None) -> Response:
    alone = problem if problem and not problem.faults else None
    page = NewPerson(draft, list(LEVELS), alone, by_field(problem))
    return render(request, page, status=problem.status if problem else 200)


async def _link(unit: Unit, request: Request, name: str) -> Response:
    secret = await make_password_link(unit, name)
    page = ShownOnce(
        secret=f"{services_of(request).settings.base_url}/password/{secret}",
        person=await existing_person(unit.conn, name),
        until=unit.now + LINK_LIFE,
        onward=f"/settings/people/{name}",
    )
    return render(request, page)
