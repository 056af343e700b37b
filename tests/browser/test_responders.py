"""Taking, handing over, adding people and asking why, on the incident's page by mouse and thumb."""

import os
from pathlib import Path

from playwright.async_api import Browser, Page, expect
from tests.browser.chromium import PHONE, onlooker, sideways, violations
from tests.browser.conftest import Shop, signed_in

SHOTS = os.environ.get("MUSTER_SHOTS", "")


async def shot(page: Page, name: str) -> None:
    """A picture for whoever looks at the pages, where MUSTER_SHOTS names a folder."""
    if SHOTS:
        await page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


async def test_taken_handed_over_taken_back_and_asked_why(amara: Page, shop: Shop) -> None:
    ref = await shop.fire("Responders")
    await amara.goto(f"{shop.url}/incidents/{ref}")
    people = amara.locator("#responders")
    await people.get_by_role("button", name="Take it", exact=True).click()
    await expect(people.locator("#responder-admin")).to_contain_text("Responding")
    await expect(amara.locator(".stepper, .incident-strip").first).to_contain_text("acknowledged", ignore_case=True)
    await people.get_by_role("button", name="Hand over").click()
    await amara.select_option("#hand-over-person", "ben")
    await amara.fill("#hand-over-note", "My shift ends.")
    await amara.get_by_role("button", name="Ask them to take over").click()
    await expect(people.locator("#responder-ben")).to_contain_text("Asked")
    await shot(amara, "incident-asked")
    assert await violations(amara) == []
    await people.get_by_role("button", name="Take it back").click()
    await expect(people.locator("#responder-ben")).to_have_count(0)
    await people.get_by_role("button", name="Add responders").click()
    await amara.select_option("#responders-targets", "person:ben")
    await amara.get_by_role("button", name="Page them").click()
    await expect(people.locator("#responder-ben")).to_contain_text("asks you to respond")
    await amara.goto(f"{shop.url}/incidents/{ref}/pages?person=ben")
    await expect(amara.locator("#why-title")).to_contain_text("ben was paged for")
    await shot(amara, "pages-why")
    assert await violations(amara) == []


async def test_whoever_is_asked_answers_with_a_thumb(chrome: Browser, shop: Shop) -> None:
    ref = await shop.fire("Thumb")
    await shop.do(ref, "acknowledge")
    answer = await shop.api("POST", f"/api/v1/incidents/{ref}/responders", {"targets": ["admin"], "note": "Look here."})
    assert answer.status_code == 200, answer.text
    context = await onlooker(chrome, PHONE, "dark")
    page = await signed_in(context, shop, f"/incidents/{ref}")
    await page.goto(f"{shop.url}/incidents/{ref}")
    await shot(page, "phone-asked")
    assert await sideways(page) == 0
    await page.get_by_role("button", name="I am coming").click()
    await expect(page.get_by_role("button", name="I am coming")).to_have_count(0)
    await expect(page.locator("#responder-admin")).to_contain_text("Responding")
    await page.goto(f"{shop.url}/plan/simulate?run=yes&policy=shop&at=2027-01-03T03:00")
    await expect(page.locator("h2").first).to_contain_text("Whom shop wakes")
    await shot(page, "phone-simulate")
    assert await violations(page) == []
    assert await sideways(page) == 0
    await context.close()
