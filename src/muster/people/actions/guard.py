"""Shared by the actions: finding whom a request names, and who may act for whom."""

from muster.base.access import Permission
from muster.base.live import AUTHORITY
from muster.base.unit import Conn, Unit
from muster.kit.errors import Conflict, Missing
from muster.people.person import Person
from muster.people.store import person_rows, team_rows
from muster.people.team import Team

CHANGED = AUTHORITY
"""The live topic of everything here; caches of who may do what are emptied by it, on every node."""


async def existing_person(conn: Conn, name: str, *, hold: bool = False) -> Person:
    """The person of that name.

    Raises:
        Missing: there is none.
    """
    person = await person_rows.person_named(conn, name, hold=hold)
    if person is None:
        raise Missing(f"There is no person `{name:.80}`.", "`muster person list` names everybody.")
    return person


async def existing_team(conn: Conn, name: str, *, hold: bool = False) -> Team:
    """The team of that name.

    Raises:
        Missing: there is none.
    """
    team = await team_rows.team_named(conn, name, hold=hold)
    if team is None:
        raise Missing(f"There is no team `{name:.80}`.", "`muster team list` names them all.")
    return team


def is_self(unit: Unit, person: Person) -> bool:
    """Whether the actor is that person, by session or by token."""
    return unit.principal.person_id == person.id


def allow_for(unit: Unit, person: Person, others: Permission = Permission.PERSON_MANAGE) -> None:
    """Let people manage what is their own; what is others' needs the permission `others`."""
    unit.allow(Permission.SELF_MANAGE if is_self(unit, person) else others)


async def keep_an_administrator(conn: Conn, person: Person) -> None:
    """Refuse to lose the last administrator who can sign in.

    Raises:
        Conflict: this is the last one.
    """
    if await person_rows.hold_administrators(conn) == {person.id}:
        raise Conflict(
            f"{person.full_name} is the last administrator who can sign in.",
            "Make somebody else an administrator first and let them set a password.",
        )
