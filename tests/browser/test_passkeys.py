"""Passkeys for real: Chromium's virtual authenticator makes them and signs with them."""

import asyncio
import re

import asyncpg
import pytest
from playwright.async_api import Browser, CDPSession, Page, expect
from tests.browser.chromium import DESKTOP, PHONE, complaints, onlooker, sideways, violations
from tests.running import ADMIN, PASSWORD, Running, free_port

from muster.base.postgres import running_args

pytestmark = pytest.mark.browser
REFUSED = "Failed to load resource: the server responded with a status of 4"


async def authenticator(page: Page) -> CDPSession:
    """A platform authenticator that keeps passkeys and says who its owner is."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


async def password(page: Page, url: str) -> None:
    """Sign in by password."""
    await page.goto(f"{url}/sign-in")
    await page.get_by_label("Name or e-mail address").fill(ADMIN)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def grow_stale(muster: Running) -> None:
    """As if the sessions had been proven an hour ago."""
    connect = await asyncio.to_thread(running_args, muster.folder / "data")
    assert connect is not None
    conn = await asyncpg.connect(**connect)
    await conn.execute("UPDATE sessions SET proven_at = proven_at - interval '1 hour'")
    await conn.close()
    # Whatever changes people has every node look sessions up again.
    await muster.cli("organisation", "rename", "Contoso Ltd")


async def test_a_passkey_is_added_used_as_second_step_and_alone(chrome: Browser) -> None:
    port = free_port()
    url = f"http://localhost:{port}"
    async with Running(port=port, public_url=url) as muster:
        await muster.init()
        context = await onlooker(chrome, DESKTOP)
        page = await context.new_page()
        heard = complaints(page)
        await authenticator(page)
        await password(page, url)
        await page.wait_for_url(f"{url}/")
        await page.goto(f"{url}/me/factors")
        await page.get_by_label("What is it called?").fill("laptop")
        await page.get_by_role("button", name="Add a passkey").click()
        await expect(page.get_by_role("heading", name="Keep your recovery codes")).to_be_visible()
        assert await violations(page) == []
        await page.get_by_role("link", name="I have kept them").click()
        await expect(page.get_by_text("laptop", exact=True)).to_be_visible()
        await expect(page.get_by_text("not used yet")).to_be_visible()
        assert await violations(page) == []

        await page.goto(f"{url}/me")
        await page.get_by_role("button", name="Sign out", exact=True).click()
        await page.wait_for_url(re.compile("/sign-in"))
        await password(page, url)
        await page.wait_for_url(re.compile("/sign-in/second-step"))
        assert await violations(page) == []
        assert await sideways(page) <= 0
        await page.get_by_role("button", name="Use a passkey").click()
        await page.wait_for_url(f"{url}/")

        await page.goto(f"{url}/me")
        await page.get_by_role("button", name="Sign out", exact=True).click()
        await page.wait_for_url(re.compile("/sign-in"))
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await page.wait_for_url(f"{url}/")

        await grow_stale(muster)
        await page.goto(f"{url}/settings/tokens")
        await page.get_by_label("What is it for?").fill("ci")
        await page.get_by_label("incident.*", exact=True).check()
        await page.get_by_role("button", name="Create the token").click()
        await expect(page.get_by_role("heading", name="Confirm that it is you")).to_be_visible()
        assert await violations(page) == []
        assert await sideways(page) <= 0
        await page.get_by_role("button", name="Use a passkey").click()
        await expect(page.locator("pre")).to_contain_text("mst_")
        made = [token for token in await muster.json("token", "list") if token["name"] == "ci"]
        assert made[0]["scopes"] == ["incident.*"]
        assert [line for line in heard if not line.startswith(REFUSED)] == []

        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        for path in ("/me", "/me/factors", "/me/factors/app"):
            await page.goto(url + path)
            assert await violations(page) == [], path
            assert await sideways(page) <= 0, path
        person = await muster.json("person", "reset-factors", "admin")
        assert person == {"had": "a passkey"}
