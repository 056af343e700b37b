"""People asking people: take, hand over, add responders, call for help; what comes back, what is forgotten, who is in it."""

import pytest
from tests.scenario.story import PLAN, Story, Text

from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.actions.around import responders_of
from muster.incidents.actions.escalate import escalate
from muster.incidents.actions.hand_over import hand_over
from muster.incidents.actions.mitigate import mitigate
from muster.incidents.actions.resolve import resolve
from muster.incidents.actions.responders import add_responders, ask_for_help, respond, withdraw
from muster.incidents.actions.severity import set_severity
from muster.incidents.actions.take import take
from muster.incidents.incident import State
from muster.incidents.store import roles
from muster.kit.errors import Conflict, Denied, Invalid
from muster.paging.store import pages

TEAM = '{kind: Team, name: web, members: ["bo", "cy"]}'


async def engineer(story: Story) -> str:
    """Who is the On-Call Engineer of the first incident."""
    incident = await story.incident()
    async with story.muster.database.read() as conn:
        held = (await roles.held(conn, [incident.id])).get(incident.id, [])
    return next((each.person for each in held if each.role == "on_call_engineer"), "")


async def standing(story: Story) -> dict[str, str]:
    """How everybody stands to the first incident."""
    incident = await story.incident()
    async with story.unit() as unit:
        return {responder.person: str(responder.standing) for responder in await responders_of(unit, incident)}


def rang(story: Story, since: int = 0) -> list[str]:
    """Whose phones rang with a page, from a message on."""
    return [each.phone for each in story.texts[since:] if each.incident]


def newest(story: Story, phone: str) -> Text:
    """The newest page on a phone."""
    return [each for each in story.texts if each.phone == phone and each.incident][-1]


def notices(story: Story, phone: str) -> list[str]:
    """The titles and words of what somebody was told without being paged."""
    found = [each.json["data"] for each in story.phones.requests if each.path == f"/{phone}"]
    return [f"{each['title']} {each['body']}" for each in found if not each["incident"]]


async def acknowledged(story: Story, by: str = "ana") -> None:
    await story.fires("DiskFull")
    async with story.unit(by) as unit:
        await acknowledge(unit, "1")


async def test_taking_acknowledges_and_taking_from_somebody_tells_them(story: Story) -> None:
    await story.fires("DiskFull")
    async with story.unit("bo") as unit:
        await take(unit, "1")
    assert ((await story.incident()).state, await engineer(story)) == (State.ACKNOWLEDGED, "bo")
    async with story.unit("cy") as unit:
        await take(unit, "1", "Bo is asleep.")
    assert await engineer(story) == "cy"
    assert any("cy took INC-1 from you" in each for each in notices(story, "bo"))
    with pytest.raises(Conflict, match="You have INC-1 already"):
        async with story.unit("cy") as unit:
            await take(unit, "1")


async def test_whoever_may_not_assign_roles_cannot_take_it_from_somebody(story: Story) -> None:
    await story.apply(PLAN + "authority: {assign: director}\n")
    await acknowledged(story)
    with pytest.raises(Denied):
        async with story.unit("bo") as unit:
            await take(unit, "1")
    assert await engineer(story) == "ana"


async def test_a_hand_over_pages_and_nothing_changes_before_it_is_accepted(story: Story) -> None:
    await acknowledged(story)
    async with story.unit("ana") as unit:
        await hand_over(unit, "1", "bo", note="My shift ends.")
    text = newest(story, "bo")
    assert "ana asks you to take INC-1 over as its On-Call Engineer." in text.body
    assert "ana: My shift ends." in text.body
    assert await engineer(story) == "ana"
    assert await standing(story) == {"ana": "responding", "bo": "asked"}
    assert (await story.tap(text)).status_code == 200
    assert await engineer(story) == "bo"
    assert (await standing(story))["bo"] == "responding"
    assert any("bo has INC-1 now" in each for each in notices(story, "ana"))
    await story.wait(hours=1)
    assert rang(story) == ["ana", "bo"], "nobody is paged any more"


async def test_a_hand_over_that_nobody_answers_goes_back_and_the_asker_is_told(story: Story) -> None:
    await acknowledged(story)
    async with story.unit("ana") as unit:
        await hand_over(unit, "1", "bo")
    await story.wait(minutes=11)
    assert rang(story) == ["ana", "bo", "bo"], "paged again after half the time"
    assert (await engineer(story), (await story.told())[-1]) == ("ana", "HandOverTimedOut")
    assert any("bo did not take INC-1 over" in each for each in notices(story, "ana"))
    assert (await standing(story))["bo"] == "silent"
    late = await story.tap(newest(story, "bo"))
    assert late.status_code == 200
    assert await engineer(story) == "ana", "an answer after the time takes nothing"


