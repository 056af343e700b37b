"""On call in the browser: a readable week, overrides in two taps, an editor that shows before it saves."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import httpx2
import pytest
from tests.api.oncall.conftest import PRIMARY, definition, take_proof
from tests.conftest import MovableClock

from muster.base.db.database import Database

ANA, BO, VI = ({"x-name": name} for name in ("ana", "bo", "vi"))
HERE = "/on-call/schedules/platform-primary"


def bars(html: str) -> list[str]:
    """The sentences of the bars that lead to their shift, as screen readers read them."""
    return re.findall(r'<a class="shift [^>]*title="(.*?)"', html)


def shifts(html: str) -> list[str]:
    """The addresses of the shifts that are drawn."""
    return [each.replace("&amp;", "&") for each in re.findall(r'<a class="shift [^>]*?href="(.*?)"', html)]


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
    assert "5 gaps in this time" in page
    assert "1 schedule has gaps in the next 90 days" in page
    assert "shift-mine" in page
    assert "Times in Europe/Lisbon" in page
    later = (await client.get("/on-call?day=2026-03-09", headers=VI)).text
    assert "9 to 15 March 2026" in later
    assert "Bo from Mon 2026-03-09 08:00 to Mon 2026-03-09 16:00" in bars(later)
    assert (await client.get("/on-call?day=nonsense&view=century", headers=VI)).status_code == 200


@pytest.mark.parametrize(
    ("view", "label", "days"),
    [("week", "2 to 8 March 2026", 7), ("fortnight", "2 to 15 March", 14), ("month", "March 2026", 42)],
)
async def test_a_week_a_fortnight_or_a_month_is_shown(
    client: httpx2.AsyncClient, primary: dict[str, Any], view: str, label: str, days: int
) -> None:
    for path in ("/on-call", HERE):
        page = (await client.get(f"{path}?view={view}", headers=VI)).text
        assert label in page
        assert page.count('<div class="axis-day') == days
        assert page.count("axis-today") == 1
        assert 'class="agenda"' in page


async def test_schedules_are_found_by_name_team_and_person(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    await client.post("/api/v1/schedules", json=definition("vi", name="night"))
    await client.put("/api/v1/teams/shop", json={"members": ["ana"]})

    async def shown(query: str) -> list[str]:
        page = (await client.get(f"/on-call?{query}", headers=VI)).text
        return re.findall(r'<section id="schedule-([\w-]+)"', page)

    assert await shown("") == ["night", "platform-primary"]
    assert await shown("schedule=NIGHT") == ["night"]
    assert await shown("person=ana") == ["platform-primary"]
    assert await shown("person=vi") == ["night"]
    assert await shown("person=vi&schedule=platform") == []
    assert await shown("team=nobodies") == []
    assert "No schedule like this" in (await client.get("/on-call?person=zoe", headers=VI)).text


async def test_a_shift_says_whose_it_is_and_why_and_is_taken_in_two_taps(
    client: httpx2.AsyncClient, primary: dict[str, Any]
) -> None:
    week = (await client.get("/on-call?day=2026-03-09", headers=BO)).text
    url = shifts(week)[-1]
    theirs = (await client.get(url, headers=ANA)).text
    assert "Bo" in theirs
    assert "Layer weekly has this turn." in theirs
    assert "Take it myself" in theirs
    assert 'Ana</span> <span class="quiet">instead of' in theirs
    mine = (await client.get(url, headers=BO)).text
    assert "Take it myself" not in mine
    assert "Ask somebody to cover" in mine
    fields = dict(re.findall(r'name="(person|start|end|back)" value="([^"]*)"', theirs))
    fields = {key: value.replace("&#43;", "+") for key, value in fields.items()}
    taken = await client.post(f"{HERE}/overrides", data=fields | {"back": "/on-call?view=month"}, headers=ANA)
    assert taken.status_code == 303
    back = taken.headers["location"]
    assert back.startswith("/on-call?view=month&undo=")
    assert "Ana is put on call by platform-primary." in (await client.get(back, headers=ANA)).text
    assert "is put on call by" not in (await client.get(back, headers=VI)).text
    undone = re.search(r'action="([^"]+/remove)"', (await client.get(back, headers=ANA)).text)
    assert undone
    assert (await client.post(undone[1], headers=ANA)).status_code == 303
    assert "is put on call by" not in (await client.get(back, headers=ANA)).text


async def test_an_address_that_names_no_shift_is_none(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    for query in ("", "start=now&end=then", "start=2026-03-03T00:00:00Z&end=2026-03-02T00:00:00Z"):
        assert (await client.get(f"{HERE}/shift?{query}", headers=VI)).status_code == 404


async def test_after_a_form_one_goes_back_only_to_pages_of_on_call(
    client: httpx2.AsyncClient, primary: dict[str, Any]
) -> None:
    typed = {"person": "bo", "start": "2026-07-01T10:00", "end": "2026-07-01T12:00"}
    for back in ("https://elsewhere.example/", "//elsewhere.example", "/on-callous", ""):
        done = await client.post(f"{HERE}/overrides", data={**typed, "back": back}, headers=BO)
        assert done.headers["location"].startswith(f"{HERE}?undo=")


async def test_what_an_override_would_do_is_told_before_it_is_made(
    client: httpx2.AsyncClient, primary: dict[str, Any], database: Database
) -> None:
    typed = {"person": "bo", "start": "2026-03-03T10:00", "end": "2026-03-04T12:00"}
    told = (await client.post(f"{HERE}/overrides/foresee", data=typed, headers=BO)).text
    assert "instead of" in told
    assert "Tue 3 Mar, 10:00 to Wed 4 Mar, 12:00" in told
    assert "No gap, no double booking, reachable." in told
    await take_proof(database, "bo")
    told = (await client.post(f"{HERE}/overrides/foresee", data=typed, headers=BO)).text
    assert "Bo has no proven contact" in told
    nobody = (await client.post(f"{HERE}/overrides/foresee", data={**typed, "person": "-"}, headers=ANA)).text
    assert "Nobody would be on call" in nobody
    assert "needs a manager of schedules" in nobody
    vague = (await client.post(f"{HERE}/overrides/foresee", data={**typed, "end": "soon"}, headers=BO)).text
    assert "This is not a date and time." in vague
    assert (await client.get(f"{PRIMARY}/overrides")).json()["items"] == []


async def test_a_shift_is_offered_for_cover_and_swapped_by_who_manages(
    client: httpx2.AsyncClient, primary: dict[str, Any]
) -> None:
    times = {"start": "2026-03-10T08:00:00+00:00", "end": "2026-03-11T08:00:00+00:00"}
    other = {"with_start": "2026-03-03T08:00:00+00:00", "with_end": "2026-03-04T08:00:00+00:00"}
    page = (await client.get(f"{HERE}/exchange", params=times, headers=BO)).text
    assert "Ask to cover" in page
    asked = await client.post(f"{HERE}/exchange", data={**times, "other": "ana", "note": "a wedding"}, headers=BO)
    assert asked.status_code == 303
    assert "Nothing changes until somebody agrees." in (await client.get(asked.headers["location"], headers=BO)).text
    again = await client.post(f"{HERE}/exchange", data={**times, "other": "ana"}, headers=BO)
    assert again.status_code == 409
    dragged = (await client.get(f"{HERE}/exchange", params={**times, **other}, headers=VI | ANA)).text
    assert "Ask to swap" in dragged
    both = (await client.get(f"{HERE}/exchange", params={**times, **other}, headers=BO)).text
    assert "Swap both at once" in both
    swapped = await client.post(
        f"{HERE}/exchange/now", data={**times, **other, "person": "bo", "other": "ana"}, headers=BO
    )
    assert swapped.status_code == 303
    made = (await client.get(f"{PRIMARY}/overrides")).json()["items"]
    assert {(each["person"], each["start"]) for each in made} == {
        ("ana", "2026-03-10T08:00:00Z"),
        ("bo", "2026-03-03T08:00:00Z"),
    }
    assert (await client.post(f"{HERE}/exchange/now", data={**times, **other}, headers=ANA)).status_code == 403


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
    assert done.status_code == 303
    assert done.headers["location"].startswith(f"{HERE}?undo=")
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
    new = (await client.get("/on-call/new?form=yaml", headers=BO)).text
    assert "people: [bo]" in new
    text = """
