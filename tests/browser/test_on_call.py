"""On call in a real browser: bars that people and screen readers can read, a shift taken over on a phone in two taps."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from tests.browser.chromium import DESKTOP, PHONE, chromium, complaints, sideways, signed_in, violations
from tests.running import Running

pytestmark = pytest.mark.browser
ORGANISATION = """
{kind: Person, name: ana, full_name: Ana Silva, email: ana@contoso.example, permission: responder}
---
kind: Schedule
name: platform-primary
time_zone: Europe/Stockholm
layers:
  - {name: weekly, people: [ana], rotate: weekly, hand_off: "Mon 09:00", start: 2026-01-05}
  - {name: nights, people: [ana, admin], rotate: daily, hand_off: "12:00", start: 2026-01-05,
     restrictions: [{days: Mon-Sun, from: "22:00", to: "06:00"}]}
---
kind: Schedule
name: ops-office
time_zone: Europe/Lisbon
layers:
  - {name: office, people: [ana], rotate: daily, hand_off: "09:00", start: 2026-01-05,
     restrictions: [{days: Mon-Fri, from: "09:00", to: "17:00"}]}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def muster() -> AsyncIterator[Running]:
    """A Muster with two schedules."""
    async with Running() as running:
        await running.init()
        await running.apply(ORGANISATION)
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The browser."""
    async with chromium() as launched:
        yield launched


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
async def test_every_page_is_accessible_and_stays_within_its_screen(
    muster: Running, browser: Browser, size: tuple[int, int], theme: str
) -> None:
    page = await signed_in(browser, muster, size, theme)
    heard = complaints(page)
    here = "/on-call/schedules/platform-primary"
    for path in ("/on-call", here, f"{here}/override", f"{here}/edit", "/on-call/new"):
        await page.goto(muster.url + path)
        assert await violations(page) == []
        assert await sideways(page) <= 0
        assert heard == []
    await page.context.close()


async def test_a_shift_is_taken_over_on_a_phone_in_two_taps_and_given_back(muster: Running, browser: Browser) -> None:
    page = await signed_in(browser, muster, PHONE, "light")
    await page.goto(f"{muster.url}/on-call")
    await page.locator("#schedule-ops-office").get_by_role("link", name="Override").tap()
    await page.get_by_role("button", name="For 1 hour").tap()
    await page.wait_for_url("**/on-call/schedules/ops-office")
    assert (await muster.json("oncall"))[0]["people"] == ["admin"]
    await page.locator("#overrides").get_by_role("button", name="Remove").first.tap()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").tap()
    await expect(page.locator("#overrides")).to_contain_text("No override ahead")
    await page.context.close()


async def test_the_editor_checks_before_it_saves_and_the_week_changes_by_itself(
    muster: Running, browser: Browser
) -> None:
    watcher = await signed_in(browser, muster, DESKTOP, "light")
    await watcher.goto(f"{muster.url}/on-call")
    page = await signed_in(browser, muster, DESKTOP, "dark")
    await page.goto(f"{muster.url}/on-call/new")
    definition = page.get_by_label("Definition")
    written = await definition.input_value()
    await definition.fill(written.replace("weekly", "fortnightly"))
    await page.get_by_role("button", name="Check first").click()
    await expect(page.get_by_role("alert")).to_contain_text("is not a way to rotate")
    await definition.fill(written)
    await page.get_by_role("button", name="Check first").click()
    await expect(page.locator("#preview")).to_be_visible()
    assert await violations(page) == []
    await page.get_by_role("button", name="Save").click()
    await page.wait_for_url("**/on-call/schedules/primary")
    await expect(watcher.locator("#schedule-primary")).to_be_visible(timeout=10_000)
    await page.context.close()
    await watcher.context.close()
