"""Declared persons and teams: created, changed, and left alone when nothing differs."""

from typing import Any

import pytest

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.kit.errors import Conflict, Denied, Invalid
from muster.people import store
from muster.people.actions import persons
from muster.people.actions.apply import Applied, apply_persons, apply_teams
from muster.people.manifest import PersonManifest, TeamManifest
from muster.people.reach import Reach

from .conftest import Open

ANA: dict[str, Any] = {
    "kind": "Person",
    "name": "ana",
    "full_name": "Ana Silva",
    "email": "ana@contoso.example",
    "time_zone": "Europe/Lisbon",
    "permission": "responder",
    "contacts": [
        {"kind": "webhook", "address": "http://127.0.0.1:9999/ana", "verified": True},
        {"kind": "email", "address": "ana@contoso.example"},
    ],
}
PLATFORM: dict[str, Any] = {"kind": "Team", "name": "platform", "members": ["ana"]}


async def apply(database: Database, reach: Reach, **changes: Any) -> Applied:
    """Apply Ana with some fields changed."""
    async with database.unit(SYSTEM) as unit:
        return (await apply_persons(unit, [PersonManifest.model_validate({**ANA, **changes})], reach))[0]


async def events(database: Database) -> int:
    """How many events there are."""
    async with database.read() as conn:
        count: int = await conn.fetchval("SELECT count(*) FROM ledger_events")
        return count


async def test_applying_twice_creates_once_and_then_changes_nothing(database: Database, reach: Reach) -> None:
    assert await apply(database, reach) == Applied("Person", "ana", "created")
    written = await events(database)
    assert await apply(database, reach) == Applied("Person", "ana", "unchanged")
    assert await events(database) == written


async def test_what_differs_is_changed_and_told(database: Database, reach: Reach) -> None:
    await apply(database, reach)
    applied = await apply(
        database,
        reach,
        time_zone="UTC",
        contacts=[
            {"kind": "email", "address": "ana@contoso.example", "verified": True},
            {"kind": "email", "address": "second@contoso.example"},
        ],
    )
    assert applied.changes == [
        "time_zone: Europe/Lisbon → UTC",
        "contact removed: webhook http://127.0.0.1:9999/…",
        "contact verified: email a…@contoso.example",
        "contact added: email s…@contoso.example",
    ]
    applied = await apply(database, reach, time_zone="UTC", contacts=None)
    assert applied.outcome == "unchanged"
    applied = await apply(
        database,
        reach,
        time_zone="UTC",
        contacts=[
            {"kind": "email", "address": "second@contoso.example"},
            {"kind": "email", "address": "ana@contoso.example"},
        ],
    )
    assert applied.changes == ["contacts reordered"]
    async with database.read() as conn:
        ana = await store.person_named(conn, "ana")
        assert ana is not None
        contacts = (await store.contacts_of(conn, [ana.id]))[ana.id]
    assert [(each.address, each.rank, each.verified) for each in contacts] == [
        ("second@contoso.example", 1, False),
        ("ana@contoso.example", 2, True),
    ]


async def test_a_person_who_left_comes_back_when_declared(database: Database, reach: Reach) -> None:
    await apply(database, reach)
    async with database.unit(SYSTEM) as unit:
        await persons.deactivate_person(unit, "ana")
    assert (await apply(database, reach)).changes == ["active: no → yes"]


async def test_teams_are_declared_with_their_members(database: Database, reach: Reach) -> None:
    await apply(database, reach)
    team = TeamManifest.model_validate(PLATFORM)
    async with database.unit(SYSTEM) as unit:
        assert await apply_teams(unit, [team]) == [Applied("Team", "platform", "created")]
        assert await apply_teams(unit, [team]) == [Applied("Team", "platform", "unchanged")]
        led = TeamManifest.model_validate({**PLATFORM, "lead": "ana", "title": "Platform"})
        assert (await apply_teams(unit, [led]))[0].changes == ["title: none → Platform", "lead: none → ana"]
    with pytest.raises(Invalid, match="no active person `bo`"):
        async with database.unit(SYSTEM) as unit:
            await apply_teams(unit, [TeamManifest.model_validate({**PLATFORM, "members": ["bo"]})])


async def test_a_manifest_cannot_demote_the_last_administrator(database: Database, reach: Reach, admin: str) -> None:
    wanted = {"name": "root", "email": "root@contoso.example", "permission": "viewer"}
    with pytest.raises(Conflict, match="last administrator"):
        async with database.unit(SYSTEM) as unit:
            await apply_persons(unit, [PersonManifest.model_validate(wanted)], reach)


async def test_only_those_who_may_apply_do(database: Database, reach: Reach, acting_as: Open) -> None:
    await apply(database, reach)
    with pytest.raises(Denied):
        async with acting_as("ana") as unit:
            await apply_teams(unit, [TeamManifest.model_validate(PLATFORM)])
