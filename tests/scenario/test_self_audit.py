"""The self-audit: whatever takes a page's alarm or message away, it goes on, and that it was repaired is known (oncall#1206)."""

from datetime import timedelta

import pytest
from tests.scenario.story import PLAN, Story

from muster.operations.store.measures import measured
from muster.paging.actions.audit import audit
from muster.paging.store import audits

GONE = {
    "lost": "DELETE FROM work WHERE kind = 'page.step'",
    "given up": "UPDATE work SET dead = true, attempts = 25 WHERE kind = 'page.step'",
}


@pytest.mark.parametrize("how", list(GONE))
async def test_a_page_whose_alarm_is_lost_or_given_up_goes_on_within_a_minute(story: Story, how: str) -> None:
    await story.fires("DiskFull")
    async with story.unit() as unit:
        await unit.conn.execute(GONE[how])
    await story.wait(minutes=6, periodic=("page.audit",))
    assert [each.phone for each in story.texts] == ["ana", "bo"]
    assert (await story.told()).count("PagingRepaired") == 1
    async with story.muster.database.read() as conn:
        figures = (await measured(conn, story.clock.now())).decode()
    assert "muster_page_repairs 1.0" in figures


async def test_without_the_audit_such_a_page_would_be_silent_for_ever(story: Story) -> None:
    # That the test above can fail: nothing else brings a lost alarm back, not even a restart.
    await story.fires("DiskFull")
    async with story.unit() as unit:
        await unit.conn.execute("DELETE FROM work WHERE kind IN ('page.step', 'page.audit')")
        await unit.conn.execute("DELETE FROM work WHERE kind = 'page.step'")
    await story.wait(hours=2)
    assert [each.phone for each in story.texts] == ["ana"]


async def test_a_restart_begins_the_audit_again_and_it_repairs_at_once(story: Story) -> None:
    await story.fires("DiskFull")
    async with story.unit() as unit:
        await unit.conn.execute("DELETE FROM work")
    await story.restart()
    await story.wait(minutes=6, periodic=("page.audit",))
    assert [each.phone for each in story.texts] == ["ana", "bo"]


async def test_messages_and_deadlines_are_repaired_too(story: Story) -> None:
    await story.apply(PLAN)
    async with story.unit() as unit:
        await unit.conn.execute("CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
        await unit.conn.execute("CREATE TRIGGER lose BEFORE INSERT ON work FOR EACH ROW WHEN "
                                "(NEW.kind IN ('delivery', 'page.step', 'clock')) EXECUTE FUNCTION lose()")  # fmt: skip
    await story.fires("DiskFull")
    assert story.texts == []
    async with story.unit() as unit:
        await unit.conn.execute("DROP TRIGGER lose ON work")
        assert await audit(unit) == 3
    await story.settle()
    assert [each.phone for each in story.texts] == ["ana"]
    async with story.unit() as unit:
        assert await audit(unit) == 0, "what is repaired is not repaired again"
    reasons = [each["what"] for each in await story.told_of("PagingRepaired")]
    assert sorted(reasons) == ["clock", "message", "page"]


async def test_every_page_is_answered_or_exhausted_in_the_end(story: Story) -> None:
    await story.fires(*(f"Alert{number}" for number in range(12)))
    await story.tap(story.texts[0])
    await story.wait(minutes=5)
    await story.restart()
    await story.wait(hours=1)
    async with story.unit() as unit:
        rows = await unit.conn.fetch("SELECT state, ended_reason FROM pages")
        last = await audits.newest(unit.conn)
    assert len(rows) == 12
    assert {row["state"] for row in rows} == {"stopped", "exhausted"}
    assert all(row["ended_reason"] for row in rows)
    assert last is not None
    assert (last["running"], last["repaired"]) == (0, 0)


async def test_waits_are_kept_to_the_second_whatever_the_queue_is_told(story: Story) -> None:
    # "Waits ignored" (oncall#1931): an alarm that is run early changes nothing by itself.
    await story.fires("DiskFull")
    async with story.unit() as unit:
        await unit.conn.execute("UPDATE work SET run_at = $1 WHERE kind = 'page.step'", unit.now)
    await story.settle()
    assert [each.phone for each in story.texts] == ["ana"]
    await story.wait(minutes=5)
    assert story.rung == [("ana", 0), ("bo", 5)]
    await story.wait(seconds=1)
    assert timedelta(minutes=5) == story.texts[1].at - story.texts[0].at
