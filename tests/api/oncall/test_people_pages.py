"""My shifts, requests, hand-off notes, fairness and the list of schedules in the browser."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from tests.api.oncall.conftest import definition
from tests.conftest import MovableClock

ANA, BO, VI = ({"x-name": name} for name in ("ana", "bo", "vi"))
HERE = "/on-call/schedules/platform-primary"
ANAS = {"start": "2026-03-16T08:00:00Z", "end": "2026-03-23T08:00:00Z"}


async def test_my_shifts_lead_with_what_waits_for_me_and_two_taps_answer_it(
    client: httpx2.AsyncClient, primary: dict[str, Any]
) -> None:
    page = (await client.get("/on-call/me", headers=ANA)).text
    assert "Waiting for your answer" not in page
    assert "/exchange?start=" in page
    asked = {"schedule": "platform-primary", "note": "a wedding", **ANAS}
    made = (await client.post("/api/v1/requests", json=asked, headers=ANA)).json()
    page = (await client.get("/on-call/me", headers=BO)).text
    assert page.index("Waiting for your answer") < page.index("Next shift")
    assert "a wedding" in page
    assert f"/on-call/requests/{made['id']}/accept" in page
    done = await client.post(f"/on-call/requests/{made['id']}/accept", data={"back": "me"}, headers=BO)
    assert (done.status_code, done.headers["location"]) == (303, "/on-call/me")
    assert "Waiting for your answer" not in (await client.get("/on-call/me", headers=BO)).text
    listed = (await client.get("/on-call/requests", headers=VI)).text
    assert "Bo accepted." in listed
    assert "/undo" not in listed
    assert f"/on-call/requests/{made['id']}/undo" in (await client.get("/on-call/requests", headers=ANA)).text


async def test_what_i_asked_can_be_withdrawn_and_others_are_refused_with_the_reason(
    client: httpx2.AsyncClient, primary: dict[str, Any]
) -> None:
    made = (await client.post("/api/v1/requests", json={"schedule": "platform-primary", **ANAS}, headers=ANA)).json()
    here = f"/on-call/requests/{made['id']}"
    assert "Asked" in (await client.get("/on-call/me", headers=ANA)).text
    assert (await client.post(f"{here}/accept", headers=ANA)).status_code == 403
    assert (await client.post(f"{here}/frobnicate", headers=ANA)).status_code == 404
    assert (await client.post(f"{here}/withdraw", headers=ANA)).status_code == 303
    assert "Nobody asks for anything" in (await client.get("/on-call/requests", headers=ANA)).text


async def test_who_has_no_shift_is_told_what_belongs_here(client: httpx2.AsyncClient) -> None:
    assert "You have no shift ahead" in (await client.get("/on-call/me", headers=VI)).text


async def test_notices_are_chosen_on_the_page(client: httpx2.AsyncClient) -> None:
    chosen = {"before": "4h", "changes": "yes"}
    assert (await client.post("/on-call/me/notices", data=chosen, headers=ANA)).status_code == 303
    assert (await client.get("/api/v1/me/shift-notices", headers=ANA)).json() == {
        "before": "4h",
        "at_start": False,
        "at_end": False,
        "changes": True,
    }
    assert re.search(r'<option value="4h" selected>', (await client.get("/on-call/me", headers=ANA)).text)
    assert (await client.post("/on-call/me/notices", data={"before": "60d"}, headers=ANA)).status_code == 422


async def test_a_calendar_link_is_made_shown_once_and_ended(
    client: httpx2.AsyncClient, primary: dict[str, Any]
) -> None:
    shown = await client.post("/on-call/me/feeds", data={"whose": "schedule:platform-primary"}, headers=ANA)
    link = re.search(r"/feeds/(mfd_[\w-]+)\.ics", shown.text)
    assert link
    assert (await client.get(f"/feeds/{link[1]}.ics")).status_code == 200
    page = (await client.get("/on-call/me", headers=ANA)).text
    assert link[1] not in page
    id = re.search(r"/on-call/me/feeds/([0-9a-f-]{36})/revoke", page)
    assert id
    assert UUID(id[1])
    assert (await client.post(f"/on-call/me/feeds/{id[1]}/revoke", headers=ANA)).status_code == 303
    assert (await client.get(f"/feeds/{link[1]}.ics")).status_code == 404
    assert (await client.post("/on-call/me/feeds", data={"whose": "moon:x"}, headers=ANA)).status_code == 422


async def test_a_hand_off_note_is_shown_where_it_is_needed(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    assert (await client.post(f"{HERE}/notes", data={"text": ""}, headers=ANA)).status_code == 422
    done = await client.post(f"{HERE}/notes", data={"text": "Watch **queue 7**<script>."}, headers=BO)
    assert done.status_code == 303
    for path in (f"{HERE}/notes", "/on-call/me", HERE):
        page = (await client.get(path, headers=ANA)).text
        assert "<strong>queue 7</strong>" in page, path
        assert "7</strong><script>" not in page
    id = re.search(rf"{HERE}/notes/([0-9a-f-]{{36}})/done", page)
    assert id
    assert (await client.post(f"{HERE}/notes/{id[1]}/done", data={"back": "me"}, headers=ANA)).status_code == 303
    assert "queue 7" not in (await client.get("/on-call/me", headers=ANA)).text
    assert "queue 7" in (await client.get(f"{HERE}/notes", headers=ANA)).text


async def test_fairness_is_drawn_and_listed_and_the_report_downloads(
    client: httpx2.AsyncClient, clock: MovableClock
) -> None:
    assert "Nobody was on call" in (await client.get("/on-call/fairness", headers=VI)).text
    await client.post("/api/v1/schedules", json=definition("ana", "ana", "ana", "bo"))
    clock.move(timedelta(days=56))
    page = (await client.get("/on-call/fairness?of=schedule:platform-primary&show=Nights", headers=VI)).text
    assert re.search(r"<title>Ana: 42, 150% of an even share</title>", page), re.findall("<title>.*?</title>", page)
    assert "of the nights; an even share is 50%." in page
    file = await client.get("/on-call/report.csv?of=schedule:platform-primary&period=Last+90+days", headers=VI)
    assert file.headers["content-type"].startswith("text/csv")
    assert file.text.startswith("person,full_name,schedule,start,end,time_zone,hours")
    assert (await client.get("/on-call/fairness?of=team:none", headers=VI)).status_code == 404


@pytest.mark.parametrize("query", ["", "?q=plat"])
async def test_schedules_are_listed(client: httpx2.AsyncClient, primary: dict[str, Any], query: str) -> None:
    page = (await client.get(f"/on-call/schedules{query}", headers=VI)).text
    assert f'href="{HERE}"' in page
    assert "Ana" in page
    assert "No schedule has this in its name" in (await client.get("/on-call/schedules?q=zzz", headers=VI)).text
