"""The first run: the organisation gets its name and its first administrator, by link or by `muster init`."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from muster.base.access import Kind, Permission, Principal
from muster.base.unit import Conn, Unit
from muster.kit.errors import Conflict, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.people.actions.guard import CHANGED, existing_person
from muster.people.actions.passwords import set_password
from muster.people.actions.persons import add, bring_back, change
from muster.people.actions.sessions import SignedIn, begin
from muster.people.actions.tokens import issue
from muster.people.drafts import PersonDraft
from muster.people.events import FIRST_RUN_LINK_MADE, ORGANISATION_NAMED
from muster.people.password import password_faults
from muster.people.person import Person
from muster.people.rules import RESERVED, label_faults, name_from
from muster.people.store import link_rows, organisation_row, person_rows
from muster.people.token import LONGEST_LIFE, digest

PURPOSE = "first_run"
LINK_LIFE = timedelta(hours=24)
_ADMINISTRATOR_LINK = Principal(Kind.LINK, "first-run link")


@dataclass(frozen=True, slots=True)
class FirstRun:
    """What the first person enters."""

    organisation: str
    full_name: str
    email: str
    password: str
    time_zone: str = "UTC"

    @property
    def person(self) -> PersonDraft:
        """The administrator to be; the name is made of the e-mail address."""
        name = name_from(self.email) or "administrator"
        return PersonDraft(
            name=name,
            email=self.email,
            full_name=self.full_name,
            time_zone=self.time_zone,
            permission="administrator",
        )

    def faults(self) -> list[Fault]:
        """Everything wrong, by field."""
        draft = self.person
        return [
            *label_faults("organisation", self.organisation, "The organisation's name"),
            *(fault for fault in draft.faults() if fault.field != "name"),
            *password_faults(self.password, draft.name, self.full_name, self.email, self.organisation),
        ]


async def is_set_up(conn: Conn) -> bool:
    """Whether there is an administrator who can sign in."""
    return bool(await person_rows.administrators(conn))


async def make_first_run_link(unit: Unit) -> str | None:
    """The secret of a one-time link to the first run, in place of earlier ones; None once there is an administrator."""
    unit.allow(Permission.SETTINGS_MANAGE)
    await organisation_row.hold_setup(unit.conn)
    if await is_set_up(unit.conn):
        return None
    secret = secrets.token_urlsafe(32)
    link = link_rows.Link(new_id(unit.now), PURPOSE, None, unit.now + LINK_LIFE, None)
    await link_rows.insert(unit.conn, link, digest(secret), unit.now)
    await record(unit, Event("organisation", FIRST_RUN_LINK_MADE, {"expires_at": link.expires_at}))
    return secret


async def check_first_run_link(unit: Unit, secret: str) -> None:
    """Look whether a link still opens the first run.

    Raises:
        Missing: it does not; the sentence says what to do.
    """
    await _open(unit, secret)


async def complete_first_run(
    unit: Unit, secret: str, wanted: FirstRun, address: str, user_agent: str, device: str = ""
) -> SignedIn:
    """Name the organisation, create the administrator and sign them in. The link is its own authority.

    Raises:
        Missing: the link does not count. Invalid: with every fault of what was entered.
    """
    await organisation_row.hold_setup(unit.conn)
    link = await _open(unit, secret, hold=True)
    unit.principal = _ADMINISTRATOR_LINK
    person = await _create(unit, wanted)
    await link_rows.use(unit.conn, link.id, unit.now)
    return await begin(unit, person, address, user_agent, "first run", device)


async def initialise(
    unit: Unit, organisation: str, email: str, password: str, *, full_name: str = "", time_zone: str = "UTC"
) -> str:
    """Set Muster up from the command line; returns an API token of the administrator that may do everything.

    Raises:
        Conflict: it is set up already. Invalid: with every fault of what was entered.
    """
    unit.allow(Permission.SETTINGS_MANAGE)
    await organisation_row.hold_setup(unit.conn)
    if await is_set_up(unit.conn):
        raise Conflict("This Muster has an administrator already.", "Sign in, or create a token under your profile.")
    person = await _create(unit, FirstRun(organisation, full_name, email, password, time_zone))
    await link_rows.forget_unused(unit.conn, PURPOSE, None)
    return (await issue(unit, person, "muster init", ["*"], LONGEST_LIFE))[1]


async def rename_organisation(unit: Unit, name: str) -> None:
    """Call the organisation something else."""
    unit.allow(Permission.SETTINGS_MANAGE)
    if faults := label_faults("name", name, "The organisation's name"):
        raise Invalid("The organisation cannot be called this.", faults=faults)
    await name_organisation(unit, name.strip())


async def _create(unit: Unit, wanted: FirstRun) -> Person:
    if faults := wanted.faults():
        raise Invalid("Muster cannot be set up like this.", faults=faults)
    await name_organisation(unit, wanted.organisation.strip())
    person = await person_rows.person_at(unit.conn, wanted.email.strip())
    if person is None:
        person = await add(unit, wanted.person.model_copy(update={"name": await _free_name(unit, wanted.person.name)}))
    else:
        if not person.active:
            await bring_back(unit, person)
        await change(unit, person, wanted.person.model_copy(update={"name": person.name}))
    await set_password(unit, person, wanted.password)
    return await existing_person(unit.conn, person.name)


async def _free_name(unit: Unit, name: str) -> str:
    candidates = [name, *(f"{name[:60]}-{number}" for number in range(2, 100))]
    taken = await person_rows.persons_named(unit.conn, candidates)
    return next(candidate for candidate in candidates if candidate not in taken and candidate not in RESERVED)


async def name_organisation(unit: Unit, name: str) -> str:
    """Call the organisation so from here on; the caller has checked the permission. Returns what it was called."""
    before = await organisation_row.organisation_name(unit.conn)
    if before != name:
        await organisation_row.name_organisation(unit.conn, name, unit.now)
        await record(unit, Event("organisation", ORGANISATION_NAMED, {"name": name, "before": before or ""}))
        unit.publish(CHANGED)
    return before or ""


async def _open(unit: Unit, secret: str, *, hold: bool = False) -> link_rows.Link:
    if await is_set_up(unit.conn):
        raise Missing("Muster is set up already.", "Sign in; an administrator creates further accounts.")
    link = await link_rows.link(unit.conn, PURPOSE, digest(secret), hold=hold)
    if link is None or link.used_at is not None or link.expires_at <= unit.now:
        raise Missing("This link is unknown or has expired.", "Start Muster again (make up): it prints a new one.")
    return link
