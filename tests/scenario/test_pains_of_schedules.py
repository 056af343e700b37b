"""What users of other pagers suffered with schedules, told once each: clocks that change, rotations that could not be said.

`docs/pains.md` lists every pain with the test that holds it; these are those that no other story tells.
"""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import httpx2
from tests.scenario.story import Story

from muster.oncall import store
from muster.oncall.actions.feeds import make_feed
from muster.oncall.shifts.feed import FeedKind
from muster.people.actions.tokens import create_token

CHICAGO, LONDON, PARIS = ZoneInfo("America/Chicago"), ZoneInfo("Europe/London"), ZoneInfo("Europe/Paris")
PLAN = """
kind: Plan
name: main
time_zone: Europe/London
hours: {business: {days: [mon-fri], from: "08:30", to: "17:30"}}
severities: {critical: {acknowledge_within: 5m}}
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["schedule:rota"], wait: 5m}]}
"""
BY_HOUR = PLAN.replace("[{notify", "[{if: hours.business, notify").replace(
    "5m}]}\n", '5m}, {if: "!hours.business", notify: ["person:cy"], wait: 5m}]}\n'
)
WEEKENDS = "\\n".join(
    (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", "BEGIN:VEVENT", "UID:1", "DTSTAMP:20260101T000000Z",
        "DTSTART;VALUE=DATE:20260103", "DTEND;VALUE=DATE:20260105", "RRULE:FREQ=WEEKLY", "SUMMARY:Weekend",
        "END:VEVENT", "END:VCALENDAR",
    )
)  # fmt: skip


def rota(*layers: str, zone: str = "UTC") -> str:
    """The manifest of a schedule."""
    return f"{{kind: Schedule, name: rota, time_zone: {zone}, layers: [{', '.join(layers)}]}}"


