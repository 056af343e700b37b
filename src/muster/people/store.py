"""Rows of persons, teams and contacts, in and out."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from asyncpg import Record

from muster.base.access import Level
from muster.base.unit import Conn
from muster.people.contact import Contact
from muster.people.person import Person
from muster.people.team import Team

_PERSON = """
SELECT id, name, full_name, email, time_zone, level, active, password_hash IS NOT NULL AS has_password, created_at,
       deactivated_at FROM persons """

_TEAM = """
SELECT teams.id, teams.name, teams.title, teams.created_at, coalesce(lead.name, '') AS lead,
       array(SELECT persons.name FROM team_members JOIN persons ON persons.id = person_id
             WHERE team_id = teams.id ORDER BY position) AS members
FROM teams LEFT JOIN persons AS lead ON lead.id = teams.lead_id """

_CONTACT = "SELECT id, person_id, kind, address, rank, verified_at, verified_by, active FROM contacts "


async def person(conn: Conn, id: UUID) -> Person | None:
    """The person of that id."""
    return _as_person(await conn.fetchrow(_PERSON + "WHERE id = $1", id))


async def person_named(conn: Conn, name: str) -> Person | None:
    """The person of that name."""
    return _as_person(await conn.fetchrow(_PERSON + "WHERE name = $1", name))


async def person_at(conn: Conn, email: str) -> Person | None:
    """The person of that e-mail address, upper or lower case."""
    return _as_person(await conn.fetchrow(_PERSON + "WHERE lower(email) = lower($1)", email))


async def persons_named(conn: Conn, names: Iterable[str]) -> dict[str, Person]:
    """Those of the names that exist, inactive ones included."""
    rows = await conn.fetch(_PERSON + "WHERE name = ANY($1)", list(names))
    return {row["name"]: _person(row) for row in rows}


async def persons_by_id(conn: Conn, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Those of the ids that exist, inactive ones included."""
    rows = await conn.fetch(_PERSON + "WHERE id = ANY($1)", list(ids))
    return {row["id"]: _person(row) for row in rows}


async def persons(
    conn: Conn, *, search: str = "", inactive: bool = False, after: str = "", limit: int = 500
) -> list[Person]:
    """Persons by name, beginning behind the name `after`; `search` is a part of name, full name or e-mail address."""
    rows = await conn.fetch(
        _PERSON
        + """WHERE name > $1 AND (active OR $2)
        AND ($3 = '' OR position(lower($3) IN lower(name || ' ' || full_name || ' ' || email)) > 0)
        ORDER BY name LIMIT $4""",
        after,
        inactive,
        search,
        limit,
    )
    return [_person(row) for row in rows]


async def team_named(conn: Conn, name: str) -> Team | None:
    """The team of that name."""
    row = await conn.fetchrow(_TEAM + "WHERE teams.name = $1", name)
    return _team(row) if row else None


async def teams(conn: Conn, *, search: str = "", after: str = "", limit: int = 500) -> list[Team]:
    """Teams by name, beginning behind the name `after`."""
    rows = await conn.fetch(
        _TEAM
        + """WHERE teams.name > $1 AND ($2 = '' OR position(lower($2) IN lower(teams.name || ' ' || teams.title)) > 0)
        ORDER BY teams.name LIMIT $3""",
        after,
        search,
        limit,
    )
    return [_team(row) for row in rows]


async def teams_named(conn: Conn, names: Iterable[str]) -> dict[str, Team]:
    """Those of the names that exist."""
    rows = await conn.fetch(_TEAM + "WHERE teams.name = ANY($1)", list(names))
    return {row["name"]: _team(row) for row in rows}


async def teams_of(conn: Conn, person_id: UUID) -> list[Team]:
    """The teams that a person is a member of."""
    rows = await conn.fetch(
        _TEAM + "WHERE teams.id IN (SELECT team_id FROM team_members WHERE person_id = $1) ORDER BY teams.name",
        person_id,
    )
    return [_team(row) for row in rows]


async def members_of(conn: Conn, team_names: Iterable[str]) -> dict[str, list[Person]]:
    """The active members of teams, in the team's order; a team that does not exist is left out."""
    names = list(team_names)
    members: dict[str, list[Person]] = {name: [] for name in await teams_named(conn, names)}
    rows = await conn.fetch(
        """SELECT teams.name AS team, persons.id, persons.name, full_name, email, time_zone, level, active,
                  password_hash IS NOT NULL AS has_password, persons.created_at, deactivated_at
           FROM teams JOIN team_members ON team_id = teams.id JOIN persons ON persons.id = person_id
           WHERE teams.name = ANY($1) AND active ORDER BY position""",
        names,
    )
    for row in rows:
        members[row["team"]].append(_person(row))
    return members


async def contact(conn: Conn, id: UUID) -> Contact | None:
    """The contact of that id, removed ones included."""
    row = await conn.fetchrow(_CONTACT + "WHERE id = $1", id)
    return Contact(**dict(row)) if row else None


async def contacts_of(conn: Conn, person_ids: Iterable[UUID]) -> dict[UUID, list[Contact]]:
    """The active contacts of persons, first to be tried first; every person asked for has an entry."""
    ids: Sequence[UUID] = list(person_ids)
    found: dict[UUID, list[Contact]] = {id: [] for id in ids}
    for row in await conn.fetch(_CONTACT + "WHERE person_id = ANY($1) AND active ORDER BY person_id, rank", ids):
        found[row["person_id"]].append(Contact(**dict(row)))
    return found


async def organisation_name(conn: Conn) -> str | None:
    """What the organisation is called; none before it is set up."""
    name: str | None = await conn.fetchval("SELECT name FROM organisation")
    return name


def _as_person(row: Record | None) -> Person | None:
    return _person(row) if row else None


def _person(row: Record) -> Person:
    return Person(
        id=row["id"],
        name=row["name"],
        full_name=row["full_name"],
        email=row["email"],
        time_zone=row["time_zone"],
        level=Level[row["level"].upper()],
        active=row["active"],
        has_password=row["has_password"],
        created_at=row["created_at"],
        deactivated_at=row["deactivated_at"],
    )


def _team(row: Record) -> Team:
    return Team(row["id"], row["name"], row["title"], tuple(row["members"]), row["lead"], row["created_at"])
