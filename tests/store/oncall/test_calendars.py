"""Calendars in the database: read from real servers, kept while those fail, followed by schedules, never rewritten."""

from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from tests.conftest import MovableClock
from tests.doubles.http_sink import HttpSink, Received, Reply
from tests.store.oncall.conftest import ActingAs
from tests.unit.oncall.test_reference import EXAMPLES, SCHEDULES

from muster.base.db.database import Database
from muster.base.http import Http
from muster.base.work.runner import Runner
from muster.kit.errors import Conflict, Denied, Invalid
from muster.oncall import store
from muster.oncall.actions import calendars, schedules
from muster.oncall.actions.apply import apply_calendars, apply_schedules
from muster.oncall.actions.findings import findings_of, roster_of
from muster.oncall.calendars.draft import read_calendar_draft
from muster.oncall.checks.finding import FindingKind
from muster.oncall.jobs import handlers
from muster.oncall.schedules.draft import read_schedule
from muster.people.actions.persons import create_person
from muster.people.drafts import PersonDraft

DAY = timedelta(days=1)
NAME = "platform-primary"


def ics(*events: str) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for number, event in enumerate(events):
        lines += ["BEGIN:VEVENT", f"UID:{number}", *event.split(";;"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""])


HOLIDAY = "DTSTART;VALUE=DATE:20260309;;SUMMARY:Women's day"
SHIFT = "DTSTART:20260302T090000Z;;DTEND:20260310T090000Z;;SUMMARY:On call;;ATTENDEE:mailto:ana@contoso.example"
STRANGER = "DTSTART:20260312T090000Z;;DTEND:20260313T090000Z;;SUMMARY:Zed"


def draft(name: str, entries: str, **source: str) -> Any:
    return read_calendar_draft({"name": name, "entries": entries, **source})


def closed_on(calendar: str) -> Any:
    layer = {
        "name": "weekly", "people": ["ana"], "rotate": "weekly", "hand_off": "Mon 09:00", "start": "2026-01-05",
        "holidays": {"calendar": calendar, "rule": "closed"},
    }  # fmt: skip
    return read_schedule({"name": NAME, "time_zone": "UTC", "layers": [layer]})


def imported(calendar: str) -> Any:
    return read_schedule({"name": NAME, "time_zone": "UTC", "layers": [{"name": "team", "calendar": calendar}]})


async def people_at(acting_as: ActingAs, instant: Any) -> tuple[str, ...]:
    async with acting_as("vi") as unit:
        return (await store.coverage_at(unit.conn, [NAME], instant))[NAME].people


async def refresh(database: Database) -> None:
    http = Http(allow_private=True)
    await Runner(database, "node", handlers(http)).drain()
    await http.close()


async def test_a_schedule_closes_on_the_holidays_of_a_text(acting_as: ActingAs, clock: MovableClock) -> None:
    async with acting_as("bo") as unit:
        await calendars.create_calendar(unit, draft("se", "holidays", text=ics(HOLIDAY)))
        await schedules.create_schedule(unit, closed_on("se"))
    assert await people_at(acting_as, clock.now() + 6 * DAY) == ("ana",)
    assert await people_at(acting_as, clock.now() + 7 * DAY) == ()


async def test_only_managers_change_calendars_and_everybody_sees_them(acting_as: ActingAs) -> None:
    with pytest.raises(Denied):
        async with acting_as("ana") as unit:
            await calendars.create_calendar(unit, draft("se", "holidays", text=ics(HOLIDAY)))
    async with acting_as("bo") as unit:
        await calendars.create_calendar(unit, draft("se", "holidays", text=ics(HOLIDAY)))
        await unit.write_gathered()
        kinds = [row["kind"] for row in await unit.conn.fetch("SELECT kind FROM ledger WHERE stream LIKE 'calendar:%'")]
    assert kinds == ["CalendarCreated", "CalendarRead"]


async def test_an_address_is_read_asked_again_and_survives_failures(
    acting_as: ActingAs, database: Database, clock: MovableClock
) -> None:
    def answer(received: Received) -> Reply:
        if received.headers.get("if-none-match") == '"1"':
            return Reply(304, b"")
        return Reply(200, ics(SHIFT, STRANGER).encode(), {"etag": '"1"'})

    async with HttpSink(answer) as sink:
        async with acting_as("bo") as unit:
            await calendars.create_calendar(unit, draft("team", "shifts", url=f"{sink.url}/secret.ics"))
            await schedules.create_schedule(unit, imported("team"))
        await refresh(database)
        assert await people_at(acting_as, clock.now() + DAY) == ("ana",)
        clock.move(timedelta(hours=2))
        await refresh(database)
        assert [each.headers.get("if-none-match") for each in sink.requests] == [None, '"1"']
        sink.answer = Reply(500, b"out of order")
        clock.move(timedelta(hours=2))
        await refresh(database)
        clock.move(timedelta(hours=2))
        await refresh(database)
    async with acting_as("bo") as unit:
        stored = await calendars.existing_calendar(unit.conn, "team")
        assert stored.failure == "127.0.0.1 answered 500: out of order."
        assert stored.failed_since == clock.now() - timedelta(hours=2)
        failures = await unit.conn.fetch("SELECT FROM ledger WHERE kind = 'CalendarFailed'")
        assert len(failures) == 1, "a failure is recorded when it begins, not every hour"
        roster = await roster_of(unit.conn, NAME, clock.now(), clock.now() + 20 * DAY)
        found = {
            each.kind: each.sentence
            for each in await findings_of(unit.conn, roster, clock.now(), clock.now() + 20 * DAY)
        }
        assert "could not be refreshed since 2026-03-02 13:00 UTC" in found[FindingKind.STALE_CALENDAR]
        assert found[FindingKind.UNMATCHED_SHIFT].startswith("The shift “Zed” of team names nobody whom Muster knows")
    assert await people_at(acting_as, clock.now() + DAY) == ("ana",), "what was read before stays"


