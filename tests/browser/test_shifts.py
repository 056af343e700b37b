"""One's own shifts in a real browser: readable on every screen, and a request answered on a phone in two taps."""

from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from tests.browser.chromium import DESKTOP, PHONE, complaints, sideways, signed_in, violations
from tests.running import Running

pytestmark = pytest.mark.browser
ORGANISATION = """
{kind: Person, name: ana, full_name: Ana Silva, email: ana@contoso.example, permission: responder}
---
kind: Schedule
name: cover-primary
time_zone: Europe/Stockholm
layers:
  - {name: daily, people: [ana, admin], rotate: daily, hand_off: "09:00", start: 2026-01-05}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def muster(common: Running) -> Running:
    """A Muster in which Ana asks the administrator for cover, and a note stands."""
    await common.apply(ORGANISATION)
    await common.cli("handoff", "write", "cover-primary", "Watch **queue 7**.")
    token = await common.token_of("ana")
    shifts: list[dict[str, Any]] = (await common.api("GET", "/api/v1/me/shifts", token=token)).json()["items"]
    ahead = [shift for shift in shifts if shift["schedule"] == "cover-primary" and not shift["runs"]]
    for shift in ahead[1:3]:
        body = {"schedule": "cover-primary", "start": shift["start"], "end": shift["end"], "note": "a concert"}
        assert (await common.api("POST", "/api/v1/requests", body, token=token)).status_code == 201
    return common


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
async def test_every_page_is_accessible_and_stays_within_its_screen(
    muster: Running, chrome: Browser, size: tuple[int, int], theme: str
) -> None:
    page = await signed_in(chrome, muster, size, theme)
    heard = complaints(page)
    notes = "/on-call/schedules/cover-primary/notes"
    for path in (
        "/on-call/me",
        "/on-call/requests",
        "/on-call/fairness?period=Next+90+days",
        "/on-call/schedules",
        notes,
    ):
        await page.goto(muster.url + path)
        assert await violations(page) == [], path
        assert await sideways(page) <= 0, path
        assert heard == []
    await page.context.close()


async def test_a_request_is_answered_on_a_phone_and_the_page_follows(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, PHONE)
    await page.goto(f"{muster.url}/on-call/me")
    asked = page.locator("#incoming li")
    await expect(asked).to_have_count(2)
    await asked.first.get_by_role("button", name="Accept").tap()
    await expect(asked).to_have_count(1)
    accepted = await muster.json("swap", "list", "--state", "accepted")
    assert [each["accepted_by"] for each in accepted] == ["admin"]
    await page.context.close()


async def test_a_calendar_link_is_shown_once_and_works(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster)
    await page.goto(f"{muster.url}/on-call/me")
    await page.get_by_role("button", name="Make a link").click()
    link = await page.locator("code").inner_text()
    assert link.endswith(".ics")
    answer = await muster.api("GET", "/" + link.split("/", 3)[3], token="")
    assert answer.text.startswith("BEGIN:VCALENDAR")
    await page.get_by_role("link", name="Done").click()
    await expect(page.get_by_text("fetched")).to_be_visible()
    assert link.rsplit("/", 1)[1] not in await page.content()
    await page.context.close()
