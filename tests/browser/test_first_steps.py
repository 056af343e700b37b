"""From an empty installation to a first real page, in the browser alone, as a stranger meets it."""

import asyncio
import re

import httpx2
import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.chromium import DESKTOP, PHONE, complaints, onlooker, sideways, violations
from tests.running import PASSWORD, Running

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_a_stranger_is_paged_for_real_without_leaving_the_browser(chrome: Browser, size: tuple[int, int]) -> None:
    async with Running() as muster:
        context = await onlooker(chrome, size)
        page = await context.new_page()
        heard = complaints(page)
        await set_up(page, muster)
        await page.wait_for_url("**/welcome")
        await expect(page.locator("h1")).to_have_text("Five steps to a first real page")
        await sound(page)
        await page.click("text=Load the starter plan")
        await expect(page.locator("#step-1")).to_contain_text("Read the plan")
        await page.click("text=Use Muster's inbox")
        await expect(page.locator("#step-2")).to_contain_text("Your contacts")
        await page.click("text=Send a test page to me")
        await expect(page.locator("#receipts")).to_contain_text("Delivered")
        await expect(page.locator("#step-3 > svg, #step-3 .icon").first).to_be_visible()
        await page.click("text=Show the address for Prometheus")
        trial = await page.locator("#address pre").nth(1).inner_text()
        await sound(page)
        await send(trial)
        await page.goto(f"{muster.url}/")
        await expect(page.locator("#open")).to_contain_text("My first page")
        await expect(page.locator("#path")).to_contain_text("Proven")
        await sound(page)
        await page.goto(f"{muster.url}/inbox")
        await expect(page.locator(".inbox-message").first).to_contain_text("My first page")
        await page.locator(".inbox-message").first.get_by_role("button", name="Acknowledge").click()
        await expect(page.locator(".callout")).to_contain_text("You have it")
        assert heard == []
        await context.close()


async def set_up(page: Page, muster: Running) -> None:
    """Follow the link that Muster printed, and fill the form in."""
    for _ in range(100):
        if link := re.search(r"open (\S+)", muster.log.read_text()):
            break
        await asyncio.sleep(0.05)
    assert link
    await page.goto(link[1])
    await sound(page)
    await page.fill("[name=organisation]", "Contoso")
    await page.fill("[name=email]", "amara@contoso.example")
    await page.fill("[name=password]", PASSWORD)
    await page.click("button[type=submit]")


async def send(trial: str) -> None:
    """What the line for the shell does."""
    url, body = re.search(r"curl (\S+)", trial), re.search(r"-d '(.*)'", trial)
    assert url
    assert body
    async with httpx2.AsyncClient(trust_env=False) as http:
        answer = await http.post(url[1], content=body[1], headers={"content-type": "application/json"})
    assert answer.status_code == 200, answer.text


async def sound(page: Page) -> None:
    """Nothing is wrong for anybody."""
    assert await violations(page) == []
    assert await sideways(page) == 0
