"""Requests, one's own shifts, hand-off notes, feeds, fairness and the report for pay over HTTP."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from icalendar import Calendar
from tests.api.oncall.conftest import PRIMARY, definition
from tests.conftest import MovableClock

from muster.base.db.database import Database
from muster.oncall import store
from muster.oncall.shifts.feed import window
from muster.oncall.shifts.shift import shifts_by

ANA, BO, VI = ({"x-name": name} for name in ("ana", "bo", "vi"))
NOTES = f"{PRIMARY}/handoff-notes"
ANAS = {"start": "2026-03-16T08:00:00Z", "end": "2026-03-23T08:00:00Z"}
BOS = {"their_start": "2026-03-23T08:00:00Z", "their_end": "2026-03-30T07:00:00Z"}


async def test_a_swap_is_asked_accepted_and_undone(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    asked = {"kind": "swap", "schedule": "platform-primary", "other": "bo", "note": "a wedding", **ANAS, **BOS}
    made = await client.post("/api/v1/requests", json=asked, headers=ANA)
    assert (made.status_code, made.json()["state"]) == (201, "open")
    here = f"/api/v1/requests/{made.json()['id']}"
    assert (await client.post(f"{here}/accept", headers=ANA)).status_code == 403
    accepted = (await client.post(f"{here}/accept", headers=BO)).json()
    assert (accepted["state"], accepted["accepted_by"], len(accepted["overrides"])) == ("accepted", "bo", 2)
    listed = (await client.get("/api/v1/requests", params={"mine": True, "state": "accepted"}, headers=ANA)).json()
    assert [each["id"] for each in listed["items"]] == [made.json()["id"]]
    swapped = (await client.get(f"{PRIMARY}/on-call", params={"at": ANAS["start"]})).json()
    assert swapped["people"] == ["bo"]
    assert "Swap with ana: a wedding" in swapped["reason"]["sentence"]
    assert (await client.post(f"{here}/undo", headers=BO)).json()["state"] == "undone"
    assert (await client.get(here, headers=VI)).json()["state"] == "undone"
    assert (await client.get("/api/v1/requests/0192d3a4-0000-7000-8000-000000000000")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "swap"}, "A swap says which time you would take."),
        (BOS, "Cover gives no time back."),
        ({"other": "zo"}, "There is no person `zo`."),
        ({"start": "2026-03-09T08:00:00Z"}, "ana is not on call for all of this time: bo is for some of it."),
    ],
)
async def test_a_request_that_makes_no_sense_says_why(
    client: httpx2.AsyncClient, primary: dict[str, Any], changes: dict[str, Any], said: str
) -> None:
    asked = {"schedule": "platform-primary", **ANAS, **changes}
    refused = await client.post("/api/v1/requests", json=asked, headers=ANA)
    assert refused.status_code == 422
    assert [fault["rule"] for fault in refused.json()["faults"]] == [said]


async def test_cover_is_declined_with_a_reason_and_withdrawn(
    client: httpx2.AsyncClient, primary: dict[str, Any]
) -> None:
    asked = {"schedule": "platform-primary", **ANAS}
    made = (await client.post("/api/v1/requests", json=asked, headers=ANA)).json()
    assert [each["person"] for each in made["asked"]] == ["bo"]
    declined = await client.post(f"/api/v1/requests/{made['id']}/decline", json={"reason": "a boat"}, headers=BO)
    assert (declined.json()["state"], declined.json()["reason"]) == ("declined", "a boat")
    again = (await client.post("/api/v1/requests", json=asked, headers=ANA)).json()
    assert (await client.post(f"/api/v1/requests/{again['id']}/withdraw", headers=ANA)).json()["state"] == "withdrawn"


async def test_my_shifts_are_mine_and_a_running_one_keeps_its_beginning(
    client: httpx2.AsyncClient, primary: dict[str, Any], clock: MovableClock
) -> None:
    clock.move(timedelta(days=1))
    found = (await client.get("/api/v1/me/shifts", headers=ANA)).json()["items"]
    assert (found[0]["start"], found[0]["end"], found[0]["runs"]) == (
        "2026-03-02T09:00:00Z",
        "2026-03-09T08:00:00Z",
        True,
    )
    assert {each["person"] for each in found} == {"ana"}
    assert len(found) == 7
    assert (await client.get("/api/v1/me/shifts", headers=VI)).json()["items"] == []
    bos = (await client.get("/api/v1/me/shifts", headers=BO)).json()["items"]
    assert bos[0]["start"] == found[0]["end"]


async def test_people_choose_their_notices(client: httpx2.AsyncClient) -> None:
    here = "/api/v1/me/shift-notices"
    usual = {"before": "1d", "at_start": True, "at_end": True, "changes": True}
    assert (await client.get(here, headers=ANA)).json() == usual
    wanted = {"before": None, "at_start": True, "at_end": False, "changes": True}
    assert (await client.put(here, json=wanted, headers=ANA)).json() == wanted
    assert (await client.get(here, headers=ANA)).json() == wanted
    assert (await client.get(here, headers=BO)).json() == usual
    for bad, said in (("soon", "soon"), ("30d", "at most 14 days")):
        refused = await client.put(here, json={"before": bad}, headers=ANA)
        assert refused.status_code == 422
        assert said in refused.json()["faults"][0]["rule"]


async def test_a_hand_off_note_is_left_read_and_put_aside(
    client: httpx2.AsyncClient, primary: dict[str, Any], clock: MovableClock
) -> None:
    made = await client.post(NOTES, json={"text": "Watch **queue 7**."}, headers=ANA)
    assert (made.status_code, made.json()["author"], made.json()["stands"]) == (201, "ana", True)
    assert (await client.post(NOTES, json={"text": "  "}, headers=ANA)).status_code == 422
    assert (await client.post(NOTES, json={"text": "hm"}, headers=VI)).status_code == 403
    standing = (await client.get(NOTES, params={"standing": True}, headers=VI)).json()["items"]
    assert [each["text"] for each in standing] == ["Watch **queue 7**."]
    here = f"{NOTES}/{made.json()['id']}/done"
    assert (await client.post(here, headers=BO)).json()["done_by"] == "bo"
    assert (await client.post(here, headers=BO)).status_code == 409
    assert (await client.get(NOTES, params={"standing": True})).json()["items"] == []
    clock.move(timedelta(seconds=1))
    await client.post(NOTES, json={"text": "old"}, headers=ANA)
    clock.move(timedelta(days=15))
    assert (await client.get(NOTES, params={"standing": True})).json()["items"] == []
    assert [each["text"] for each in (await client.get(NOTES)).json()["items"]] == ["old", "Watch **queue 7**."]


def events_of(body: bytes) -> list[Any]:
    return list(Calendar.from_ical(body).walk("VEVENT"))


async def feed_of(client: httpx2.AsyncClient, who: dict[str, str], **body: str) -> tuple[dict[str, Any], str]:
    made = await client.post("/api/v1/feeds", json=body, headers=who)
    assert made.status_code == 201, made.text
    return made.json(), made.json()["url"].split("//", 1)[1].split("/", 1)[1]


async def test_a_feed_says_what_coverage_says_and_breaks_no_rule_of_the_format(
    client: httpx2.AsyncClient, primary: dict[str, Any], clock: MovableClock, database: Database
) -> None:
    override = {"person": "ana", "start": "2026-03-10T08:00:00Z", "end": "2026-03-11T08:00:00Z"}
    await client.post(f"{PRIMARY}/overrides", json=override, headers=ANA)
    clock.move(timedelta(hours=1))
    start, end = window(clock.now())
    async with database.read() as conn:
        wanted = shifts_by(await store.rosters(conn, ["platform-primary"], start, end), start, end)
    for who, body, persons in (
        (ANA, {"kind": "schedule", "subject": "platform-primary"}, {"ana", "bo"}),
        (ANA, {"kind": "person"}, {"ana"}),
        (VI, {"kind": "person", "subject": "bo"}, {"bo"}),
    ):
        _, path = await feed_of(client, who, **body)
        answer = await client.get(f"/{path}", headers={"x-name": "nobody"})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert answer.content.count(b"\n") == answer.content.count(b"\r\n")
        assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75
        assert b"contoso.example" not in answer.content
        found = sorted((each.start, each.end) for each in events_of(answer.content))
        assert found == sorted((each.start, each.end) for each in wanted if each.person in persons)
        assert {each.start.utcoffset() for each in events_of(answer.content)} == {timedelta(0)}
        assert answer.content.count(b"DTSTART:") == answer.content.count(b"BEGIN:VEVENT") == len(found)


async def test_the_calendar_s_head_and_events_are_as_clients_want_them(
    client: httpx2.AsyncClient, primary: dict[str, Any]
) -> None:
    _, path = await feed_of(client, ANA)
    calendar = Calendar.from_ical((await client.get(f"/{path}")).content)
    assert {name: calendar[name].to_ical().decode() for name in ("VERSION", "METHOD", "X-WR-CALNAME")} == {
        "VERSION": "2.0",
        "METHOD": "PUBLISH",
        "X-WR-CALNAME": "On call: Ana",
    }
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    first = calendar.walk("VEVENT")[0]
    assert str(first["SUMMARY"]) == "On call: platform-primary"
    assert (int(first["SEQUENCE"]), first["TRANSP"]) == (1, "TRANSPARENT")
    assert first["DTSTAMP"].dt == first["LAST-MODIFIED"].dt == datetime(2026, 3, 2, 9, tzinfo=UTC)
    uids = [str(each["UID"]) for each in calendar.walk("VEVENT")]
    assert len(set(uids)) == len(uids) > 20


async def test_an_unchanged_feed_costs_nothing_and_a_change_keeps_the_events_that_stay(
    client: httpx2.AsyncClient, primary: dict[str, Any], clock: MovableClock
) -> None:
    _, path = await feed_of(client, ANA)
    first = await client.get(f"/{path}")
    clock.move(timedelta(hours=7))
    tag = {"if-none-match": f'W/"other", {first.headers["etag"]}'}
    same = await client.get(f"/{path}", headers=tag)
    assert (same.status_code, same.content) == (304, b"")
    override = {"person": "ana", "start": "2026-03-10T08:00:00Z", "end": "2026-03-11T08:00:00Z"}
    await client.post(f"{PRIMARY}/overrides", json=override, headers=ANA)
    changed = await client.get(f"/{path}", headers=tag)
    assert changed.status_code == 200
    before, after = ({str(each["UID"]): each for each in events_of(each.content)} for each in (first, changed))
    assert len(after.keys() - before.keys()) == 1
    assert before.keys() <= after.keys()
    assert all(int(after[uid]["SEQUENCE"]) > int(before[uid]["SEQUENCE"]) for uid in before)


async def test_a_feed_s_secret_is_shown_once_exchanged_and_ended(
    client: httpx2.AsyncClient, primary: dict[str, Any], clock: MovableClock, database: Database
) -> None:
    made, path = await feed_of(client, ANA)
    token = path.split("/")[1].removesuffix(".ics")
    async with database.read() as conn:
        rows = await conn.fetch("SELECT feeds::text AS kept FROM feeds")
        assert all(token not in row["kept"] for row in rows)
    assert (await client.get(f"/{path}", headers={"user-agent": "Google-Calendar-Importer"})).status_code == 200
    listed = (await client.get("/api/v1/feeds", headers=ANA)).json()["items"]
    assert [(each["id"], each["last_client"]) for each in listed] == [(made["id"], "Google-Calendar-Importer")]
    assert "url" not in listed[0]
    assert (await client.get("/api/v1/feeds", headers=VI)).json()["items"] == []
    assert (await client.get("/api/v1/feeds", params={"everybody": True}, headers=ANA)).status_code == 403
    assert (await client.post(f"/api/v1/feeds/{made['id']}/rotate", headers=BO)).status_code == 403
    rotated = (await client.post(f"/api/v1/feeds/{made['id']}/rotate", headers=ANA)).json()
    assert (await client.get(f"/{path}")).status_code == 404
    fresh = "/" + rotated["url"].split("//", 1)[1].split("/", 1)[1]
    assert (await client.get(fresh)).status_code == 200
    assert (await client.delete(f"/api/v1/feeds/{made['id']}", headers=VI)).status_code == 403
    assert (await client.delete(f"/api/v1/feeds/{made['id']}", headers=BO)).status_code == 200
    assert (await client.get(fresh)).status_code == 404
    assert (await client.delete(f"/api/v1/feeds/{made['id']}", headers=ANA)).status_code == 409


async def test_a_feed_ends_with_its_owner_s_access(
    client: httpx2.AsyncClient, primary: dict[str, Any], database: Database
) -> None:
    from muster.base.access import SYSTEM
    from muster.people.actions.persons import deactivate_person

    _, path = await feed_of(client, VI, kind="schedule", subject="platform-primary")
    assert (await client.get(f"/{path}")).status_code == 200
    async with database.unit(SYSTEM) as unit:
        await deactivate_person(unit, "vi")
    assert (await client.get(f"/{path}")).status_code == 404


async def test_fairness_is_told_with_what_is_unfair(client: httpx2.AsyncClient, clock: MovableClock) -> None:
    await client.post("/api/v1/schedules", json=definition("ana", "ana", "ana", "bo"))
    clock.move(timedelta(days=56))
    found = (await client.get("/api/v1/on-call/fairness", params={"schedule": "platform-primary"})).json()
    loads = {each["person"]: each for each in found["items"]}
    assert list(loads) == ["ana", "bo"]
    assert loads["ana"]["hours"] + loads["bo"]["hours"] == 56 * 24
    assert loads["bo"]["weekends"] == 2
    assert any(each["person"] == "ana" and each["kind"] == "nights" for each in found["findings"])
    assert "an even share is 50%" in found["findings"][0]["sentence"]
    both = await client.get("/api/v1/on-call/fairness", params={"schedule": "platform-primary", "team": "x"})
    assert both.status_code == 422


async def test_the_report_for_pay_is_csv_for_whoever_accepts_it(
    client: httpx2.AsyncClient, primary: dict[str, Any], clock: MovableClock
) -> None:
    clock.move(timedelta(days=40))
    asked = {"from": "2026-03-02T00:00:00Z", "to": "2026-03-31T00:00:00Z", "schedule": "platform-primary"}
    lines = (await client.get("/api/v1/on-call/report", params=asked)).json()["items"]
    assert [each["person"] for each in lines] == ["ana", "ana", "ana", "bo", "bo"]
    shown = await client.get("/api/v1/on-call/report", params=asked, headers={"accept": "text/csv"})
    file = await client.get("/api/v1/on-call/report.csv", params=asked)
    assert shown.text == file.text
    assert "attachment" in file.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(file.text)))
    assert [float(row["hours"]) for row in rows] == [each["hours"] for each in lines]
    assert (rows[1]["start"], rows[1]["time_zone"], rows[1]["nights"]) == ("2026-03-16T08:00+00:00", "UTC", "7")
