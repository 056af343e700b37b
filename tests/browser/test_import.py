"""Settings → Import in the browser: choose files, read the report, import, on desktop and phone."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from tests.browser.chromium import DESKTOP, PHONE, complaints, renewed, sideways, signed_in, violations
from tests.running import Running

pytestmark = pytest.mark.browser
EXPORT = {
    "users": [{"id": "UA", "type": "user", "name": "NAME", "email": "NAME@contoso.example", "role": "admin"}],
    "schedules": [{"id": "SB", "type": "schedule", "name": "Nobody's", "time_zone": "UTC"}],
    "escalation_policies": [
        {
            "id": "PP",
            "type": "escalation_policy",
            "name": "First",
            "escalation_rules": [
                {
                    "escalation_delay_in_minutes": 5,
                    "targets": [{"id": "UA", "type": "user_reference", "summary": "Ana"}],
                }
            ],
        }
    ],
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def muster() -> AsyncIterator[Running]:
    """A Muster into which nothing else was written: imports bring plans."""
    async with Running() as running:
        await running.init()
        yield running


@pytest.mark.parametrize(
    ("name", "size", "theme"), [("ida", DESKTOP, "light"), ("olga", PHONE, "dark")], ids=["desktop", "phone"]
)
async def test_an_export_is_tried_read_and_imported(
    muster: Running, chrome: Browser, tmp_path: Path, name: str, size: tuple[int, int], theme: str
) -> None:
    file = tmp_path / "export.json"
    file.write_text(json.dumps(EXPORT).replace("NAME", name))
    known = {person["name"] for person in await muster.json("person", "list")}
    page = await signed_in(chrome, muster, size, theme)
    heard = complaints(page)
    await page.goto(f"{muster.url}/settings")
    await page.get_by_role("link", name="Import").click()
    await page.get_by_label("What do you move from?").select_option("pagerduty")
    await page.get_by_label("The files of the export").set_input_files(file)
    await page.get_by_role("button", name="Show what would happen").click()
    await expect(page.locator("#import-body")).to_contain_text("1 mapped, 1 with a loss, 1 not mapped")
    await expect(page.locator("#import-body")).to_contain_text("does not hold its layers")
    assert {person["name"] for person in await muster.json("person", "list")} == known
    # The page renews itself while somebody reads; the report must still be there.
    await renewed(page)
    assert await sideways(page) <= 0
    assert await violations(page) == []
    await page.get_by_role("button", name="Import this").click()
    await expect(page.locator("#import-body")).to_contain_text("Importing the same again changes nothing")
    assert await violations(page) == []
    assert {person["name"] for person in await muster.json("person", "list")} == {*known, name}
    assert heard == []


async def test_a_file_that_cannot_be_read_is_refused_in_words(muster: Running, chrome: Browser, tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text("{")
    page = await signed_in(chrome, muster)
    await page.goto(f"{muster.url}/settings/import")
    await page.get_by_label("The files of the export").set_input_files(file)
    await page.get_by_role("button", name="Show what would happen").click()
    await expect(page.get_by_role("alert")).to_contain_text("export.json")
    await expect(page.get_by_label("What do you move from?")).to_be_visible()