async def test_a_hand_over_can_be_declined_or_withdrawn_and_there_is_one_at_a_time(story: Story) -> None:
    await acknowledged(story)
    async with story.unit("ana") as unit:
        await hand_over(unit, "1", "bo")
    with pytest.raises(Conflict, match="bo is asked already"):
        async with story.unit("ana") as unit:
            await hand_over(unit, "1", "cy")
    async with story.unit("bo") as unit:
        await respond(unit, "1", coming=False, reason="On a train.")
    assert (await standing(story))["bo"] == "declined"
    assert any("On a train." in each for each in notices(story, "ana"))
    async with story.unit("ana") as unit:
        await hand_over(unit, "1", "cy")
    asking = next(page for page in await story.pages() if page.state == "running")
    async with story.unit("ana") as unit:
        await withdraw(unit, "1", asking.id)
    assert (await story.told())[-1] == "HandOverWithdrawn"
    with pytest.raises(Conflict, match="Nobody asks you for anything"):
        async with story.unit("cy") as unit:
            await respond(unit, "1", coming=True)
    await story.wait(hours=1)
    assert await engineer(story) == "ana"


async def test_it_is_not_handed_over_before_somebody_has_it_nor_to_whom_nothing_reaches(story: Story) -> None:
    await story.fires("DiskFull")
    with pytest.raises(Conflict, match="Nobody has INC-1 yet"):
        async with story.unit("ana") as unit:
            await hand_over(unit, "1", "bo")
    await story.apply("{kind: Team, name: empty, members: []}", story.person("vera", permission="viewer"))
    async with story.unit("ana") as unit:
        await acknowledge(unit, "1")
    with pytest.raises(Invalid) as refused:
        async with story.unit("ana") as unit:
            await hand_over(unit, "1", "vera")
    assert "may only look" in refused.value.faults[0].rule
    with pytest.raises(Invalid) as refused:
        async with story.unit("ana") as unit:
            await add_responders(unit, "1", ["team:empty"])
    assert "reaches nobody. The team empty has no members." in refused.value.faults[0].rule


async def test_added_responders_are_paged_until_one_of_each_answers(story: Story) -> None:
    await story.apply(TEAM)
    await acknowledged(story)
    async with story.unit("ana") as unit:
        await add_responders(unit, "1", ["team:web"], "Need a second pair of eyes.")
    assert rang(story, 1) == ["bo", "cy"]
    await story.wait(minutes=5)
    assert rang(story, 3) == ["bo", "cy"]
    async with story.unit("bo") as unit:
        await respond(unit, "1", coming=False)
    await story.wait(minutes=5)
    assert rang(story, 5)[-1] == "cy"
    await story.tap(newest(story, "cy"))
    await story.wait(hours=1)
    assert await standing(story) == {"ana": "responding", "cy": "responding", "bo": "declined"}
    assert await engineer(story) == "ana", "responding takes nothing away"
    assert "ResponderJoined" in await story.told()


async def test_everything_wrong_with_whom_to_ask_is_said_at_once(story: Story) -> None:
    await acknowledged(story)
    with pytest.raises(Invalid) as refused:
        async with story.unit("ana") as unit:
            await add_responders(unit, "1", ["crew:web", "person:-x"])
    assert [each.field for each in refused.value.faults] == ["targets.0", "targets.1"]
    with pytest.raises(Invalid) as refused:
        async with story.unit("ana") as unit:
            await add_responders(unit, "1", ["team:nope", "zoe", "policy:none"])
    assert len(refused.value.faults) == 3
    assert len(story.texts) == 1, "nobody is paged by a refusal"


async def test_help_pages_the_next_step_with_my_words(story: Story) -> None:
    await acknowledged(story)
    async with story.unit("ana") as unit:
        await ask_for_help(unit, "1", "The database does not come up.")
    assert rang(story) == ["ana", "bo"]
    assert "ana asks for help with INC-1." in newest(story, "bo").body
    assert "ana: The database does not come up." in newest(story, "bo").body
    await story.wait(minutes=10)
    assert rang(story) == ["ana", "bo", "cy"], "it goes on until somebody comes"
    await story.tap(newest(story, "cy"))
    await story.wait(hours=1)
    assert rang(story) == ["ana", "bo", "cy"]


async def test_a_call_that_nobody_answers_is_told_to_the_caller(story: Story) -> None:
    await acknowledged(story)
    async with story.unit("ana") as unit:
        await ask_for_help(unit, "1", target="bo")
    await story.wait(minutes=16)
    assert rang(story, 1) == ["bo"] * 3
    assert any("Nobody answered your call for INC-1" in notice for notice in notices(story, "ana"))


async def test_the_caller_is_told_whatever_words_the_page_has(story: Story) -> None:
    await acknowledged(story)
    async with story.unit("ana") as unit:
        await ask_for_help(unit, "1", target="bo")
        await unit.conn.execute(
            "UPDATE pages SET why = 'Help is wanted in INC-1: Ana rief um Hilfe.' WHERE purpose = 'help'"
        )
    await story.wait(minutes=16)
    assert any("Nobody answered your call for INC-1" in notice for notice in notices(story, "ana"))
    assert [page.asked_by for page in await story.pages()] == ["", "ana"]


