"""What the tests of schedules share: three persons and units in which they act."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from muster.base.access import SYSTEM, Kind, Principal
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.people.actions.persons import create_person
from muster.people.drafts import PersonDraft
from muster.people.store import person_named

ActingAs = Callable[[str], AbstractAsyncContextManager[Unit]]


@pytest.fixture
async def acting_as(database: Database) -> ActingAs:
    """Opens units in which `vi` (viewer), `ana` (responder), `bo` (manager) or `muster` itself acts."""
    async with database.unit(SYSTEM) as unit:
        for name, level in (("vi", "viewer"), ("ana", "responder"), ("bo", "manager")):
            await create_person(
                unit,
                PersonDraft(
                    name=name,
                    email=f"{name}@contoso.example",
                    full_name=name.title(),
                    time_zone="UTC",
                    permission=level,
                ),
            )

    @asynccontextmanager
    async def opened(name: str) -> AsyncIterator[Unit]:
        async with database.unit(SYSTEM) as unit:
            person = await person_named(unit.conn, name)
            if person is not None:
                unit.principal = Principal(Kind.PERSON, person.name, person.level, person.id)
            yield unit

    return opened
