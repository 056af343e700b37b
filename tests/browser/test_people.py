"""From the first-run link to a reachable team in a real browser, each page accessible and within its policy."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from tests.browser.chromium import PHONE, complaints, onlooker, sideways, violations
from tests.running import PASSWORD, Running

pytestmark = pytest.mark.browser
REFUSED = "Failed to load resource: the server responded with a status of 4"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def muster() -> AsyncIterator[Running]:
    """A Muster that nobody has set up."""
    async with Running() as running:
        yield running


class Onlooker:
    """Looks at pages and insists on each being sound."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url, self.heard = page, url, complaints(page)

    async def go(self, path: str) -> None:
        """Open a page."""
        await self.page.goto(path if "://" in path else self.url + path)
        await self.sound()

    async def press(self, name: str) -> None:
        """Press a button that leads to another state of the page."""
        await self.page.get_by_role("button", name=name, exact=True).first.click()

    async def sound(self) -> None:
        """Axe finds nothing, nothing sticks out, the policy is kept."""
        assert await violations(self.page) == []
        assert await sideways(self.page) <= 0
        assert [each for each in self.heard if not each.startswith(REFUSED)] == []


async def test_five_minutes_from_the_link_to_a_team_that_can_be_reached(muster: Running, chrome: Browser) -> None:
    context = await onlooker(chrome)
    look = Onlooker(await context.new_page(), muster.url)
    page = look.page
    await look.go(re.findall(r"http://\S+/first-run/\S+", muster.log.read_text())[-1])
    await page.get_by_label("Organisation").fill("Contoso")
    await page.get_by_label("Your full name").fill("Rut Root")
    await page.get_by_label("Your e-mail address").fill("rut@contoso.example")
    await page.get_by_label("Password").fill("short")
    await look.press("Set Muster up")
    await expect(page.get_by_text("A password has at least 10 characters.")).to_be_visible()
    await look.sound()
    await page.get_by_label("Password").fill(PASSWORD)
    await look.press("Set Muster up")
    await page.wait_for_url("**/welcome")

    await look.go("/settings/people/new")
    await page.get_by_label("Name", exact=True).fill("ana")
    await page.get_by_label("Full name").fill("Ana Silva")
    await page.get_by_label("E-mail address").fill("ana@contoso.example")
    await look.press("Add the person")
    await expect(page.get_by_role("heading", name="A link for Ana Silva")).to_be_visible()
    await page.wait_for_timeout(1000)
    link = await page.locator("pre").inner_text()
    await look.sound()

    await look.go("/settings/people/ana")
    await page.get_by_label("Kind").select_option("webhook")
    await page.get_by_label("Address", exact=True).fill("nowhere")
    await look.press("Add the contact")
    await expect(page.locator("#contact-address-fault")).to_be_visible()
    await look.sound()
    await page.get_by_label("Address", exact=True).fill("http://127.0.0.1:9/ana")
    await look.press("Add the contact")
    await expect(page.get_by_text("Not proved")).to_be_visible()

    await look.go("/settings/teams/new")
    await page.get_by_label("Name", exact=True).fill("platform")
    await page.get_by_label("Ana Silva (ana)").check()
    await page.get_by_label("Lead").select_option("ana")
    await look.press("Add the team")
    await page.wait_for_url("**/settings/teams/platform")
    await expect(page.locator("#member-ana")).to_contain_text("webhook")

    await look.go("/settings/tokens")
    await page.get_by_label("What is it for?").fill("ci")
    await page.get_by_label("incident.*", exact=True).check()
    await look.press("Create the token")
    await expect(page.locator("pre")).to_contain_text("mst_")
    await page.wait_for_timeout(1000)
    await expect(page.locator("pre")).to_contain_text("mst_")
    await look.sound()

    small = await onlooker(chrome, PHONE, "dark")
    ana = Onlooker(await small.new_page(), muster.url)
    await ana.go(link)
    await ana.page.get_by_label("New password").fill(PASSWORD)
    await ana.press("Set the password and sign in")
    await ana.page.wait_for_url("**/me")
    for path in (
        "/me",
        "/settings/people",
        "/settings/people/rut",
        "/settings/teams",
        "/settings/tokens",
        "/settings/organisation",
    ):
        await ana.go(path)
    await ana.go("/me")
    await ana.press("Sign out")
    await ana.page.wait_for_url("**/sign-in")
    await ana.page.get_by_label("Name or e-mail address").fill("ana")
    await ana.page.get_by_label("Password").fill("wrong password")
    await ana.press("Sign in")
    await expect(ana.page.get_by_text("The name or the password is wrong.")).to_be_visible()
    await ana.sound()
    await context.close()
    await small.close()
