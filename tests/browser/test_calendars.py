"""Calendars in a real browser: added from a file, seen with their shifts and failures, kept while a schedule names them."""

import os
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from tests.browser.chromium import DESKTOP, PHONE, complaints, sideways, signed_in, violations
from tests.running import Running

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("MUSTER_SHOTS")
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:1
DTSTART;TZID=W. Europe Standard Time:20260105T090000
DURATION:P3D
RRULE:FREQ=WEEKLY
SUMMARY:On call: Ana Silva
END:VEVENT
BEGIN:VEVENT
UID:2
DTSTART;TZID=Europe/Berlin:20260108T090000
DURATION:P4D
RRULE:FREQ=WEEKLY
SUMMARY:Zed from the agency
END:VEVENT
END:VCALENDAR
"""
ORGANISATION = """
{kind: Person, name: ana, full_name: Ana Silva, email: ana@contoso.example, permission: responder}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def muster(common: Running) -> Running:
    """A Muster with one responder."""
    await common.apply(ORGANISATION)
    return common


async def test_a_file_becomes_a_calendar_that_a_schedule_follows(
    muster: Running, chrome: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "team.ics"
    file.write_text(ICS)
    page = await signed_in(chrome, muster, DESKTOP, "light")
    await page.goto(f"{muster.url}/on-call/calendars")
    await page.get_by_label("Name").fill("team")
    await page.get_by_label("Holds").select_option("shifts")
    await page.get_by_label("or a file").set_input_files(file)
    await page.get_by_role("button", name="Add calendar").click()
    await page.wait_for_url("**/on-call/calendars/team")
    await expect(page.get_by_text("Ana Silva").first).to_be_visible()
    await expect(page.get_by_text("Shifts of nobody")).to_be_visible()
    await page.context.close()
    await muster.apply(
        "{kind: Schedule, name: imported, time_zone: Europe/Berlin, layers: [{name: team, calendar: team}]}"
    )
    (on_call,) = [row for row in await muster.json("oncall") if row["schedule"] == "imported"]
    assert on_call["people"] in (["ana"], [])
    found = await muster.json("schedule", "show", "imported")
    assert any(
        "“Zed from the agency” of team names nobody whom Muster knows" in each["sentence"] for each in found["findings"]
    )


async def test_a_bad_calendar_is_refused_beside_its_fields_and_one_in_use_is_kept(
    muster: Running, chrome: Browser
) -> None:
    page = await signed_in(chrome, muster, DESKTOP, "light")
    await page.goto(f"{muster.url}/on-call/calendars")
    await page.get_by_label("Name").fill("Nice Holidays")
    await page.get_by_label("Address").fill("ftp://contoso.example/x.ics")
    await page.get_by_role("button", name="Add calendar").click()
    await expect(page.get_by_text("Try `nice-holidays`").first).to_be_visible()
    await expect(page.get_by_label("Address")).to_have_value("ftp://contoso.example/x.ics")
    await page.goto(f"{muster.url}/on-call/calendars/team")
    await expect(page.get_by_text("imported names it.")).to_be_visible()
    await page.context.close()


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
async def test_calendar_pages_are_accessible_and_stay_within_their_screen(
    muster: Running, chrome: Browser, size: tuple[int, int], theme: str
) -> None:
    page = await signed_in(chrome, muster, size, theme)
    heard = complaints(page)
    for path in ("/on-call/calendars", "/on-call/calendars/team"):
        await page.goto(muster.url + path)
        if SHOTS:
            await page.screenshot(path=f"{SHOTS}/{path.replace('/', '_')}-{size[0]}-{theme}.png", full_page=True)
        assert await violations(page) == []
        assert await sideways(page) <= 0
        assert heard == []
    await page.context.close()
