"""What a changed password ends, and the one act for an account that somebody else got hold of."""

from typing import Any

import pytest

from muster.base.access import SYSTEM
from muster.base.bus import Bus
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.kit.errors import Denied, Fault, Invalid
from muster.people.actions import passwords, persons, sessions, tokens
from muster.people.drafts import PersonDraft
from muster.people.happenings import PasswordChosen
from muster.people.store import token_rows

from .conftest import PASSWORD, Open, SignIn

WANTED = "another fine long secret"


async def working_tokens(database: Database, name: str) -> int:
    """How many of somebody's tokens work."""
    async with database.unit(SYSTEM) as unit:
        found: Any = await unit.conn.fetchval("SELECT id FROM persons WHERE name = $1", name)
        return await token_rows.count_active(unit.conn, found, unit.now)


@pytest.mark.parametrize("keep", [False, True])
async def test_a_changed_password_revokes_the_tokens_unless_kept(
    database: Database, acting_as: Open, admin: str, keep: bool
) -> None:
    async with acting_as(admin) as unit:
        await tokens.create_token(unit, "ci", ["*"])
    assert await working_tokens(database, admin) == 2
    async with acting_as(admin) as unit:
        await passwords.change_password(unit, PASSWORD, WANTED, keep_tokens=keep)
    assert await working_tokens(database, admin) == (2 if keep else 0)


@pytest.mark.parametrize("keep", [False, True])
async def test_a_password_set_by_a_link_revokes_the_tokens_unless_kept(
    database: Database, acting_as: Open, admin: str, keep: bool
) -> None:
    async with acting_as(admin) as unit:
        link = await passwords.make_password_link(unit, admin)
    async with database.unit(SYSTEM) as unit:
        await passwords.use_password_link(unit, link, WANTED, "", "", keep_tokens=keep)
    assert await working_tokens(database, admin) == (1 if keep else 0)


async def test_one_act_ends_all_access(
    database: Database, acting_as: Open, admin: str, try_sign_in: SignIn, clock: Any
) -> None:
    known = await try_sign_in(admin)
    assert isinstance(known, sessions.SignedIn)
    async with acting_as(admin) as unit:
        await persons.create_person(unit, PersonDraft(name="ana", email="ana@contoso.example"))
        assert await sessions.end_everything(unit, admin, "laptop stolen") == {"sessions_ended": 1, "tokens_revoked": 1}
        assert await sessions.sessions_of(unit, admin) == []
    async with acting_as("ana") as unit:
        with pytest.raises(Denied):
            await sessions.end_everything(unit, admin)
    for number in range(20):
        await try_sign_in(admin, "wrong", f"198.51.100.{number}")
    assert not isinstance(await try_sign_in(admin, PASSWORD, "192.0.2.9", known.device), sessions.SignedIn)


async def test_a_password_that_others_object_to_is_refused(acting_as: Open, admin: str) -> None:
    async with acting_as(admin) as unit:
        bus = Bus()

        async def stolen(unit: Unit, chosen: PasswordChosen) -> None:
            chosen.faults.append(Fault("password", "It was stolen.", "Choose another one."))

        bus.subscribe(PasswordChosen, stolen)
        unit._bus = bus
        with pytest.raises(Invalid) as refused:
            await passwords.change_password(unit, PASSWORD, WANTED)
        assert refused.value.faults[0].rule == "It was stolen."
        assert WANTED not in repr(PasswordChosen(WANTED))
