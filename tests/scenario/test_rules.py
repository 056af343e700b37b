"""People say how they are paged: at once, later, not at night; what they said never makes a page vanish (R73, R74)."""

from datetime import UTC, datetime, timedelta

from tests.scenario.radio import Radio
from tests.scenario.story import PLAN, Story

from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.actions.severity import set_severity
from muster.incidents.incident import State
from muster.paging.actions.message_answers import answer
from muster.paging.answer import Said
from muster.paging.channel import refused

NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
MORNING = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
LADDER = [
    {"severity": "critical", "do": [{"by": "ntfy"}, {"after": "2m", "by": "sms"}, {"after": "4m", "by": "voice"}]}
]
QUIET = {"from": "22:00", "to": "07:00"}
NOBODY_ELSE = """
kind: Plan
name: main
severities: {critical: {acknowledge_within: 5m}, low: {acknowledge_within: 1d}}
severity_rules: [{if: 'severity == "low"', then: low}, {if: 'true', then: critical}]
routes: [{if: 'true', to: first}]
grouping: {by: [alertname], window: 10m}
escalation: {first: [{notify: ["person:ana"], wait: 10m}]}
"""


async def states(story: Story, number: int = 1) -> dict[str, tuple[str, str]]:
    """State and reason of an incident's deliveries by kind of contact."""
    incident = await story.incident(number)
    async with story.muster.database.read() as conn:
        rows = await conn.fetch("SELECT channel, state, reason FROM deliveries WHERE incident_id = $1", incident.id)
    return {row["channel"]: (row["state"], row["reason"]) for row in rows}


async def test_a_rule_pages_one_contact_after_the_other_until_somebody_takes_it(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "ntfy", "sms", "voice", notify=LADDER), NOBODY_ELSE)
    await story.fires("DiskFull")
    assert radio.calls == [("ntfy", 0)]
    planned = await states(story)
    assert planned["sms"] == ("planned", "ana's rule: after 2 min unless somebody has taken it.")
    await story.wait(minutes=6)
    assert radio.calls[:3] == [("ntfy", 0), ("sms", 120), ("voice", 240)]


async def test_what_was_planned_is_cancelled_in_the_last_second(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "ntfy", "sms", "voice", notify=LADDER), NOBODY_ELSE)
    await story.fires("DiskFull")
    await story.wait(minutes=1, seconds=59)
    async with story.unit("bo") as unit:
        await acknowledge(unit, "1")
    await story.wait(minutes=30)
    assert radio.calls == [("ntfy", 0)]
    found = await states(story)
    assert found["sms"] == ("cancelled", "INC-1 was acknowledged.")
    assert found["voice"] == ("cancelled", "INC-1 was acknowledged.")
    assert await story.count("SELECT count(*) FROM work WHERE kind = 'delivery'") == 0


async def test_where_the_first_way_fails_the_planned_one_does_not_wait(story: Story) -> None:
    radio = Radio(story)
    radio.providers["ntfy"].next = [refused("No such topic.")]
    await story.apply(radio.person("ana", "ntfy", "sms", "voice", notify=LADDER), NOBODY_ELSE)
    await story.fires("DiskFull")
    assert radio.calls == [("ntfy", 0), ("sms", 0)]
    await story.wait(minutes=4)
    assert radio.calls[2:] == [("voice", 240)]


async def test_a_rule_for_contacts_that_a_person_does_not_have_uses_what_there_is_and_says_so(story: Story) -> None:
    radio = Radio(story)
    only_calls = [{"do": [{"by": "telegram"}, {"by": "slack", "after": "5m"}]}]
    await story.apply(radio.person("ana", "webhook", "sms", notify=only_calls))
    await story.fires("DiskFull")
    assert story.rung == [("ana", 0)]
    (started,) = await story.told_of("PageStarted")
    assert started["taken"][0]["targets"][0]["people"] == ["ana"]


async def test_a_rule_whose_first_contact_is_missing_begins_with_the_next_at_once(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "sms", "voice", notify=LADDER))
    await story.fires("DiskFull")
    assert [each.kind for each in radio.heard] == ["sms"]


async def test_quiet_hours_hold_a_mild_page_until_morning_and_others_are_paged_at_once(story: Story) -> None:
    await story.jump(NIGHT)
    await story.apply(story.person("ana", quiet_hours=QUIET))
    await story.fires("DiskFull", severity="low")
    assert [each.phone for each in story.texts] == ["bo"], "nobody waits for somebody who sleeps"
    planned = [each for each in await story.messages() if each[1] == "planned"]
    assert planned == [("ana", "planned", "ana has quiet hours: this waits until 07:00 UTC.")]
    (started,) = await story.told_of("PageStarted")
    assert [step["step"] for step in started["taken"]] == [1, 2]
    assert started["taken"][1]["why"] == "Step 1 reaches nobody yet."
    await story.wait(hours=9)
    assert [(each.phone, each.at) for each in story.texts if each.phone == "ana"] == [("ana", MORNING)]


