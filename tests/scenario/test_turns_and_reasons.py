"""Turns across incidents and nodes, conditions by the hour, and explanations of what came of them."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

import pytest
from tests.scenario.story import PLAN, Story

from muster.incidents.actions.explain import explain, explain_held_alert, explain_page
from muster.kit.errors import Missing
from muster.paging.actions.dry_run import foresee_policy
from muster.plan import store as plans

TEAM = '{kind: Team, name: web, members: ["ana", "bo", "cy"]}'
HEAD = PLAN[: PLAN.index("escalation:")]
TURNS = HEAD + 'escalation: {first: [{notify: "team:web", mode: round_robin, wait: 5m, repeat: 1}]}\n'
BY_HOUR = (
    HEAD
    + 'hours: {business: {days: [mon-fri], from: "09:00", to: "17:00"}}\n'
    + """escalation:
  first:
    - {if: hours.business, notify: "person:ana", wait: 5m}
    - {if: '!hours.business && severity == "critical"', notify: "person:bo", wait: 5m}
    - {notify: "person:cy", wait: 5m}
"""
)


async def test_a_storm_goes_round_and_each_repeat_goes_to_the_next(story: Story) -> None:
    await story.apply(TEAM, TURNS)
    await story.fires(*(f"Alert{number}" for number in range(7)))
    assert Counter(each.phone for each in story.texts) == {"ana": 3, "bo": 2, "cy": 2}
    await story.fires("Eighth")
    assert story.texts[-1].phone == "bo"
    await story.wait(minutes=5)
    assert max(Counter(each.phone for each in story.texts).values()) == 6, "sixteen pages among three"


async def test_two_nodes_never_give_the_same_turn(story: Story) -> None:
    # Of a cluster, every page once (alertmanager#4108): also where nodes decide at the same moment.
    await story.apply(TEAM, TURNS)
    other = story.node("node-2")
    await other.start()
    try:
        for number in range(6):
            await asyncio.gather(story.posts(f"A{number}"), story.posts(f"B{number}", node=other))
        await story.phones.wait(12, within=10)
        await story.settle()
        assert Counter(each.phone for each in story.texts) == {"ana": 4, "bo": 4, "cy": 4}
        assert len({each.id for each in story.texts}) == 12
    finally:
        await other.stop()


@pytest.mark.parametrize(
    ("at", "severity", "first", "skipped"),
    [
        (datetime(2026, 3, 2, 10, 0, tzinfo=UTC), "critical", "ana", []),
        (datetime(2026, 3, 8, 3, 0, tzinfo=UTC), "critical", "bo", [1]),
        (datetime(2026, 3, 8, 3, 0, tzinfo=UTC), "low", "cy", [1, 2]),
    ],
)
async def test_the_hour_and_the_severity_choose_the_step_and_the_dry_run_agrees(
    story: Story, at: datetime, severity: str, first: str, skipped: list[int]
) -> None:
    await story.apply(BY_HOUR)
    await story.jump(at)
    await story.fires("DiskFull", severity=severity)
    assert [each.phone for each in story.texts] == [first]
    (started,) = await story.told_of("PageStarted")
    assert [each["step"] for each in started["taken"] if each.get("skipped")] == skipped
    async with story.unit() as unit:
        version = await plans.in_force(unit.conn)
        assert version is not None
        done = await foresee_policy(unit, version.plan, "first", at, severity)
    foreseen = done.runs[0].steps
    assert [step.number for step in foreseen if step.skipped][: len(skipped)] == skipped
    assert next(step for step in foreseen if step.sent).sent[0].person == first


async def test_what_a_dry_run_says_is_what_happens(story: Story) -> None:
    await story.apply(TEAM, TURNS)
    async with story.unit() as unit:
        version = await plans.in_force(unit.conn)
        assert version is not None
        done = await foresee_policy(unit, version.plan, "first", story.clock.now())
        assert await unit.conn.fetchval("SELECT count(*) FROM turns") == 0, "trying out takes no turn"
    await story.fires("DiskFull")
    await story.wait(hours=1)
    told = [
        (sent.person, int((sent.at - done.at).total_seconds()) // 60)
        for step in done.runs[0].steps
        for sent in step.sent
    ]
    assert told == story.rung


async def test_why_me_why_not_you_and_what_the_rules_said(story: Story) -> None:
    await story.apply(BY_HOUR.replace("routes: [", "routes: [{if: 'labels.team == \"db\"', to: first}, "))
    await story.jump(datetime(2026, 3, 8, 3, 0, tzinfo=UTC))
    await story.fires("DiskFull", team="web")
    (page,) = await story.pages()
    async with story.unit("ana") as unit:
        told = await explain(unit, "INC-1")
        assert told.answer == "bo was paged for INC-1."
        chain = [(each.about, each.sentence) for each in told.chain]
        assert ("route", "Route 1 did not match: the label team is db.") in chain
        assert ("route", "It catches everything (routes, rule 2).") in chain
        assert any(
            about == "step" and "Step 1 was skipped" in text and "hours.business" in text for about, text in chain
        )
        assert any(about == "message" and text.startswith("bo by webhook") for about, text in chain)
        assert chain[-1][1].startswith("Nobody has answered yet; the next step is due at")
        assert (await explain(unit, "INC-1", "bo")).answer.startswith("bo was paged for INC-1 at")
        not_ana = (await explain(unit, "INC-1", "ana")).answer
        assert not_ana.startswith("Step 1 of first names ana, and was skipped.")
        assert (await explain(unit, "INC-1", "cy")).answer.startswith("Step 3 of first would have paged cy.")
        assert (await explain_page(unit, page.id)).answer == told.answer
        with pytest.raises(Missing):
            await explain(unit, "INC-1", "nobody-of-that-name")


async def test_why_it_was_not_somebodys_turn(story: Story) -> None:
    await story.apply(TEAM, TURNS)
    await story.fires("DiskFull")
    async with story.unit() as unit:
        told = (await explain(unit, "INC-1", "bo")).answer
    assert told.startswith("bo was not in turn at step 1 of first.")
    assert "It is ana's turn" in told


async def test_why_an_alert_paged_nobody(story: Story) -> None:
    await story.fires("DiskFull")
    await story.fires("DiskFull", disk="b")
    async with story.unit() as unit:
        rows = await unit.conn.fetch("SELECT id FROM alerts ORDER BY labels ? 'disk'")
        opened, joined = [await explain_held_alert(unit, row["id"]) for row in rows]
        await unit.conn.execute(
            "UPDATE alerts SET hold = 'silence', hold_reason = 'Silenced by bo: works.' WHERE id = $1", rows[1]["id"]
        )
        silenced = await explain_held_alert(unit, rows[1]["id"])
    assert opened.answer == "DiskFull happened opened INC-1, which is triggered."
    assert "joined INC-1 instead of opening one of its own" in joined.answer
    assert silenced.answer == "Nobody was paged for DiskFull happened: it is silenced. Silenced by bo: works."


async def test_a_holiday_is_no_business_day(story: Story) -> None:
    # Monday the 2nd of March is a holiday here: at 10:00 Bo is paged, not Ana.
    event = "BEGIN:VEVENT\\nUID:1\\nDTSTAMP:20260101T000000Z\\nDTSTART;VALUE=DATE:20260302\\nSUMMARY:Off\\nEND:VEVENT"
    ics = f"BEGIN:VCALENDAR\\nVERSION:2.0\\nPRODID:x\\n{event}\\nEND:VCALENDAR\\n"
    calendar = f'{{kind: Calendar, name: portugal, entries: holidays, text: "{ics}"}}'
    await story.apply(calendar)
    await story.apply(BY_HOUR.replace('to: "17:00"}', 'to: "17:00", holidays: portugal}'))
    await story.jump(datetime(2026, 3, 2, 10, 0, tzinfo=UTC))
    await story.fires("DiskFull")
    assert [each.phone for each in story.texts] == ["bo"]
