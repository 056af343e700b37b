"""On call in the browser: a readable week, overrides in two taps, an editor that shows before it saves."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.api.oncall.conftest import PRIMARY, definition
from tests.conftest import MovableClock

ANA, BO, VI = ({"x-name": name} for name in ("ana", "bo", "vi"))
HERE = "/on-call/schedules/platform-primary"


def bars(html: str) -> list[str]:
    """The sentences of all bars, as screen readers read them."""
    return re.findall(r"<title>(.*?)</title><rect", html)


async def test_an_empty_page_says_what_belongs_there(client: httpx2.AsyncClient) -> None:
    page = await client.get("/on-call", headers=BO)
    assert page.status_code == 200
    assert "No schedule yet" in page.text


async def test_the_week_shows_bars_in_the_viewer_s_zone_and_gaps_in_plain_sight(client: httpx2.AsyncClient) -> None:
    hours = [{"days": "Mon-Fri", "from": "09:00", "to": "17:00"}]
    await client.post("/api/v1/schedules", json=definition("ana", "bo", restrictions=hours))
    page = (await client.get("/on-call", headers=ANA)).text
    assert "2 to 8 March 2026" in page
    assert bars(page)[:3] == [
        "Ana from Mon 2026-03-02 09:00 to Mon 2026-03-02 16:00",
        "Nobody from Mon 2026-03-02 16:00 to Tue 2026-03-03 08:00",
        "Ana from Tue 2026-03-03 08:00 to Tue 2026-03-03 16:00",
    ]
    assert "Nobody is on call from Mon 2026-03-02 16:00 to Tue 2026-03-03 08:00." in page
    assert "And 2 more times this week." in page
    assert "track-mine" in page
    later = (await client.get("/on-call?week=2026-03-11", headers=VI)).text
    assert "9 to 15 March 2026" in later
    assert "Bo from Mon 2026-03-09 08:00 to Mon 2026-03-09 16:00" in bars(later)
    assert (await client.get("/on-call?week=nonsense", headers=VI)).status_code == 200


async def test_my_shifts_stand_on_the_page(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    assert "You have no shift ahead" in (await client.get("/on-call", headers=VI)).text
    mine = (await client.get("/on-call", headers=ANA)).text
    assert "You have no shift ahead" not in mine


async def test_a_schedule_is_shown_in_full_with_its_reasons(
    client: httpx2.AsyncClient, primary: dict[str, Any]
) -> None:
    page = (await client.get(HERE, headers=BO)).text
    assert "Layer weekly: ana (weekly turn 9)." in page
    assert "Ana, then Bo; a turn lasts one week, hand-off Mon 09:00." in page
    assert "Covered for 90 days" in page
    assert (await client.get("/on-call/schedules/unheard-of", headers=BO)).status_code == 404


async def test_two_taps_take_a_shift_over_and_one_gives_it_back(
    client: httpx2.AsyncClient, primary: dict[str, Any], clock: MovableClock
) -> None:
    form = (await client.get(f"{HERE}/override", headers=BO)).text
    assert "Until Mon 2026-03-09 08:00" in form
    end = re.search(r'name="end" value="([^"]+)"', form)
    assert end
    done = await client.post(
        f"{HERE}/overrides", data={"person": "bo", "end": end[1].replace("&#43;", "+")}, headers=BO
    )
    assert (done.status_code, done.headers["location"]) == (303, HERE)
    clock.move(timedelta(minutes=5))
    page = (await client.get(HERE, headers=VI)).text
    assert "Override by bo: bo until" in page
    made = (await client.get(f"{PRIMARY}/overrides")).json()["items"][0]
    assert made["end"] == "2026-03-09T08:00:00Z"
    done = await client.post(f"{HERE}/overrides/{made['id']}/remove", headers=ANA)
    assert done.status_code == 303
    assert (await client.get("/api/v1/on-call")).json()["items"][0]["people"] == ["ana"]


async def test_a_time_of_the_form_is_on_the_viewer_s_clock(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    typed = {"person": "ana", "start": "2026-07-01T10:00", "end": "2026-07-01T12:00", "note": "a wedding"}
    assert (await client.post(f"{HERE}/overrides", data=typed, headers=ANA)).status_code == 303
    made = (await client.get(f"{PRIMARY}/overrides")).json()["items"][0]
    assert (made["start"], made["end"]) == ("2026-07-01T09:00:00Z", "2026-07-01T11:00:00Z")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"person": "bo", "end": "soon"}, "This is not a date and time."),
        ({"person": "bo", "end": "2026-01-01T00:00"}, "would have ended already"),
        ({"person": "zo", "end": "2026-07-01T00:00"}, "There is no person `zo`."),
    ],
)
async def test_a_form_with_faults_comes_back_with_what_was_typed(
    client: httpx2.AsyncClient, primary: dict[str, Any], typed: dict[str, str], said: str
) -> None:
    page = await client.post(f"{HERE}/overrides", data={"note": "a wedding", **typed}, headers=ANA)
    assert page.status_code == 422
    assert said in page.text
    assert "a wedding" in page.text


async def test_the_editor_shows_before_it_saves(client: httpx2.AsyncClient) -> None:
    new = (await client.get("/on-call/new", headers=BO)).text
    assert "people: [bo]" in new
    text = """
name: night
time_zone: Europe/Lisbon
layers:
- {name: weekly, people: [ana, bo], rotate: weekly, hand_off: Mon 09:00, start: 2026-01-05}
"""
    shown = await client.post("/on-call/save", data={"definition": text, "verb": "preview"}, headers=BO)
    assert shown.status_code == 200
    assert "Bo from Mon 2026-03-09 09:00 to Mon 2026-03-16 00:00" in bars(shown.text)
    assert (await client.get("/api/v1/schedules")).json()["items"] == []
    saved = await client.post("/on-call/save", data={"definition": text, "verb": "save"}, headers=BO)
    assert (saved.status_code, saved.headers["location"]) == (303, "/on-call/schedules/night")
    again = await client.post("/on-call/save", data={"definition": text, "verb": "save"}, headers=BO)
    assert again.status_code == 409
    edit = (await client.get("/on-call/schedules/night/edit", headers=BO)).text
    assert "people: [ana, bo]" in edit
    changed = {"definition": text.replace("[ana, bo]", "[bo]"), "name": "night", "verb": "save"}
    assert (await client.post("/on-call/save", data=changed, headers=BO)).status_code == 303


async def test_faults_of_the_editor_point_at_their_line(client: httpx2.AsyncClient) -> None:
    text = "name: night\ntime_zone: Lisbon\nlayers:\n- {name: w, people: [], rotate: weekly, hand_off: 9, start: 2026-01-05}\n"
    page = await client.post("/on-call/save", data={"definition": text, "verb": "save"}, headers=BO)
    assert page.status_code == 422
    assert "line:2:" in page.text
    assert "Did you mean `Europe/Lisbon`?" in page.text
    for bad in ("", "a: [", "a: 1\n---\nb: 2"):
        assert (await client.post("/on-call/save", data={"definition": bad}, headers=BO)).status_code == 422


@pytest.mark.parametrize("path", ["/on-call/new", f"{HERE}/edit"])
async def test_who_may_not_edit_is_told(client: httpx2.AsyncClient, primary: dict[str, Any], path: str) -> None:
    assert (await client.get(path, headers=ANA)).status_code == 403


async def test_a_schedule_is_deleted_by_its_page(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    assert (await client.post(f"{HERE}/delete", headers=BO)).status_code == 303
    assert (await client.get(HERE, headers=BO)).status_code == 404
