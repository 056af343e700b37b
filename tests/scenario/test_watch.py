"""Proofs that get old and chains that would wake nobody: found before somebody needs them."""

import re
from datetime import timedelta

import httpx2
import pytest
from tests.scenario.story import PLAN, Story, Text

from muster.kit.errors import Conflict
from muster.paging.actions.chain_check import look
from muster.paging.chain_flaws import Weakness
from muster.people.actions.persons import deactivate_person
from muster.plan.actions.publish import publish, validate

PROOFS = ("contact.upkeep",)
CHAINS = ("chains.check",)


async def _tap(story: Story, text: Text) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=story.muster.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as client:
        shown = await client.get(text.link)
        assert shown.status_code == 200
        assert "Does this reach you?" in shown.text
        answer = await client.post(text.link)
    await story.settle()
    return answer


async def _days(story: Story, days: int) -> None:
    for _ in range(days):
        await story.wait(days=1, periodic=PROOFS[:0])


async def test_a_proof_is_asked_for_anew_and_a_tap_renews_it(story: Story) -> None:
    await _days(story, 82)
    assert story.texts == []
    await _days(story, 2)
    asked = {each.phone: each for each in story.texts}
    assert sorted(asked) == ["ana", "bo", "cy"]
    answer = await _tap(story, asked["ana"])
    assert "This contact is proved" in answer.text
    await _days(story, 7)
    breached = await story.count("SELECT count(*) FROM clocks WHERE kind LIKE 'reprove:%' AND state = 'breached'")
    assert breached == 2, "Ana answered, Bo and Cy did not"
    assert await story.count("SELECT count(*) FROM clocks WHERE kind LIKE 'reprove:%' AND state = 'met'") == 1
    assert sorted(each.phone for each in story.texts[3:]) == ["bo", "cy"], "who did not answer is asked again"


async def test_whoever_acknowledges_by_a_page_needs_no_test(story: Story) -> None:
    await story.wait(days=60)
    await story.fires("DiskFull")
    assert (await story.tap(story.texts[0])).status_code == 200
    await _days(story, 25)
    assert sorted(each.phone for each in story.texts[1:] if each.incident == "") == ["bo", "cy"]


async def test_a_link_of_a_test_proves_once_forged_ones_nothing(story: Story) -> None:
    await _days(story, 84)
    text = story.texts[0]
    transport = httpx2.ASGITransport(app=story.muster.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as client:
        forged = await client.post(re.sub(r".$", "A" if text.link[-1] != "A" else "B", text.link))
        assert forged.status_code == 403
        acknowledging = await client.post(text.link.replace("/t/", "/a/"))
        assert acknowledging.status_code == 403, "a link serves its one purpose"
        story.clock.instant += timedelta(days=31)
        assert (await client.post(text.link)).status_code == 403


def _told(story: Story) -> list[Text]:
    """What Muster told about itself."""
    return [each for each in story.notices if "You watch over Muster" in each.body]


async def test_a_chain_that_would_wake_nobody_is_told_of_before_it_matters(story: Story) -> None:
    await story.apply(
        story.person("dee", permission="administrator"),
        """
kind: Schedule
name: night
time_zone: UTC
layers: [{name: only, people: [cy], rotate: weekly, hand_off: "Mon 09:00", start: "2025-01-06 09:00"}]
""",
        PLAN.replace("person:ana", "schedule:night")
        .replace('person:bo"', 'schedule:night"')
        .replace('person:cy"', 'schedule:night"'),
    )
    await story.wait(minutes=10, periodic=CHAINS)
    assert _told(story) == []
    async with story.unit("ana") as unit:
        assert await look(unit) == ()
    now = story.clock.now()
    await story.muster.services.database.pool.execute(
        """INSERT INTO overrides (id, schedule_id, start_at, end_at, made_by, created_at)
           SELECT gen_random_uuid(), id, $1, $2, 'ana', $3 FROM schedules""",
        now + timedelta(days=2),
        now + timedelta(days=2, hours=4),
        now,
    )
    await story.wait(minutes=10, periodic=CHAINS)
    (text,) = _told(story)
    assert text.phone == "dee", "the administrators watch over paging"
    assert "The policy first wakes nobody from" in text.body
    await story.wait(minutes=30, periodic=CHAINS)
    assert len(_told(story)) == 1, "told once"
    assert await story.count("SELECT count(*) FROM ledger WHERE stream = 'chains' AND kind = 'ChainBroken'") == 1
    await story.wait(days=3, periodic=CHAINS[:0])
    await story.wait(minutes=10, periodic=CHAINS)
    assert await story.count("SELECT count(*) FROM ledger WHERE stream = 'chains' AND kind = 'ChainMended'") == 1
    assert await story.count("SELECT count(*) FROM chain_flaws") == 0


async def test_whoever_leaves_is_let_go_and_every_chain_that_names_them_is_marked(story: Story) -> None:
    await story.apply(story.person("dee", permission="administrator"))
    async with story.unit("dee") as unit:
        with pytest.raises(Conflict, match="still needed"):
            await deactivate_person(unit, "bo")
    async with story.unit("dee") as unit:
        left = await deactivate_person(unit, "bo", "The directory says so.", even_so=True)
    assert not left.active
    (text,) = _told(story)
    assert (text.phone, "Their chains are marked" in text.body) == ("dee", True)
    async with story.unit("ana") as unit:
        (flaw,) = await look(unit)
    assert (flaw.weakness, flaw.about) == (Weakness.DEPARTED, "bo")
    assert flaw.sentence.endswith("bo has left.")
    assert await story.count("SELECT count(*) FROM chain_flaws WHERE weakness = 'departed'") == 1
    await story.fires("DiskFull")
    await story.wait(minutes=5)
    assert [each.phone for each in story.texts if each.incident] == ["ana", "cy"], "the chain goes on past who has left"


async def test_a_plan_that_would_wake_nobody_at_some_moment_says_so_before_it_is_published(story: Story) -> None:
    await story.apply(
        """
kind: Schedule
name: office
time_zone: UTC
layers:
  - {name: only, people: [cy], rotate: weekly, hand_off: "Mon 09:00", start: "2025-01-06 09:00",
     restrictions: [{days: Mon-Fri, from: "09:00", to: "17:00"}]}
"""
    )
    wanted = PLAN.replace("person:cy", "schedule:office").replace("person:ana", "schedule:office")
    wanted = wanted.replace("person:bo", "schedule:office")
    async with story.unit("ana") as unit:
        reading, _ = await validate(unit, wanted)
        told = {each.field: each.rule for each in reading.warnings}
        assert "The policy first wakes nobody from Mon 02 Mar 17:00 to Tue 03 Mar 09:00" in told["escalation.first"]
        done = await publish(unit, wanted)
        assert "escalation.first" in {each.field for each in done.warnings}, "it is published all the same, and says so"
