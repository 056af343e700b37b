"""Rows of persons, teams and contacts: what the database refuses and how they are read."""

import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from muster.base.access import SYSTEM, Level
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.kit.ids import new_id
from muster.people import store
from muster.people.store import person_rows


@pytest.fixture
async def refused(database: Database) -> AsyncIterator[Unit]:
    """A unit whose transaction the test breaks."""
    with contextlib.suppress(Broken):
        async with database.unit(SYSTEM) as unit:
            yield unit
            raise Broken


class Broken(Exception):
    """Rolls a unit back."""


THEN = datetime(2026, 1, 1, tzinfo=UTC)


async def person(unit: Unit, name: str, email: str = "") -> UUID:
    id = new_id(unit.now)
    email = email or f"{name}@contoso.example"
    await person_rows.insert(
        unit.conn, id, name=name, full_name=name, email=email, time_zone="UTC", level=Level.RESPONDER, now=THEN
    )
    return id


async def team(unit: Unit, name: str, members: list[UUID]) -> UUID:
    id = new_id(unit.now)
    await unit.conn.execute("INSERT INTO teams (id, name, created_at) VALUES ($1, $2, $3)", id, name, THEN)
    for position, member in enumerate(members):
        await unit.conn.execute("INSERT INTO team_members VALUES ($1, $2, $3)", id, member, position)
    return id


async def contact(unit: Unit, owner: UUID, rank: int, address: str = "a@b.example") -> UUID:
    id = new_id(unit.now)
    await unit.conn.execute(
        "INSERT INTO contacts (id, person_id, kind, address, rank, created_at) VALUES ($1, $2, 'email', $3, $4, $5)",
        id,
        owner,
        address,
        rank,
        THEN,
    )
    return id


async def test_a_person_is_found_by_name_id_and_email_in_any_case(unit: Unit) -> None:
    id = await person(unit, "ana")
    found = await store.person_named(unit.conn, "ana")
    assert found is not None
    assert (found.id, found.level, found.active, found.has_password) == (id, Level.RESPONDER, True, False)
    assert await store.person(unit.conn, id) == found
    assert await store.person_at(unit.conn, "ANA@Contoso.example") == found
    assert await store.person_named(unit.conn, "nobody") is None


async def test_persons_are_listed_by_name_and_searched(unit: Unit) -> None:
    for name in ("cy", "ana", "bo"):
        await person(unit, name)
    assert [person.name for person in await store.persons(unit.conn)] == ["ana", "bo", "cy"]
    assert [person.name for person in await store.persons(unit.conn, after="ana", limit=1)] == ["bo"]
    assert [person.name for person in await store.persons(unit.conn, search="CY@", emails=True)] == ["cy"]


async def test_members_come_in_the_teams_order_without_those_who_left(unit: Unit) -> None:
    ana, bo, cy = [await person(unit, name) for name in ("ana", "bo", "cy")]
    await team(unit, "platform", [cy, ana, bo])
    await unit.conn.execute("UPDATE persons SET active = false, deactivated_at = $2 WHERE id = $1", ana, THEN)
    members = await store.members_of(unit.conn, ["platform", "nowhere"])
    assert {name: [each.name for each in found] for name, found in members.items()} == {"platform": ["cy", "bo"]}
    found = await store.team_named(unit.conn, "platform")
    assert found is not None
    assert (found.members, found.lead) == (("cy", "ana", "bo"), "")
    assert await store.teams_of(unit.conn, ana) == [found]


async def test_contacts_of_many_persons_come_in_one_answer_by_rank(unit: Unit) -> None:
    ana, bo = await person(unit, "ana"), await person(unit, "bo")
    second, first = await contact(unit, ana, 2, "x@b.example"), await contact(unit, ana, 1)
    found = await store.contacts_of(unit.conn, [ana, bo])
    assert [each.id for each in found[ana]] == [first, second]
    assert found[bo] == []


async def test_two_persons_cannot_share_an_address_that_differs_in_case(refused: Unit) -> None:
    await person(refused, "ana")
    with pytest.raises(asyncpg.UniqueViolationError):
        await person(refused, "an", "Ana@Contoso.Example")


async def test_two_active_contacts_cannot_share_a_rank_and_can_swap_theirs(refused: Unit) -> None:
    ana = await person(refused, "ana")
    first, second = await contact(refused, ana, 1), await contact(refused, ana, 2, "x@b.example")
    async with refused.conn.transaction():
        await refused.conn.execute("UPDATE contacts SET rank = 3 - rank WHERE person_id = $1", ana)
    assert [each.id for each in (await store.contacts_of(refused.conn, [ana]))[ana]] == [second, first]
    await contact(refused, ana, 1, "y@b.example")
    with pytest.raises(asyncpg.ExclusionViolationError):
        await refused.conn.execute("SET CONSTRAINTS ALL IMMEDIATE")


async def test_a_team_is_led_by_a_member_only(refused: Unit) -> None:
    ana, bo = await person(refused, "ana"), await person(refused, "bo")
    id = await team(refused, "platform", [ana])
    await refused.conn.execute("UPDATE teams SET lead_id = $2 WHERE id = $1", id, bo)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await refused.conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
