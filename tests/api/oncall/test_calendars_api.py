"""Calendars, versions to come and undoing over HTTP."""

from datetime import timedelta

import httpx2
import pytest
from tests.api.oncall.conftest import PRIMARY, definition
from tests.conftest import MovableClock

ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20260309
SUMMARY:A holiday
END:VEVENT
END:VCALENDAR
"""
DRAFT = {"name": "se", "title": "Sweden", "entries": "holidays", "text": ICS}
CALENDARS = "/api/v1/calendars"


async def test_a_calendar_is_added_read_changed_and_deleted(client: httpx2.AsyncClient, clock: MovableClock) -> None:
    created = await client.post(CALENDARS, json=DRAFT)
    assert (created.status_code, created.json()["read_at"]) == (201, "2026-03-02T09:00:00Z")
    assert (await client.post(CALENDARS, json=DRAFT)).status_code == 409
    found = (await client.get(f"{CALENDARS}/se")).json()
    assert found["holidays"] == [{"day": "2026-03-09", "title": "A holiday"}]
    changed = await client.put(f"{CALENDARS}/se", json={**DRAFT, "title": "Svea"})
    assert changed.json()["title"] == "Svea"
    assert [each["name"] for each in (await client.get(CALENDARS)).json()["items"]] == ["se"]
    schedule = definition("ana", holidays={"calendar": "se", "rule": "closed"})
    assert (await client.post("/api/v1/schedules", json=schedule)).status_code == 201
    at = {"at": "2026-03-09T12:00:00Z"}
    said = (await client.get(f"{PRIMARY}/on-call", params=at)).json()
    assert (said["people"], said["steps"][0]["sentence"]) == ([], "Layer weekly: closed, A holiday (se).")
    refused = await client.delete(f"{CALENDARS}/se")
    assert (refused.status_code, refused.json()["detail"]) == (409, "Take it out of platform-primary first.")
    assert (await client.delete(PRIMARY)).status_code == 204
    assert (await client.delete(f"{CALENDARS}/se")).status_code == 204
    assert (await client.get(f"{CALENDARS}/se")).status_code == 404


async def test_the_address_of_a_calendar_is_a_secret(client: httpx2.AsyncClient) -> None:
    draft = {"name": "team", "entries": "shifts", "url": "webcal://contoso.example/very-secret.ics"}
    created = await client.post(CALENDARS, json=draft)
    assert created.json()["source"] == "contoso.example"
    for path in (CALENDARS, f"{CALENDARS}/team"):
        assert "very-secret" not in (await client.get(path)).text
    assert (await client.post(f"{CALENDARS}/team/refresh")).status_code == 202


@pytest.mark.parametrize(("verb", "path"), [("post", ""), ("put", "/se"), ("delete", "/se"), ("post", "/se/refresh")])
async def test_responders_may_look_only(client: httpx2.AsyncClient, verb: str, path: str) -> None:
    await client.post(CALENDARS, json=DRAFT)
    body = {"json": DRAFT} if verb != "delete" else {}
    refused = await client.request(verb.upper(), CALENDARS + path, headers={"x-name": "ana"}, **body)  # type: ignore[arg-type]
    assert refused.status_code == 403
    assert (await client.get(f"{CALENDARS}/se", headers={"x-name": "vi"})).status_code == 200


async def test_a_version_takes_effect_later_is_withdrawn_and_an_edit_undone(
    client: httpx2.AsyncClient, clock: MovableClock
) -> None:
    await client.post("/api/v1/schedules", json=definition("ana"))
    later = {"from": (clock.now() + timedelta(days=2)).isoformat()}
    saved = (await client.put(PRIMARY, json=definition("bo"), params=later)).json()
    assert (saved["version"], [each["version"] for each in saved["ahead"]]) == (2, [2])
    assert (await client.get(PRIMARY)).json()["version"] == 1
    states = [each["state"] for each in (await client.get(f"{PRIMARY}/versions")).json()["items"]]
    assert states == ["ahead", "in_force"]
    withdrawn = await client.post(f"{PRIMARY}/versions/2/withdraw", json={"reason": "not yet"})
    assert (withdrawn.status_code, withdrawn.json()["ahead"]) == (200, [])
    await client.put(PRIMARY, json=definition("bo"))
    undone = (await client.post(f"{PRIMARY}/undo")).json()
    assert (undone["version"], undone["definition"]) == (4, definition("ana"))
    states = [each["state"] for each in (await client.get(f"{PRIMARY}/versions")).json()["items"]]
    assert states == ["in_force", "past", "withdrawn", "past"]
    refused = await client.post(f"{PRIMARY}/versions/4/withdraw")
    assert refused.status_code == 409
