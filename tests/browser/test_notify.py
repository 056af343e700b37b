"""Somebody decides on a phone how they are paged at night, and sees what a page would do, before the night shows it."""

import os

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.chromium import DESKTOP, PHONE, sideways, signed_in, violations
from tests.browser.conftest import Shop

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("MUSTER_SHOTS")
PLACE = "/settings/people/ben/paging"


async def sound(page: Page) -> None:
    """Axe finds nothing and nothing sticks out."""
    assert await violations(page) == []
    assert await sideways(page) <= 0


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
async def test_rules_are_written_in_words_and_tried_out(
    shop: Shop, chrome: Browser, size: tuple[int, int], theme: str
) -> None:
    page = await signed_in(chrome, shop, size, theme)
    await page.goto(f"{shop.url}{PLACE}")
    await expect(page.get_by_text("Every page goes to your first contact at once")).to_be_visible()
    await sound(page)
    rule = page.get_by_role("group", name="One more rule").first
    await rule.get_by_label("Severities").fill("critical")
    await rule.get_by_label("What to do").fill("inbox, pigeon after 2m")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("`pigeon` is not a kind of contact.")).to_be_visible()
    await sound(page)
    await page.get_by_label("What to do").first.fill("inbox, email after 2 min")
    await page.get_by_label("Do not wake").fill("22:00-07:00")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Critical: Inbox in Muster at once, E-mail after 2 min.")).to_be_visible()
    await expect(
        page.get_by_text("A critical page at 03:00 would go: Inbox in Muster at once, E-mail after 2 min.")
    ).to_be_visible()
    await expect(page.get_by_text("pigeon")).to_have_count(0)
    await expect(page.get_by_label("What to do").first).to_have_value("inbox, email after 2m")
    await expect(page.get_by_text("A low page at 03:00 would go: Inbox in Muster at 07:00.")).to_be_visible()
    await sound(page)
    if SHOTS:
        await page.screenshot(path=f"{SHOTS}/notify-{theme}.png", full_page=True)
    await page.get_by_label("Time of day").fill("12:00")
    await page.get_by_role("button", name="Try it out").click()
    await expect(page.get_by_text("A low page at 12:00 would go: Inbox in Muster at once.")).to_be_visible()
    await sound(page)
    await page.goto(f"{shop.url}/settings/people/ben")
    await expect(page.get_by_text("Quiet 22:00 to 07:00")).to_be_visible()
    await sound(page)
    done = await shop.api("PUT", "/api/v1/persons/ben/notify", {})
    assert done.status_code == 200
    await page.context.close()
