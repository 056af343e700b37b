"""The plan in a real browser: from the starter to a published version, faults beside the text as one types, the dry run."""

import re

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from tests.browser.chromium import DESKTOP, PHONE, complaints, sideways, signed_in, violations
from tests.running import Running

PLAN = """
kind: Plan
name: main
severity_rules:
  - {if: 'labels.severity == "critical"', then: critical}
  - {if: 'true', then: medium}
routes:
  - {if: 'true', to: first}
escalation:
  first:
    - {notify: ["person:admin"], wait: 5m}
    - {notify: ["person:admin"], wait: 10m}
"""
pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def muster(common: Running) -> Running:
    """A Muster without a plan."""
    return common


@pytest_asyncio.fixture(loop_scope="session")
async def planned(muster: Running) -> Running:
    """The same Muster with a plan in force, whichever test of this file came first."""
    if not (await muster.api("GET", "/api/v1/plans")).json()["items"]:
        await muster.apply(PLAN)
    return muster


async def test_the_first_plan_is_read_checked_while_typing_and_published(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster)
    heard = complaints(page)
    await page.goto(f"{muster.url}/plan")
    await page.get_by_role("link", name="Begin with the starter plan").click()
    text = page.get_by_label("The plan, in YAML")
    await expect(text).to_have_value(re.compile("acknowledge_within: 5m"))
    good = await text.input_value()
    await text.fill(good.replace("acknowledge_within: 5m", "acknowledge_within: 5 minutes"))
    review = page.get_by_role("region", name="What the check says")
    await expect(review).to_contain_text("1 fault: it cannot be published yet")
    await expect(review).to_contain_text("Write a number and a unit")
    assert await violations(page) == []
    await review.get_by_role("button", name="go there").first.click()
    chosen = (
        "document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)"
    )
    assert await page.evaluate(chosen) == "5 minutes"
    await page.get_by_label("Note").fill("Begin")
    assert heard == []
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_text("Nothing of it is lost.")).to_be_visible()
    await expect(text).to_have_value(re.compile("acknowledge_within: 5 minutes"))
    await expect(page.get_by_label("Note")).to_have_value("Begin")
    await text.fill(good)
    await expect(review.get_by_role("heading", name="Valid")).to_be_visible()
    await page.get_by_role("button", name="Publish").click()
    await page.wait_for_url("**/plan")
    await expect(page.locator("#main")).to_contain_text("version 1")
    await page.context.close()


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")])
async def test_every_page_is_accessible_and_stays_within_its_screen(
    planned: Running, chrome: Browser, size: tuple[int, int], theme: str
) -> None:
    page = await signed_in(chrome, planned, size, theme)
    heard = complaints(page)
    tried = "/plan/simulate?run=yes&labels=severity%3Dcritical&at=2027-01-02T03:00"
    for path in ("/plan", "/plan/versions", "/plan/versions/1", "/plan/diff", "/plan/edit", "/plan/simulate", tried):
        await page.goto(planned.url + path)
        assert await violations(page) == []
        assert await sideways(page) <= 0
        assert heard == []
    await page.context.close()


async def test_the_dry_run_answers_from_its_form(planned: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, planned, PHONE)
    await page.goto(f"{planned.url}/plan/simulate")
    alert = page.get_by_role("form", name="The alert")
    await alert.get_by_label("Labels").fill("alertname=HighErrorRate\nseverity=critical")
    await alert.get_by_label("When it comes").fill("2027-01-02T03:00")
    await alert.get_by_role("button", name="Try it out").tap()
    await expect(page.get_by_role("heading", name="Critical operational incident")).to_be_visible()
    await expect(page.locator("#main")).to_contain_text("03:05")
    await expect(page.locator("#policy-1-1")).to_contain_text("at once")
    await page.context.close()