async def test_a_critical_page_pierces_quiet_hours(story: Story) -> None:
    await story.jump(NIGHT)
    await story.apply(story.person("ana", quiet_hours=QUIET))
    await story.fires("DiskFull")
    assert [(each.phone, each.at) for each in story.texts] == [("ana", NIGHT)]


async def test_who_takes_it_at_night_spares_the_sleeper(story: Story) -> None:
    await story.jump(NIGHT)
    await story.apply(story.person("ana", quiet_hours=QUIET))
    await story.fires("DiskFull", severity="low")
    await story.tap(story.texts[0])
    await story.wait(hours=9)
    assert [each.phone for each in story.texts] == ["bo"]
    assert ("ana", "cancelled", "INC-1 was acknowledged.") in await story.messages()


async def test_an_incident_that_grows_grave_wakes_the_sleeper_at_once(story: Story) -> None:
    await story.jump(NIGHT)
    await story.apply(story.person("ana", quiet_hours=QUIET))
    await story.fires("DiskFull", severity="low")
    async with story.unit("cy") as unit:
        await set_severity(unit, "1", "critical", "It spreads.")
    assert [each.phone for each in story.texts] == ["bo", "ana"]
    assert story.texts[1].at == NIGHT
    assert "CRITICAL" in story.phones.requests[1].json["data"]["subject"]


async def test_a_page_that_means_only_a_sleeper_is_not_over_before_they_have_heard_of_it(story: Story) -> None:
    await story.jump(NIGHT)
    several = NOBODY_ELSE.replace("wait: 10m}", "wait: 10m, repeat: 3}")
    await story.apply(story.person("ana", quiet_hours=QUIET), several)
    await story.fires("DiskFull", severity="low")
    (page,) = await story.pages()
    assert (page.state, page.step) == ("running", 4)
    assert page.next_at == MORNING + timedelta(minutes=10)
    await story.wait(hours=9)
    assert [(each.phone, each.at) for each in story.texts] == [("ana", MORNING)], "once, not for each step"
    (page,) = await story.pages()
    assert page.state == "exhausted"


async def test_an_answer_by_sms_acknowledges_as_that_person(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "sms"))
    await story.fires("DiskFull")
    async with story.unit() as unit:
        said = await answer(unit, Said("sms", "ACK", address=radio.heard[0].address))
    assert said == "You have INC-1: DiskFull happened."
    incident = await story.incident()
    ana = await story.as_("ana")
    assert (incident.state, incident.acknowledged_by) == (State.ACKNOWLEDGED, ana.person_id)
    await story.wait(hours=1)
    assert story.rung == []


async def test_an_answer_passes_it_on_and_says_what_can_be_said(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "sms"))
    await story.fires("DiskFull")
    number = radio.heard[0].address

    async def say(text: str, **where: object) -> str:
        async with story.unit() as unit:
            return await answer(unit, Said("sms", text, **{"address": number, **where}))  # type: ignore[arg-type]

    assert "did not understand" in await say("who is this?")
    assert (await say("help")).startswith("Answer `ack`")
    assert "You were not paged for INC-77" in await say("ack INC-77")
    assert "no page was sent to you here" in await say("ack", address="+351919999999")
    assert await say("escalate") == "INC-1: the next are being paged."
    assert [each.phone for each in story.texts] == ["bo"]
    await story.tap(story.texts[0])
    assert await say("ack") == "bo has INC-1 already."


async def test_an_answer_obeys_the_plan_as_the_link_does(story: Story) -> None:
    radio = Radio(story)
    await story.apply(radio.person("ana", "sms", permission="viewer"), PLAN + "authority: {acknowledge: responder}\n")
    await story.fires("DiskFull")
    async with story.unit() as unit:
        said = await answer(unit, Said("sms", "1", address=radio.heard[0].address))
    assert said.startswith("You may not acknowledge")
    assert (await story.incident()).state is State.TRIGGERED


async def test_a_shadow_hears_of_the_page_and_is_counted_on_by_nobody(story: Story) -> None:
    schedule = """
kind: Schedule
name: primary
time_zone: UTC
layers:
  - {name: weekly, people: [ana], rotate: weekly, hand_off: "Mon 09:00", start: 2026-02-23}
  - {name: learners, people: [cy], rotate: weekly, hand_off: "Mon 09:00", start: 2026-02-23, shadow: true}
"""
    await story.apply(schedule, PLAN.replace('["person:ana"]', '["schedule:primary"]'))
    before = len(story.phones.requests)
    await story.fires("DiskFull", "NetDown")
    heard = {each.path: each.json["data"] for each in story.phones.requests[before:]}
    assert set(heard) == {"/ana", "/cy"}
    assert heard["/cy"]["subject"] == "NOTICE: ana is being paged for INC-1 and 1 more"
    assert heard["/cy"]["acknowledge_url"] is None
    assert "You shadow ana. You need not answer: nobody counts on you." in heard["/cy"]["body"]
    assert await story.count("SELECT count(*) FROM deliveries WHERE kind = 'notice' AND person = 'cy'") == 1
