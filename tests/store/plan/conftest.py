"""What the tests of plans share: an organisation that the small plan refers to."""

import pytest

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.people.actions.persons import create_person
from muster.people.actions.teams import create_team
from muster.people.drafts import PersonDraft, TeamDraft
from muster.plan.happenings import NamesWanted


async def add_schedules(unit: Unit, wanted: NamesWanted) -> None:
    """Stands for the feature that knows schedules."""
    wanted.schedules.append({"primary"})


@pytest.fixture(autouse=True)
async def organisation(database: Database) -> None:
    """Bo, the team security with Ana, and the schedule primary."""
    database.bus.subscribe(NamesWanted, add_schedules)
    async with database.unit(SYSTEM) as unit:
        for name in ("ana", "bo"):
            await create_person(
                unit,
                PersonDraft(
                    name=name,
                    email=f"{name}@contoso.example",
                    full_name=name.title(),
                    time_zone="UTC",
                    permission="responder",
                ),
            )
        await create_team(unit, TeamDraft(name="security", title="", members=("ana",), lead=""))