def utc(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant of 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


async def paged(story: Story, *instants: datetime) -> list[str]:
    """Whose phone rings when an alert fires at each of these instants; nobody's is empty."""
    who = []
    for at in instants:
        await story.jump(at)
        since = len(story.texts)
        await story.fires(f"Alert at {at:%m-%d %H:%M}")
        who.append(" ".join(each.phone for each in story.texts[since:] if each.incident))
    return who


class Api:
    """The API with a token of Bo's, a manager."""

    def __init__(self, story: Story, token: str) -> None:
        self.story, self.headers = story, {"authorization": f"Bearer {token}"}

    @classmethod
    async def of(cls, story: Story) -> "Api":
        """Make the token."""
        async with story.unit("bo") as unit:
            return cls(story, (await create_token(unit, "test", ["*"]))[1])

    async def __call__(self, method: str, path: str, body: Any = None, **query: str) -> Any:
        """What the API answers."""
        transport = httpx2.ASGITransport(app=self.story.muster.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://inside", headers=self.headers) as http:
            answer = await http.request(method, f"/api/v1/schedules{path}", json=body, params=query)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def spans(self, start: datetime, end: datetime) -> list[tuple[datetime, datetime, str]]:
        """Who is on call by the rota between two instants: from, to, whom."""
        found = await self("GET", "/rota/coverage", **{"from": start.isoformat(), "to": end.isoformat()})
        return [
            (datetime.fromisoformat(each["start"]), datetime.fromisoformat(each["end"]), " ".join(each["people"]))
            for each in found["spans"]
        ]


async def test_a_schedule_made_by_the_api_has_no_gap_when_clocks_go_back_and_no_overlap_when_they_go_forward(
    story: Story,
) -> None:
    """oncall#5247: an hour of gap in November, an hour of overlap in March."""
    api = await Api.of(story)
    layer = {
        "name": "week",
        "people": ["ana", "bo"],
        "rotate": "weekly",
        "hand_off": "Mon 09:00",
        "start": "2026-03-02",
    }
    await api("POST", "", {"name": "rota", "time_zone": "America/Chicago", "layers": [layer]})
    spans = await api.spans(utc(3, 2, 15), utc(12, 1))
    assert all(before[1] == after[0] for before, after in pairwise(spans))
    assert [each[2] for each in spans] == [("ana", "bo")[number % 2] for number in range(len(spans))]
    handed = [each[0].astimezone(CHICAGO) for each in spans]
    assert {(at.weekday(), at.hour, at.minute) for at in handed} == {(0, 9, 0)}
    assert {at.utcoffset() for at in handed} == {timedelta(hours=-6), timedelta(hours=-5)}
    lengths = {end - start for start, end, _ in spans[:-1]}
    assert lengths == {timedelta(hours=167), timedelta(hours=168), timedelta(hours=169)}


async def test_a_shift_over_both_changes_of_the_clocks_is_neither_cut_nor_moved(story: Story) -> None:
    """oncall#5455: a shift that began before a change of the clocks ended an hour early."""
    api = await Api.of(story)
    year = {"name": "year", "people": ["ana", "bo"], "rotate": "monthly", "every": 9, "hand_off": "1 09:00"}
    await api("POST", "", {"name": "rota", "time_zone": "America/Chicago", "layers": [{**year, "start": "2026-03-01"}]})
    begins, ends = (datetime(2026, month, 1, 9, tzinfo=CHICAGO) for month in (3, 12))
    assert await api.spans(utc(3, 2, 15), ends.astimezone(UTC) + timedelta(hours=1)) == [
        (utc(3, 2, 15), ends, "ana"),
        (ends, ends + timedelta(hours=1), "bo"),
    ]
    for start, end in ((begins + timedelta(days=2), ends), (utc(3, 7, 15), utc(3, 9, 15)), (utc(10, 31), utc(11, 2))):
        wanted = {"person": "cy", "start": start.isoformat(), "end": end.isoformat()}
        made = await api("POST", "/rota/overrides", wanted)
        assert (datetime.fromisoformat(made["start"]), datetime.fromisoformat(made["end"])) == (start, end)
        inside = await api.spans(start.astimezone(UTC), end.astimezone(UTC))
        assert inside == [(start, end, "cy")]
        await api("DELETE", f"/rota/overrides/{made['id']}")


async def test_working_hours_stay_where_they_are_when_summer_time_begins_and_so_do_the_plan_s(story: Story) -> None:
    """oncall#3261: after the change all schedules, and escalation steps by the hour, were an hour off until made anew."""
    day = '{name: day, people: [ana], rotate: daily, hand_off: "08:30", start: 2026-03-02,' \
          ' restrictions: [{days: Mon-Fri, from: "08:30", to: "17:30"}]}'  # fmt: skip
    await story.apply(rota(day, zone="Europe/London"), BY_HOUR)
    winter, summer = utc(3, 27), utc(3, 30)
    assert (
        await paged(
            story,
            *(
                winter + timedelta(hours=hours, minutes=minutes)
                for hours, minutes in ((8, 29), (8, 30), (17, 29), (17, 30))
            ),
            *(
                summer + timedelta(hours=hours, minutes=minutes)
                for hours, minutes in ((7, 29), (7, 30), (16, 29), (16, 30))
            ),
        )
        == ["cy", "ana", "ana", "cy"] * 2
    )


async def test_a_daily_shift_in_another_zone_reads_back_as_entered_and_each_day_has_its_one(story: Story) -> None:
    """oncall#4197: daily shifts outside of UTC put everybody on call every day; overrides came back at other times."""
    api = await Api.of(story)
    layer = {
        "name": "day", "people": ["ana", "bo"], "rotate": "daily", "hand_off": "08:00", "start": "2026-03-02",
        "restrictions": [{"days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "from": "08:00", "to": "18:00"}],
    }  # fmt: skip
    entered = {"name": "rota", "time_zone": "Europe/Paris", "layers": [layer]}
    saved = await api("POST", "", entered)
    shown = (await api("GET", "/rota"))["definition"]
    assert shown["time_zone"] == entered["time_zone"]
    assert shown["layers"] == entered["layers"]
    assert (await api("PUT", "/rota", shown))["version"] == saved["version"], "what is read back is what was entered"
    await story.apply(PLAN)
    days = [datetime(2026, 3, day, 12, tzinfo=PARIS) for day in (3, 4, 5, 6, 9, 10)]
    assert await paged(story, *days) == ["bo", "ana", "bo", "ana", "bo", "ana"]
    edges = [datetime(2026, 3, 11, hour, minute, tzinfo=PARIS) for hour, minute in ((7, 59), (8, 0), (17, 59), (18, 0))]
    assert await paged(story, *edges) == ["", "bo", "bo", ""]
    wanted = {"person": "cy", "start": "2026-03-12T20:30:00+05:30", "end": "2026-03-12T22:00:00+05:30"}
    made = await api("POST", "/rota/overrides", wanted)
    assert [datetime.fromisoformat(made[edge]) for edge in ("start", "end")] == [utc(3, 12, 15), utc(3, 12, 16, 30)]
    assert await paged(story, utc(3, 12, 14, 59), utc(3, 12, 15)) == ["ana", "cy"]


async def test_a_rotation_over_working_days_gives_each_of_fourteen_people_their_day(story: Story) -> None:
    """goalert#55, goalert#4447: with weekends left out, four of fourteen people never had a shift."""
    crew = [f"p{number:02}" for number in range(1, 15)]
    weekends = f'{{kind: Calendar, name: weekends, entries: holidays, text: "{WEEKENDS}\\n"}}'
    layer = f'{{name: days, people: [{", ".join(crew)}], rotate: daily, hand_off: "00:00", start: 2026-03-02, ' \
            "holidays: {calendar: weekends, rule: skipped}}"  # fmt: skip
    await story.apply(*(story.person(name) for name in crew), weekends, rota(layer), PLAN)
    found = []
    async with story.muster.database.read() as conn:
        for day in range(28):
            at = utc(3, 2, 10) + timedelta(days=day)
            people = (await store.coverage_at(conn, ["rota"], at))["rota"].people
            assert bool(people) == (at.weekday() < 5)
            found += people
    assert found == [*crew, *crew[:6]]
    assert await paged(story, utc(3, 6, 12), utc(3, 7, 12), utc(3, 9, 12)) == ["p05", "", "p06"]


async def test_a_rotation_passes_on_the_first_of_the_month(story: Story) -> None:
    """goalert#3196: there were hourly, daily and weekly rotations, and no monthly one."""
    layer = '{name: month, people: [ana, bo, cy], rotate: monthly, hand_off: "1 09:00", start: 2026-02-01}'
    await story.apply(rota(layer, zone="Europe/London"), PLAN)
    instants = (utc(3, 31, 23), utc(4, 1, 7, 59), utc(4, 1, 8), utc(5, 1, 7, 59), utc(5, 1, 8))
    assert await paged(story, *instants) == ["bo", "bo", "cy", "cy", "ana"]


async def test_every_other_week_can_be_off(story: Story) -> None:
    """goalert#3049: a rotation that is on only every other week needed people who were none."""
    layer = '{name: week, people: [ana, off, bo, off], rotate: weekly, hand_off: "Mon 09:00", start: 2026-03-02}'
    await story.apply(rota(layer), PLAN)
    instants = [utc(3, 9, 8, 59), *(utc(3, 2, 9) + timedelta(weeks=week) for week in range(1, 5))]
    assert await paged(story, *instants) == ["ana", "", "bo", "", "ana"]


async def test_who_joins_and_leaves_later_is_entered_today_and_moves_no_turn_before(story: Story) -> None:
    """goalert#2196: people had to be added and removed at the very hand-off, by hand."""
    people = "[ana, {person: bo, until: 2026-03-22}, {person: cy, from: 2026-03-16}]"
    await story.apply(
        rota(f'{{name: week, people: {people}, rotate: weekly, hand_off: "Mon 09:00", start: 2026-03-02}}'), PLAN
    )
    instants = [utc(3, 2, 9) + timedelta(weeks=week) for week in range(7)]
    assert await paged(story, *instants) == ["ana", "bo", "cy", "ana", "cy", "ana", "cy"]


async def test_four_days_and_three_days_of_a_week_are_one_schedule(story: Story) -> None:
    """goalert#1138: Sunday to Wednesday and Thursday to Saturday by turns took two schedules, seen apart."""
    early = '{name: early, people: [ana, bo, cy], rotate: weekly, hand_off: "Sun 00:00", start: 2026-03-01,' \
            ' restrictions: [{from: "Sun 00:00", to: "Thu 00:00"}]}'  # fmt: skip
    late = '{name: late, people: [bo, cy, ana], rotate: weekly, hand_off: "Sun 00:00", start: 2026-03-01,' \
           ' restrictions: [{from: "Thu 00:00", to: "Sun 00:00"}]}'  # fmt: skip
    await story.apply(rota(early, late), PLAN)
    instants = (utc(3, 4, 23, 59), utc(3, 5), utc(3, 7, 23, 59), utc(3, 8), utc(3, 12), utc(3, 15))
    assert await paged(story, *instants) == ["ana", "bo", "bo", "bo", "cy", "cy"]
    async with story.muster.database.read() as conn:
        rosters = await store.coverage_at(conn, ["rota"], utc(3, 12))
    assert rosters["rota"].reason.name == "late"


async def test_whoever_does_not_even_take_turns_follows_a_whole_team_in_their_calendar(story: Story) -> None:
    """goalert#3061: a calendar link held one's own shifts only."""
    layer = '{name: week, people: [ana, bo], rotate: weekly, hand_off: "Mon 09:00", start: 2026-03-02}'
    viewer = json.loads(story.person("vi")) | {"permission": "viewer"}
    await story.apply(json.dumps(viewer), '{kind: Team, name: web, members: ["ana", "bo"]}', rota(layer))
    async with story.unit("vi") as unit:
        _, secret = await make_feed(unit, FeedKind.TEAM, "web")
    transport = httpx2.ASGITransport(app=story.muster.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://inside") as http:
        shown = (await http.get(f"/feeds/{secret}.ics")).text
    events = [each.split("\r\n") for each in shown.split("BEGIN:VEVENT")[1:]]
    begins = {
        fields["DTSTART"]: fields["SUMMARY"]
        for fields in (dict(line.split(":", 1) for line in each if ":" in line) for each in events)
    }
    assert "ana" in begins["20260316T090000Z"]
    assert "bo" in begins["20260309T090000Z"]