async def test_a_private_address_is_not_fetched(acting_as: ActingAs, database: Database) -> None:
    async with acting_as("bo") as unit:
        await calendars.create_calendar(unit, draft("inside", "shifts", url="http://127.0.0.1:1/x.ics"))
    await Runner(database, "node", handlers(Http())).drain()
    async with acting_as("bo") as unit:
        assert (await calendars.existing_calendar(unit.conn, "inside")).failure


async def test_a_calendar_that_changes_never_rewrites_who_was_on_call(acting_as: ActingAs, clock: MovableClock) -> None:
    async with acting_as("bo") as unit:
        await calendars.create_calendar(unit, draft("se", "holidays", text=ics(HOLIDAY)))
        await schedules.create_schedule(unit, closed_on("se"))
    holiday = clock.now() + 7 * DAY
    clock.move(10 * DAY)
    async with acting_as("bo") as unit:
        changed = "DTSTART;VALUE=DATE:20260316;;SUMMARY:Another day"
        await calendars.change_calendar(unit, "se", draft("se", "holidays", text=ics(changed)))
    assert await people_at(acting_as, holiday) == ()
    assert await people_at(acting_as, clock.now() + 4 * DAY) == ()
    async with acting_as("vi") as unit:
        content = (await store.contents_now(unit.conn, ["se"], clock.now()))["se"]
    assert list(content.days) == [date(2026, 3, 9), date(2026, 3, 16)], "a past holiday stays counted"


async def test_a_calendar_in_use_is_not_deleted_and_says_by_what(acting_as: ActingAs) -> None:
    async with acting_as("bo") as unit:
        await calendars.create_calendar(unit, draft("se", "holidays", text=ics(HOLIDAY)))
        await schedules.create_schedule(unit, closed_on("se"))
    with pytest.raises(Conflict, match="Take it out of platform-primary first"):
        async with acting_as("bo") as unit:
            await calendars.delete_calendar(unit, "se")
    async with acting_as("bo") as unit:
        await schedules.delete_schedule(unit, NAME)
        await calendars.delete_calendar(unit, "se")
        assert await store.calendar_named(unit.conn, "se") is None
        again = await calendars.create_calendar(unit, draft("se", "shifts", text=ics(SHIFT)))
        assert again.kind == "shifts"


async def test_schedules_are_refused_that_name_no_calendar_or_one_of_the_wrong_kind(acting_as: ActingAs) -> None:
    async with acting_as("bo") as unit:
        await calendars.create_calendar(unit, draft("team", "shifts", text=ics(SHIFT)))
    for schedule, said in ((closed_on("team"), "holds shifts"), (imported("taem"), "There is no calendar `taem`")):
        with pytest.raises(Invalid) as refused:
            async with acting_as("bo") as unit:
                await schedules.create_schedule(unit, schedule)
        assert said in refused.value.faults[0].rule


async def test_applying_a_calendar_twice_changes_nothing(acting_as: ActingAs) -> None:
    wanted = [draft("se", "holidays", text=ics(HOLIDAY), title="Sweden")]
    async with acting_as("muster") as unit:
        (created,) = await apply_calendars(unit, wanted)
        (unchanged,) = await apply_calendars(unit, wanted)
        (changed,) = await apply_calendars(unit, [draft("se", "holidays", text=ics(HOLIDAY))])
    assert [each.outcome for each in (created, unchanged, changed)] == ["created", "unchanged", "changed"]
    assert changed.changes == ["title: Sweden → none"]


async def test_the_database_itself_refuses_to_rewrite_what_a_calendar_said(
    acting_as: ActingAs, database: Database
) -> None:
    async with acting_as("bo") as unit:
        await calendars.create_calendar(unit, draft("se", "holidays", text=ics(HOLIDAY)))
    for statement in ("UPDATE calendar_versions SET number = 7", "DELETE FROM calendar_versions"):
        with pytest.raises(asyncpg.PostgresError):
            async with database.read() as conn:
                await conn.execute(statement)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"entries": "birthdays"}, "entries"),
        ({"text": ""}, "url"),
        ({"url": "https://contoso.example/a.ics"}, "url"),
        ({"text": "", "url": "ftp://contoso.example/a.ics"}, "url"),
        ({"name": "A B"}, "name"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_bad_calendar_is_refused_at_its_field(changes: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_calendar_draft({"kind": "Calendar", "name": "se", "entries": "holidays", "text": ics(HOLIDAY), **changes})
    assert [each.field for each in refused.value.faults] == [field]


async def test_every_example_of_the_reference_applies(acting_as: ActingAs) -> None:
    async with acting_as("muster") as unit:
        for name in ("cy", "dee", "eve", "fin"):
            await create_person(
                unit,
                PersonDraft(
                    name=name,
                    email=f"{name}@contoso.example",
                    full_name=name.title(),
                    time_zone="UTC",
                    permission="viewer",
                ),
            )
        await apply_calendars(unit, [draft("team", "shifts", text=ics(SHIFT))])
        await apply_calendars(unit, [read_calendar_draft(each) for each in EXAMPLES if each.get("kind") == "Calendar"])
        applied = await apply_schedules(unit, [read_schedule(each) for each in SCHEDULES.values()])
        again = await apply_schedules(unit, [read_schedule(each) for each in SCHEDULES.values()])
    assert {each.outcome for each in applied} == {"created"}
    assert {each.outcome for each in again} == {"unchanged"}
