"""Debian's Chromium and axe, as all browser tests use them."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from tests.running import ADMIN, PASSWORD, Running

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
EXECUTABLE = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = (1280, 800), (360, 740)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_STILL = """Promise.all(document.getAnimations()
  .filter((animation) => animation.effect.getTiming().iterations !== Infinity)
  .map((animation) => animation.finished.catch(() => null)))"""
"""A button that was just pressed fades between two colours, and neither is what people see."""
_JUDGE = f"axe.run({{runOnly: {json.dumps(RULES)}}}).then((found) => JSON.stringify(found.violations))"


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser for some tests."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        try:
            yield browser
        finally:
            await browser.close()


async def onlooker(browser: Browser, size: tuple[int, int] = DESKTOP, theme: Any = "light") -> BrowserContext:
    """A fresh profile at a screen size and colour scheme, in Berlin."""
    width, height = size
    return await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=theme,
        has_touch=size == PHONE,
        timezone_id="Europe/Berlin",
    )


def complaints(page: Page) -> list[str]:
    """A list that fills with what the page's console and scripts complain of, breaches of the policy included."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


async def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page once its transitions have ended; the debugger injects it, past the page's own policy."""
    await page.evaluate(_STILL)
    session = await page.context.new_cdp_session(page)
    await session.send("Runtime.evaluate", {"expression": AXE})
    answer = await session.send("Runtime.evaluate", {"expression": _JUDGE, "awaitPromise": True, "returnByValue": True})
    found = json.loads(answer["result"]["value"])
    return [f"{each['id']}: {node['html'][:160]} {node['failureSummary']}" for each in found for node in each["nodes"]]


async def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its screen."""
    return int(await page.evaluate("document.documentElement.scrollWidth - innerWidth"))


async def renewed(page: Page) -> None:
    """Wait until the open page has fetched itself again, as it does whenever its live connection is made anew."""
    await page.evaluate(
        "new Promise((done) => { document.addEventListener('muster:fresh', done, {once: true});"
        " dispatchEvent(new Event('online')); })"
    )


async def signed_in(browser: Browser, muster: Running, size: tuple[int, int] = DESKTOP, theme: str = "light") -> Page:
    """A page of the administrator, signed in through the form as people do."""
    page = await (await onlooker(browser, size, theme)).new_page()
    await page.goto(f"{muster.url}/sign-in")
    await page.get_by_label("Name or e-mail address").fill(ADMIN)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.wait_for_url(re.compile(r"/$"))
    return page
