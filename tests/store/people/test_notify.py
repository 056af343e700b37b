"""Notification rules as rows: declared, changed by their owner, refused for others, told to the ledger, and left alone."""

from typing import Any

import pytest

from muster.base.db.database import Database
from muster.kit.errors import Denied, Invalid
from muster.people import store
from muster.people.actions.notify import set_notify
from muster.people.notify import NOTHING_SAID, Notify
from muster.people.reach import Reach

from .conftest import Open
from .test_apply import apply, events

RULES: list[dict[str, Any]] = [{"severity": "critical", "do": [{"by": "webhook"}, {"by": "email", "after": "2m"}]}]
QUIET = {"from": "22:00", "to": "07:00"}


async def said(database: Database) -> Notify:
    """What Ana has said."""
    async with database.read() as conn:
        ana = await store.person_named(conn, "ana")
        assert ana is not None
        return (await store.notify_of(conn, [ana.id]))[ana.id]


async def test_rules_are_declared_left_alone_and_ended(database: Database, reach: Reach) -> None:
    await apply(database, reach, notify=RULES, quiet_hours=QUIET)
    assert await said(database) == Notify.model_validate({"notify": RULES, "quiet_hours": QUIET})
    before = await events(database)
    assert (await apply(database, reach, notify=RULES, quiet_hours=QUIET)).outcome == "unchanged"
    assert (await apply(database, reach)).outcome == "unchanged"
    assert await events(database) == before
    changed = await apply(database, reach, notify=[])
    assert changed.changes == ["notify changed"]
    assert (await said(database)).quiet_hours is not None
    assert (await apply(database, reach, quiet_hours=None)).changes == ["quiet hours changed"]
    assert await said(database) == NOTHING_SAID


async def test_a_kind_of_contact_that_there_is_not_is_refused(database: Database, reach: Reach) -> None:
    with pytest.raises(Invalid) as refused:
        await apply(database, reach, notify=[{"do": [{"by": "emial"}]}])
    (fault,) = refused.value.faults
    assert (fault.field, fault.fix) == ("notify.0.do.0.by", "Did you mean `email`?")


async def test_people_change_their_own_rules_and_no_others(
    database: Database, reach: Reach, admin: str, acting_as: Open
) -> None:
    await apply(database, reach)
    wanted = Notify.model_validate({"notify": RULES})
    async with acting_as("ana") as unit:
        await set_notify(unit, "ana", wanted, reach)
    assert await said(database) == wanted
    async with acting_as(admin) as unit:
        await set_notify(unit, "ana", NOTHING_SAID, reach)
    assert await said(database) == NOTHING_SAID
    with pytest.raises(Denied):
        async with acting_as("ana") as unit:
            await set_notify(unit, admin, wanted, reach)
    async with database.read() as conn:
        told = await conn.fetch("SELECT data FROM ledger WHERE kind = 'NotifyChanged' ORDER BY position")
    assert len(told) == 2
    assert told[0]["data"]["changed"]["notify"]["from"] == []
