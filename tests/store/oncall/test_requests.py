"""Swaps and cover in the database: nothing without the other's consent, one who accepts, an answer that is final."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from tests.conftest import MovableClock
from tests.store.oncall.conftest import ActingAs
from tests.store.oncall.test_schedules import HOUR, NAME, on_call, weekly

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.http import Http
from muster.base.work import Runner
from muster.kit.errors import Conflict, Denied, Invalid
from muster.oncall.actions import overrides, schedules, swaps
from muster.oncall.events import EVENTS
from muster.oncall.happenings import ShiftNotice
from muster.oncall.jobs import handlers
from muster.oncall.schedules.override import OverrideDraft
from muster.oncall.shifts.requests import RequestDraft, RequestState
from muster.oncall.store import request_rows
from muster.people.actions.persons import create_person, deactivate_person
from muster.people.drafts import PersonDraft

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
async def told(database: Database) -> list[ShiftNotice]:
    """What people are told, in order."""
    heard: list[ShiftNotice] = []

    async def hear(unit: Any, notice: ShiftNotice) -> None:
        heard.append(notice)

    database.bus.subscribe(ShiftNotice, hear)
    return heard


@pytest.fixture
async def shifts(acting_as: ActingAs, database: Database) -> list[tuple[datetime, datetime]]:
    """The turns of ana, cy, dee, ana … of a weekly schedule, from Monday 9 March; cy and dee are responders."""
    async with database.unit(SYSTEM) as unit:
        for name in ("cy", "dee"):
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
    async with acting_as("bo") as unit:
        await schedules.create_schedule(unit, weekly("ana", "cy", "dee"))
    # Turns are counted from 5 January: the week of 2 March is dee's, that of 9 March ana's.
    first = datetime.fromisoformat("2026-03-09T08:00:00+00:00")
    return [(first + number * WEEK, first + (number + 1) * WEEK) for number in range(3)]


async def state_of(acting_as: ActingAs, id: Any) -> RequestState:
    async with acting_as("vi") as unit:
        found = await request_rows.request(unit.conn, id)
        assert found
        return found.state


async def test_a_swap_changes_nothing_until_the_other_agrees_and_then_both_times(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]], told: list[ShiftNotice]
) -> None:
    async with acting_as("ana") as unit:
        made = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], shifts[1], "cy", "a wedding"))
    assert [(each.person, each.title) for each in told] == [("cy", f"ana asks you to swap a shift on {NAME}")]
    assert "a wedding" in told[0].body
    assert await on_call(acting_as, shifts[0][0]) == ("ana",)
    async with acting_as("cy") as unit:
        done = await swaps.accept(unit, made.id)
    assert (done.state, done.accepted_by, len(done.overrides)) == (RequestState.ACCEPTED, "cy", 2)
    assert [await on_call(acting_as, begins) for begins, _ in shifts] == [("cy",), ("ana",), ("dee",)]
    assert await on_call(acting_as, shifts[0][1] - timedelta(seconds=1)) == ("cy",)
    assert [each.person for each in told[1:]] == ["ana"]


async def test_the_first_who_accepts_a_cover_has_it_and_the_others_are_told(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]], told: list[ShiftNotice]
) -> None:
    async with acting_as("ana") as unit:
        made = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], None, None))
        assert [each.person for each in made.asked] == ["cy", "dee"]

    async def accept(name: str) -> str:
        try:
            async with acting_as(name) as unit:
                await swaps.accept(unit, made.id)
        except Conflict as problem:
            return problem.detail
        return "accepted"

    said = await asyncio.gather(accept("cy"), accept("dee"))
    winner, loser = ("cy", "dee") if said[0] == "accepted" else ("dee", "cy")
    assert sorted(said) == sorted(["accepted", f"{winner} accepted it."])
    assert await on_call(acting_as, shifts[0][0]) == (winner,)
    assert {each.person for each in told[2:]} == {"ana", loser}
    assert all(winner in each.body for each in told[2:])


async def test_a_request_ends_when_everybody_has_declined_and_not_before(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]], told: list[ShiftNotice]
) -> None:
    async with acting_as("ana") as unit:
        made = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], None, None))
    async with acting_as("cy") as unit:
        assert (await swaps.decline(unit, made.id, "on a boat")).state is RequestState.OPEN
        with pytest.raises(Denied, match="You declined this request already"):
            await swaps.accept(unit, made.id)
    async with acting_as("dee") as unit:
        assert (await swaps.decline(unit, made.id)).state is RequestState.DECLINED
    assert [each.person for each in told] == ["cy", "dee", "ana"]
    assert await on_call(acting_as, shifts[0][0]) == ("ana",)


async def test_only_those_involved_may_act_and_the_others_are_told_why(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]]
) -> None:
    async with acting_as("ana") as unit:
        made = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], shifts[1], "cy"))
    for name, verb, said in (
        ("dee", swaps.accept, "Only those who were asked can agree: cy"),
        ("bo", swaps.accept, "Only those who were asked can agree: cy"),
        ("ana", swaps.accept, "Nobody accepts their own request"),
        ("dee", swaps.decline, "Only those who were asked"),
        ("dee", swaps.withdraw, "Only ana, who asked, or a manager"),
        ("vi", swaps.accept, "needs the level responder"),
    ):
        with pytest.raises(Denied) as refused:
            async with acting_as(name) as unit:
                await verb(unit, made.id)
        assert said in refused.value.detail
    with pytest.raises(Denied, match="Only a person asks"):
        async with acting_as("muster") as unit:
            await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], None, None))
    async with acting_as("bo") as unit:
        assert (await swaps.withdraw(unit, made.id)).state is RequestState.WITHDRAWN


async def test_what_cannot_be_given_cannot_be_asked(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]], clock: MovableClock
) -> None:
    late = (shifts[0][0], shifts[1][0] + HOUR)
    for mine, theirs, other, said in (
        (late, None, None, "ana is not on call for all of this time: cy is for some of it."),
        (shifts[1], None, "cy", "ana is not on call for all"),
        (shifts[0], shifts[2], "cy", "cy is not on call for all"),
        (shifts[0], late, "cy", "The two times overlap."),
        (shifts[0], shifts[1], None, "A swap names one person."),
        (shifts[0], None, "ana", "You cannot ask yourself."),
        (shifts[0], None, "vi", "needs the level responder"),
        (shifts[0], None, "zo", "There is no person `zo`."),
        ((clock.now() - DAY, clock.now()), None, None, "would have ended already"),
    ):
        with pytest.raises(Invalid) as refused:
            async with acting_as("ana") as unit:
                await swaps.ask_swap(unit, NAME, RequestDraft(mine, theirs, other))
        assert any(said in fault.rule for fault in refused.value.faults), refused.value.faults
    async with acting_as("ana") as unit:
        await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], None, None))
        with pytest.raises(Conflict, match="asked for this time already"):
            await swaps.ask_swap(unit, NAME, RequestDraft((shifts[0][0] + HOUR, shifts[0][1]), None, "cy"))


async def test_acceptance_looks_again_at_what_has_changed_since(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]], database: Database
) -> None:
    async with acting_as("ana") as unit:
        swap = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], shifts[1], "cy"))
    async with acting_as("bo") as unit:
        put = await overrides.add_override(unit, NAME, OverrideDraft("bo", shifts[1][0], shifts[1][0] + HOUR))
    with pytest.raises(Conflict, match="cy is not on call for all of this time: bo"):
        async with acting_as("cy") as unit:
            await swaps.accept(unit, swap.id)
    async with acting_as("bo") as unit:
        await overrides.remove_override(unit, NAME, put.id)
        await schedules.update_schedule(unit, NAME, weekly("cy", "dee"))
    async with database.unit(SYSTEM) as unit:
        await deactivate_person(unit, "ana")
    with pytest.raises(Conflict, match="ana has left"):
        async with acting_as("cy") as unit:
            await swaps.accept(unit, swap.id)


async def test_a_request_expires_at_the_start_of_the_shift_even_across_a_restart(
    acting_as: ActingAs,
    shifts: list[tuple[datetime, datetime]],
    clock: MovableClock,
    database: Database,
    told: list[ShiftNotice],
) -> None:
    async with acting_as("ana") as unit:
        made = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], None, "cy"))
    clock.move(shifts[0][0] - clock.now())
    with pytest.raises(Conflict, match="expired"):
        async with acting_as("cy") as unit:
            await swaps.accept(unit, made.id)
    runner = Runner(database, "another-node", handlers(Http()))
    await runner.drain()
    assert await state_of(acting_as, made.id) is RequestState.EXPIRED
    assert [each.person for each in told] == ["cy", "ana"]
    assert "still yours" in told[1].body


async def test_of_a_running_shift_the_rest_can_be_covered(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]], clock: MovableClock
) -> None:
    clock.move(shifts[0][0] + DAY - clock.now())
    async with acting_as("ana") as unit:
        made = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], None, "cy", "a fever"))
    assert (made.mine, made.expires_at) == ((clock.now(), shifts[0][1]), shifts[0][1])
    clock.move(2 * HOUR)
    async with acting_as("cy") as unit:
        await swaps.accept(unit, made.id)
    assert await on_call(acting_as, clock.now() - HOUR) == ("ana",)
    assert await on_call(acting_as, clock.now()) == ("cy",)


async def test_an_agreed_cover_is_undone_by_whom_it_gives_the_time_back_and_a_promise_is_kept(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]], clock: MovableClock
) -> None:
    async with acting_as("ana") as unit:
        made = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], None, "cy"))
    async with acting_as("cy") as unit:
        done = await swaps.accept(unit, made.id)
    with pytest.raises(Conflict, match="Undo the cover instead"):
        async with acting_as("cy") as unit:
            await overrides.remove_override(unit, NAME, done.overrides[0])
    clock.move(HOUR)
    with pytest.raises(Denied, match="ana relies on it by now"):
        async with acting_as("cy") as unit:
            await swaps.undo(unit, made.id)
    async with acting_as("ana") as unit:
        assert (await swaps.undo(unit, made.id, "back early")).state is RequestState.UNDONE
    assert await on_call(acting_as, shifts[0][0]) == ("ana",)
    with pytest.raises(Conflict, match="nothing to undo"):
        async with acting_as("bo") as unit:
            await swaps.undo(unit, made.id)


async def test_a_thumb_that_slipped_is_forgiven(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]], clock: MovableClock
) -> None:
    async with acting_as("ana") as unit:
        made = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], shifts[1], "cy"))
    async with acting_as("cy") as unit:
        await swaps.accept(unit, made.id)
    clock.move(timedelta(minutes=5))
    async with acting_as("cy") as unit:
        await swaps.undo(unit, made.id)
    assert [await on_call(acting_as, begins) for begins, _ in shifts] == [("ana",), ("cy",), ("dee",)]


async def test_the_database_itself_keeps_answers_final(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]], database: Database
) -> None:
    async with acting_as("ana") as unit:
        made = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], shifts[1], "cy"))
    async with acting_as("cy") as unit:
        await swaps.decline(unit, made.id)
    for statement in (
        "UPDATE shift_requests SET state = 'open', ended_at = NULL",
        "UPDATE shift_requests SET state = 'accepted', accepter_id = asker_id, accepted_at = asked_at",
        "UPDATE shift_requests SET end_at = end_at + interval '1 day'",
        "DELETE FROM shift_requests",
    ):
        with pytest.raises(asyncpg.PostgresError):
            async with database.read() as conn:
                await conn.execute(statement)


async def test_every_answer_is_recorded_with_a_documented_event(
    acting_as: ActingAs, shifts: list[tuple[datetime, datetime]]
) -> None:
    async with acting_as("ana") as unit:
        first = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], None, "cy"))
        await swaps.withdraw(unit, first.id)
        second = await swaps.ask_swap(unit, NAME, RequestDraft(shifts[0], None, "cy"))
    async with acting_as("cy") as unit:
        await swaps.accept(unit, second.id)
        await swaps.undo(unit, second.id)
        await unit.write_gathered()
        rows = await unit.conn.fetch(
            "SELECT kind, data FROM ledger WHERE stream LIKE 'schedule:%' AND kind LIKE 'Shift%' ORDER BY position"
        )
    kinds = [row["kind"] for row in rows]
    assert kinds == [
        "ShiftRequested", "ShiftRequestWithdrawn", "ShiftRequested", "ShiftRequestAccepted", "ShiftRequestUndone",
    ]  # fmt: skip
    assert set(kinds) <= set(map(str, EVENTS))
