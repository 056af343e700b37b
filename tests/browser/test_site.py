"""The site of the documents in a browser, opened as files: it finds, draws, follows the reader's colours and fits a phone."""

import re
import runpy
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.chromium import DESKTOP, PHONE, complaints, onlooker, sideways

SCRIPT = Path(__file__).parents[2] / "scripts" / "site"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the site, built anew."""
    target = tmp_path_factory.mktemp("site") / "site"
    assert runpy.run_path(str(SCRIPT))["main"](target) == 0
    return target.as_uri()


@pytest_asyncio.fixture
async def reader(chrome: Browser) -> AsyncIterator[Page]:
    """A page at a desk that fails the test when it complains or asks another server for something."""
    context = await onlooker(chrome)
    page = await context.new_page()
    heard, asked = complaints(page), list[str]()
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
    yield page
    assert heard == []
    assert asked == []
    await context.close()


async def test_search_finds_a_section_without_a_server(reader: Page, site: str) -> None:
    await reader.goto(f"{site}/how-to/connect-prometheus.html")
    await reader.get_by_role("button", name="Search").first.click()
    await reader.get_by_role("combobox", name="Search").fill("quiet hours")
    await reader.get_by_role("option", name="Quiet hours", exact=True).first.click()
    await expect(reader).to_have_url(re.compile(r"/reference/paging\.html.*#quiet-hours$"))


async def test_the_diagram_of_the_architecture_is_drawn(reader: Page, site: str) -> None:
    await reader.goto(f"{site}/architecture.html")
    await expect(reader.locator("div.mermaid")).to_be_visible()
    await expect(reader.locator("pre.mermaid")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desk", "phone"])
async def test_pages_fit_and_follow_the_reader_s_colours(
    chrome: Browser, site: str, size: tuple[int, int], theme: str
) -> None:
    context = await onlooker(chrome, size, theme)
    page = await context.new_page()
    for name in ("index", "how-to/connect-prometheus", "reference/commands", "reference/formats", "trial"):
        await page.goto(f"{site}/{name}.html")
        expected = "slate" if theme == "dark" else "default"
        await expect(page.locator("body")).to_have_attribute("data-md-color-scheme", expected)
        assert await sideways(page) <= 0, name
    await context.close()