name: night
time_zone: Europe/Lisbon
layers:
- {name: weekly, people: [ana, bo], rotate: weekly, hand_off: Mon 09:00, start: 2026-01-05}
"""
    shown = await client.post("/on-call/save", data={"definition": text, "verb": "preview"}, headers=BO)
    assert shown.status_code == 200
    assert "Bo from Mon 2026-03-09 09:00 to Mon 2026-03-16 09:00" in shown.text
    assert (await client.get("/api/v1/schedules")).json()["items"] == []
    saved = await client.post("/on-call/save", data={"definition": text, "verb": "save"}, headers=BO)
    assert (saved.status_code, saved.headers["location"]) == (303, "/on-call/schedules/night?saved=1")
    again = await client.post("/on-call/save", data={"definition": text, "verb": "save"}, headers=BO)
    assert again.status_code == 409
    edit = (await client.get("/on-call/schedules/night/edit?form=yaml", headers=BO)).text
    assert "people: [ana, bo]" in edit
    changed = {"definition": text.replace("[ana, bo]", "[bo]"), "name_now": "night", "verb": "save"}
    saved = await client.post("/on-call/save", data=changed, headers=BO)
    assert (saved.status_code, saved.headers["location"]) == (303, "/on-call/schedules/night?saved=2")
    after = (await client.get(saved.headers["location"], headers=BO)).text
    assert "Version 2 is in force." in after
    assert (await client.post("/on-call/schedules/night/undo", headers=BO)).status_code == 303
    assert "people: [ana, bo]" in (await client.get("/on-call/schedules/night/edit?form=yaml", headers=BO)).text


def form_of(html: str) -> dict[str, Any]:
    """What a browser would send of the editor's form."""
    fields: dict[str, Any] = {
        name: unescape(value)
        for name, value in re.findall(r'<input[^>]*? name="([\w.]+)"[^>]*? value="([^"]*)"(?![^>]*checkbox)', html)
    }
    fields |= {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', html)
    }
    for name, options in re.findall(r'<select[^>]*? name="([\w.]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = unescape(chosen[1]) if chosen else ""
    fields.pop("layers.0.shadow", None)
    fields.pop("verb", None)
    return fields


async def test_a_schedule_is_edited_without_a_word_of_yaml(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    async def press(fields: dict[str, Any], verb: str) -> httpx2.Response:
        return await client.post("/on-call/save", data={**fields, "verb": verb}, headers=BO)

    fields = form_of((await client.get(f"{HERE}/edit", headers=BO)).text)
    assert fields["layers.0.turns.1.0"] == "bo"
    fields = form_of((await press(fields, "turn.up.0.1")).text)
    assert (fields["layers.0.turns.0.0"], fields["layers.0.turns.1.0"]) == ("bo", "ana")
    fields = form_of((await press(fields, "turn.add.0")).text)
    fields["layers.0.turns.2.0"] = "vi"
    fields["layers.0.every"] = "2"
    seen = await client.post("/on-call/foresee", data=fields, headers=BO)
    assert "The next fortnight, by this definition" in seen.text
    text = (await press(fields, "yaml")).text
    assert "people: [bo, ana, vi]" in text
    later = await press({**fields, "since": "2026-04-01T09:00"}, "save")
    assert later.status_code == 303
    stored = (await client.get(f"{PRIMARY}/versions")).json()["items"][0]
    assert stored["definition"]["layers"][0]["people"] == ["bo", "ana", "vi"]
    assert stored["definition"]["layers"][0]["every"] == 2
    assert stored["since"] == "2026-04-01T08:00:00Z"
    assert "Withdraw" in (await client.get(later.headers["location"], headers=BO)).text
    assert (await client.post(f"{HERE}/withdraw", headers=BO)).status_code == 303
    fields["layers.0.turns.0.0"] = "zoe"
    refused = await press(fields, "save")
    assert refused.status_code == 422
    assert "There is no person `zoe`." in refused.text


async def test_faults_of_the_editor_point_at_their_line(client: httpx2.AsyncClient) -> None:
    text = "name: night\ntime_zone: Lisbon\nlayers:\n- {name: w, people: [], rotate: weekly, hand_off: 9, start: 2026-01-05}\n"
    page = await client.post("/on-call/save", data={"definition": text, "verb": "save"}, headers=BO)
    assert page.status_code == 422
    assert "line:2:" in page.text
    assert "Did you mean `Europe/Lisbon`?" in page.text
    for bad in ("a: [", "a: 1\n---\nb: 2", "- 1"):
        assert (await client.post("/on-call/save", data={"definition": bad}, headers=BO)).status_code == 422
    for bad in ("", "[]", "{"):
        assert (await client.post("/on-call/save", data={"base": bad}, headers=BO)).status_code == 422


@pytest.mark.parametrize("path", ["/on-call/new", f"{HERE}/edit"])
async def test_who_may_not_edit_is_told(client: httpx2.AsyncClient, primary: dict[str, Any], path: str) -> None:
    assert (await client.get(path, headers=ANA)).status_code == 403


async def test_a_schedule_is_deleted_by_its_page(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    assert (await client.post(f"{HERE}/delete", headers=BO)).status_code == 303
    assert (await client.get(HERE, headers=BO)).status_code == 404
