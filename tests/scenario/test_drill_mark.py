"""A drill says that it is one, wherever people see it: on the phone, in the list of pages, in the ledger."""

from dataclasses import replace

from tests.scenario.story import Story

from muster.incidents.actions.guard import existing
from muster.incidents.actions.paging_of import specs
from muster.incidents.api.paging import show_pages
from muster.paging.actions.start import start
from muster.plan import store as plans


async def test_the_mark_of_a_drill_travels_from_its_start_to_the_phone_and_the_api(story: Story) -> None:
    await story.fires("DiskFull")
    async with story.unit() as unit:
        incident = await existing(unit.conn, 1)
        version = await plans.pinned(unit.conn, incident.plan_version_id)
        (spec,) = specs(version, incident, None)
        await start(unit, [replace(spec, drill=True)])
    await story.wait(minutes=0)
    real, drill = (request.json["data"] for request in story.phones.requests)
    assert ("drill" in real, drill["drill"]) == (False, True)
    assert drill["subject"] == f"Drill: {real['subject']}"
    assert drill["body"].startswith("This is a drill\nNothing is wrong.")
    async with story.unit() as unit:
        assert [page.drill for page in await show_pages(unit, "1")] == [False, True]
    assert [bool(started.get("drill")) for started in await story.told_of("PageStarted")] == [False, True]
