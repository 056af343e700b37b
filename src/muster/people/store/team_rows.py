"""Rows of teams and their members."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from muster.base.unit import Conn
from muster.people.person import Person
from muster.people.store.person_rows import COLUMNS, as_person
from muster.people.team import Team

_SELECT = """
SELECT teams.id, teams.name, teams.title, teams.created_at, coalesce(lead.name, '') AS lead,
       array(SELECT persons.name FROM team_members JOIN persons ON persons.id = person_id
             WHERE team_id = teams.id ORDER BY position) AS members
FROM teams LEFT JOIN persons AS lead ON lead.id = teams.lead_id """


async def team_named(conn: Conn, name: str, *, hold: bool = False) -> Team | None:
    """The team of that name; `hold` keeps others from changing it until the transaction ends."""
    row = await conn.fetchrow(_SELECT + f"WHERE teams.name = $1 {'FOR UPDATE OF teams' if hold else ''}", name)
    return _team(row) if row else None


async def teams(conn: Conn, *, search: str = "", after: str = "", limit: int = 500) -> list[Team]:
    """Teams by name, beginning behind the name `after`; `search` is a part of name or title."""
    rows = await conn.fetch(
        _SELECT
        + """WHERE teams.name > $1 AND ($2 = '' OR position(lower($2) IN lower(teams.name || ' ' || teams.title)) > 0)
        ORDER BY teams.name LIMIT $3""",
        after,
        search,
        limit,
    )
    return [_team(row) for row in rows]


async def teams_named(conn: Conn, names: Iterable[str]) -> dict[str, Team]:
    """Those of the names that exist."""
    rows = await conn.fetch(_SELECT + "WHERE teams.name = ANY($1)", list(names))
    return {row["name"]: _team(row) for row in rows}


async def teams_of(conn: Conn, person_id: UUID) -> list[Team]:
    """The teams that a person is a member of."""
    rows = await conn.fetch(
        _SELECT + "WHERE teams.id IN (SELECT team_id FROM team_members WHERE person_id = $1) ORDER BY teams.name",
        person_id,
    )
    return [_team(row) for row in rows]


async def members_of(conn: Conn, team_names: Iterable[str]) -> dict[str, list[Person]]:
    """The active members of teams, in the team's order; a team that does not exist is left out."""
    rows = await conn.fetch(
        f"""SELECT teams.name AS team, {COLUMNS}
            FROM teams LEFT JOIN team_members ON team_id = teams.id LEFT JOIN persons ON persons.id = person_id AND active
            WHERE teams.name = ANY($1) ORDER BY position""",
        list(team_names),
    )
    members: dict[str, list[Person]] = {}
    for row in rows:
        found = members.setdefault(row["team"], [])
        if row["id"] is not None:
            found.append(as_person(row))
    return members


async def insert(conn: Conn, id: UUID, name: str, title: str, now: datetime) -> None:
    """Write a new team without members."""
    await conn.execute("INSERT INTO teams (id, name, title, created_at) VALUES ($1, $2, $3, $4)", id, name, title, now)


async def replace(conn: Conn, id: UUID, title: str, member_ids: Sequence[UUID], lead_id: UUID | None) -> None:
    """Set title, members and lead."""
    await conn.execute("DELETE FROM team_members WHERE team_id = $1 AND NOT person_id = ANY($2)", id, list(member_ids))
    await conn.execute(
        """INSERT INTO team_members (team_id, person_id, position)
           SELECT $1, person_id, position FROM unnest($2::uuid[]) WITH ORDINALITY AS member (person_id, position)
           ON CONFLICT (team_id, person_id) DO UPDATE SET position = excluded.position""",
        id,
        list(member_ids),
    )
    await conn.execute("UPDATE teams SET title = $2, lead_id = $3 WHERE id = $1", id, title, lead_id)


async def leave_all(conn: Conn, person_id: UUID) -> None:
    """Take a person out of every team."""
    await conn.execute("UPDATE teams SET lead_id = NULL WHERE lead_id = $1", person_id)
    await conn.execute("DELETE FROM team_members WHERE person_id = $1", person_id)


async def delete(conn: Conn, id: UUID) -> None:
    """Remove a team and its memberships."""
    await conn.execute("DELETE FROM teams WHERE id = $1", id)


def _team(row: Record) -> Team:
    return Team(row["id"], row["name"], row["title"], tuple(row["members"]), row["lead"], row["created_at"])
