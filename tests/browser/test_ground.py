"""The UI's ground in a real browser: accessible, within its policy, and never showing what is no longer true."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.chromium import DESKTOP, PHONE, chromium, complaints, onlooker, sideways, violations

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]


class Ground:
    """The application's process; it can be stopped and started on the same port."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(self.port), "--no-log"]
        self.process = subprocess.Popen([*command, "tests.browser.ground_app:app"], cwd=ROOT, start_new_session=True)
        for _ in range(200):
            try:
                httpx2.get(f"{self.url}/styleguide")
                return
            except httpx2.TransportError:
                time.sleep(0.05)
        raise AssertionError("the ground did not start")

    def stop(self) -> None:
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def forget(self) -> None:
        if self.process is None:
            self.start()
        httpx2.delete(f"{self.url}/living")

    def write(self, text: str) -> None:
        httpx2.post(f"{self.url}/living", data={"text": text})


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    ground = Ground()
    ground.start()
    yield ground
    ground.stop()


@pytest_asyncio.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture
async def page(browser: Browser, ground: Ground) -> AsyncIterator[Page]:
    await asyncio.to_thread(ground.forget)
    context = await onlooker(browser)
    page = await context.new_page()
    heard = complaints(page)
    await page.goto(f"{ground.url}/living")
    await page.wait_for_selector("[data-live-state=live]")
    yield page
    assert not [each for each in heard if "net::ERR" not in each and not each.startswith("htmx:")]
    await context.close()


async def test_every_component_is_accessible_in_both_themes_on_desktop_and_phone(
    browser: Browser, ground: Ground
) -> None:
    for size in (DESKTOP, PHONE):
        for theme in ("light", "dark"):
            context = await onlooker(browser, size, theme)
            page = await context.new_page()
            heard = complaints(page)
            await page.goto(f"{ground.url}/styleguide")
            assert await violations(page) == [], (size, theme)
            assert await sideways(page) == 0, (size, theme)
            assert heard == [], (size, theme)
            await context.close()


async def test_a_change_from_elsewhere_appears_and_leaves_what_was_begun(page: Page, ground: Ground) -> None:
    await page.click("text=Why so many?")
    await page.fill("#field-text", "half writ")
    await asyncio.to_thread(ground.write, "from elsewhere")
    await expect(page.locator("#count")).to_have_text("1 notes")
    assert await page.input_value("#field-text") == "half writ"
    assert await page.evaluate("document.activeElement.id") == "field-text"
    assert await page.evaluate("document.querySelector('main details').open")


async def test_a_sent_form_is_empty_again_and_the_page_is_not_loaded_anew(page: Page) -> None:
    await page.evaluate("window.same = true")
    await page.fill("#field-text", "written here")
    await page.click("text=Add note")
    await expect(page.locator("#count")).to_have_text("1 notes")
    assert await page.input_value("#field-text") == ""
    assert await page.evaluate("window.same")


async def test_the_old_page_with_its_events_is_the_fresh_page(page: Page, ground: Ground) -> None:
    for number in range(7):
        await asyncio.to_thread(ground.write, f"note {number}")
    await expect(page.locator("#count")).to_have_text("7 notes")
    kept = await page.inner_html("#main")
    await page.reload()
    await page.wait_for_selector("[data-live-state=live]")
    assert await page.inner_html("#main") == kept


async def test_a_lost_connection_is_admitted_within_five_seconds_and_healed_without_a_hand(
    page: Page, ground: Ground
) -> None:
    await asyncio.to_thread(ground.write, "before")
    await expect(page.locator("#count")).to_have_text("1 notes")
    lost_at = time.perf_counter()
    await asyncio.to_thread(ground.stop)
    await page.wait_for_selector("#lost:not([hidden])", timeout=8000)
    assert time.perf_counter() - lost_at < 5
    await asyncio.to_thread(ground.start)
    await page.wait_for_selector("#lost", state="hidden", timeout=15000)
    await expect(page.locator("#count")).to_have_text("0 notes")


async def test_a_press_that_does_not_reach_muster_says_so(page: Page, ground: Ground) -> None:
    await page.fill("#field-text", "lost in the wire")
    await asyncio.to_thread(ground.stop)
    await page.click("text=Add note")
    await expect(page.locator(".flash-refusal")).to_contain_text("did not reach Muster")
    assert await page.input_value("#field-text") == "lost in the wire"


async def test_the_keyboard_lists_its_shortcuts_asks_before_it_acts_and_finds_things(page: Page) -> None:
    await page.keyboard.press("?")
    await expect(page.locator("#keys")).to_contain_text("Escalate")
    await page.keyboard.press("Escape")
    await page.keyboard.press("e")
    await expect(page.locator("dialog[open]")).to_contain_text("Escalate now?")
    await page.click("dialog[open] >> text=Escalate >> nth=-1")
    await expect(page.locator("#count")).to_have_text("1 notes")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("inc")
    await expect(page.locator("#palette-list")).to_contain_text("INC-142")
    assert await violations(page) == []
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/styleguide")


async def test_the_chosen_theme_is_remembered_and_written_by_the_server(page: Page, ground: Ground) -> None:
    await page.goto(f"{ground.url}/styleguide")
    await page.click("main [data-theme-next] >> nth=0")
    await page.click("main [data-theme-next] >> nth=0")
    answer: Any = await page.reload()
    assert 'data-theme="dark"' in await answer.text()


async def test_times_are_in_the_viewers_zone_from_the_second_page_on(page: Page, ground: Ground) -> None:
    await page.goto(f"{ground.url}/styleguide")
    assert await page.get_attribute("html", "data-zone") == "Europe/Berlin"
    assert "Europe/Berlin" in (await page.get_attribute("main time[data-kind=ago] >> nth=0", "title") or "")