async def test_who_was_asked_is_left_alone_once_it_is_over(story: Story) -> None:
    await acknowledged(story)
    async with story.unit("ana") as unit:
        await add_responders(unit, "1", ["bo"])
        await mitigate(unit, "1")
    await story.wait(minutes=5)
    assert rang(story, 1) == ["bo", "bo"], "mitigated is not over"
    async with story.unit("ana") as unit:
        await resolve(unit, "1")
    await story.wait(hours=1)
    assert rang(story, 1) == ["bo", "bo"]
    with pytest.raises(Conflict, match="INC-1 is over"):
        async with story.unit("ana") as unit:
            await ask_for_help(unit, "1")


async def test_what_comes_back_after_it_was_mitigated_pages_again(story: Story) -> None:
    await acknowledged(story)
    async with story.unit("ana") as unit:
        await mitigate(unit, "1")
    await story.ends("DiskFull")
    await story.wait(minutes=3)
    before = len(story.texts)
    await story.fires("DiskFull")
    assert rang(story, before) == ["ana"]
    assert "It came back: DiskFull happened fires again while INC-1 is mitigated." in story.texts[before].body
    await story.tap(newest(story, "ana"))
    for _ in range(3):
        await story.wait(minutes=4)
        await story.ends("DiskFull")
        await story.wait(minutes=4)
        await story.fires("DiskFull")
    assert len(rang(story, before)) == 1, "at most once in half an hour"


async def test_what_fires_again_while_somebody_has_it_tells_only_them_once_in_a_while(story: Story) -> None:
    await acknowledged(story)
    for minutes in (3, 3, 40):
        await story.ends("DiskFull")
        await story.wait(minutes=minutes)
        await story.fires("DiskFull")
    told = [each for each in notices(story, "ana") if "INC-1: DiskFull happened fires again" in each]
    assert len(told) == 2
    assert rang(story) == ["ana"], "nobody is paged"
    assert (await story.told()).count("AlertFiredAgain") == 3


@pytest.mark.parametrize(("said", "pages_more"), [("note", 0), ("page", 1)])
async def test_the_plan_says_what_follows_when_an_alert_fires_again(story: Story, said: str, pages_more: int) -> None:
    await story.apply(PLAN + f"paging: {{fires_again: {{mitigated: note, acknowledged: {said}}}}}\n")
    await acknowledged(story)
    await story.ends("DiskFull")
    await story.wait(minutes=3)
    await story.fires("DiskFull")
    assert len(story.texts) == 1 + pages_more


async def test_the_forgotten_is_brought_back_again_and_again_until_it_is_mitigated(story: Story) -> None:
    await story.apply(PLAN + "paging: {remind_acknowledged: {critical: 1h}}\n")
    await acknowledged(story, "bo")
    before = len(story.texts)
    await story.wait(hours=1)
    # First whoever has it, then the policy from its beginning.
    assert rang(story, before) == ["bo"]
    await story.wait(minutes=5)
    assert rang(story, before) == ["bo", "ana"]
    await story.tap(newest(story, "bo"))
    await story.wait(minutes=59)
    assert len(rang(story, before)) == 2
    # The second time nobody answers at all; the third reminder follows all the same.
    await story.wait(minutes=40)
    assert rang(story, before)[2:] == ["bo", "ana", "bo", "cy"]
    await story.wait(hours=2)
    assert rang(story, before)[6:7] == ["bo"]
    count = len(rang(story, before))
    async with story.unit("bo") as unit:
        await mitigate(unit, "1")
    await story.wait(hours=6)
    assert len(rang(story, before)) == count


async def test_a_graver_severity_brings_the_reminder_forward(story: Story) -> None:
    await story.apply(PLAN + "paging: {remind_acknowledged: {critical: 30m, low: 4h}}\n")
    await story.fires("DiskFull", severity="low")
    async with story.unit("ana") as unit:
        await acknowledge(unit, "1")
    await story.wait(minutes=10)
    async with story.unit("ana") as unit:
        await set_severity(unit, "1", "critical", "Worse than thought.")
    before = len(story.texts)
    await story.wait(minutes=31)
    assert rang(story, before) == ["ana"]


async def test_escalating_by_hand_where_nobody_is_paged_says_what_helps(story: Story) -> None:
    await acknowledged(story)
    with pytest.raises(Conflict) as refused:
        async with story.unit("ana") as unit:
            await escalate(unit, "1")
    assert "Ask for help" in refused.value.detail
    incident = await story.incident()
    async with story.unit() as unit:
        assert await pages.running(unit.conn, incident.id) == []
