"""Web push from the button to the answer: the browser subscribes, a real page is pushed to it, its notification acknowledges.

Chromium without a maker's push service cannot subscribe for real: the page's `PushManager.subscribe` is answered by ours, and
what our push service decrypted is delivered to the service worker by the debugger, as the browser's own channel would.
"""

import asyncio
import json
from typing import Any

from playwright.async_api import Browser as Chrome
from playwright.async_api import CDPSession, Page
from tests.browser.chromium import PHONE, complaints, onlooker, sideways, violations
from tests.browser.conftest import Shop, signed_in
from tests.doubles.push import PushService

SUBSCRIBE = """
(given) => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
  PushManager.prototype.getSubscription = async () => window.__made || null;
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly || options.applicationServerKey.byteLength !== 65) throw new Error("bad options");
    window.__made = {
      endpoint: given.endpoint,
      options,
      getKey: (name) => bytes(given[name]),
    };
    return window.__made;
  };
}
"""


async def deliver(session: CDPSession, origin: str, registration: str, push: dict[str, Any]) -> None:
    """Give the service worker a push, as the browser's own channel does."""
    data = {"origin": origin, "registrationId": registration, "data": json.dumps(push)}
    await session.send("ServiceWorker.deliverPushMessage", data)


async def registration_of(session: CDPSession, origin: str) -> str:
    """The debugger's name for our service worker's registration."""
    found: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def on_update(event: dict[str, Any]) -> None:
        for each in event["registrations"]:
            if each["scopeURL"] == f"{origin}/" and not found.done():
                found.set_result(each["registrationId"])

    session.on("ServiceWorker.workerRegistrationUpdated", on_update)
    await session.send("ServiceWorker.enable")
    return await asyncio.wait_for(found, 5)


async def notifications(page: Page) -> list[dict[str, Any]]:
    """What the browser shows."""
    shown: list[dict[str, Any]] = await page.evaluate(
        """async () => (await (await navigator.serviceWorker.getRegistration("/")).getNotifications()).map((each) => ({
          title: each.title, body: each.body, tag: each.tag, actions: each.actions.map((a) => a.action)}))"""
    )
    return shown


async def shown(page: Page, words: str, *, asks: bool = True) -> dict[str, Any]:
    """The notification whose title has these words, once it is there; one that asks has a button to acknowledge."""
    for _ in range(400):
        for notification in await notifications(page):
            if words in notification["title"] and asks == ("acknowledge" in notification["actions"]):
                return notification
        await asyncio.sleep(0.05)
    raise AssertionError(f"no notification says {words!r}: {await notifications(page)}")


async def test_a_phone_becomes_a_contact_gets_a_page_and_acknowledges_it(shop: Shop, chrome: Chrome) -> None:
    async with PushService() as service:
        endpoint, secret = service.browser()
        p256dh, auth = secret.split(".")
        context = await onlooker(chrome, PHONE)
        await context.grant_permissions(["notifications"], origin=shop.url)
        given = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth}
        await context.add_init_script(f"({SUBSCRIBE})({json.dumps(given)})")
        page = await signed_in(context, shop, "/me")
        heard = complaints(page)
        await page.get_by_role("button", name="Use this browser or phone").click()
        await page.get_by_text("by 127.0.0.1").wait_for(timeout=4000)
        [request] = await service.wait(1)
        assert request.path == "/p/phone"
        code = service.pushes[0]["body"].split("Your code is ")[1][:6]
        await page.get_by_placeholder("The code that was sent").fill(code)
        await page.get_by_role("button", name="Prove", exact=True).click()
        row = page.locator("li", has_text="by 127.0.0.1")
        await row.get_by_text("Proved", exact=True).wait_for(timeout=4000)
        assert not heard, heard
        assert await violations(page) == []
        assert await sideways(page) <= 0
        await row.get_by_role("button", name="Try first").click()

        session = await context.new_cdp_session(page)
        registration = await registration_of(session, shop.url)
        ref = await shop.fire("PushedToThePhone")
        await service.wait(2)
        push = service.pushes[-1]
        assert push["ref"] == ref
        await deliver(session, shop.url, registration, push)
        notification = await shown(page, "PushedToThePhone")
        assert notification["actions"] == ["acknowledge", "open"]
        await delivered(shop, ref)

        worker = context.service_workers[0]
        await worker.evaluate(
            """async () => {
              const [notification] = await self.registration.getNotifications();
              self.dispatchEvent(new NotificationEvent("notificationclick", {notification, action: "acknowledge"}));
            }"""
        )
        await shown(page, f"{ref}: ", asks=False)
        incident = (await shop.api("GET", f"/api/v1/incidents/{ref}")).json()
        assert incident["state"] == "acknowledged", (incident, await notifications(page))
        await context.close()
    await shop.end("PushedToThePhone")


async def delivered(shop: Shop, ref: str) -> None:
    """Wait until the browser's receipt stands at the delivery."""
    for _ in range(60):
        pages = (await shop.api("GET", f"/api/v1/incidents/{ref}/pages")).json()
        if "The browser has shown it." in json.dumps(pages):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(pages)


async def test_the_app_can_be_installed(shop: Shop, chrome: Chrome) -> None:
    context = await onlooker(chrome, PHONE)
    page = await signed_in(context, shop)
    session = await context.new_cdp_session(page)
    manifest = await session.send("Page.getAppManifest")
    assert manifest["url"] == f"{shop.url}/manifest.webmanifest"
    assert not manifest["errors"], manifest["errors"]
    told = json.loads(manifest["data"])
    assert (told["display"], told["scope"], told["start_url"]) == ("standalone", "/", "/")
    for icon in told["icons"]:
        answer = await page.request.get(f"{shop.url}{icon['src']}")
        assert answer.headers["content-type"] == icon["type"]
    problems = await session.send("Page.getInstallabilityErrors")
    assert [each["errorId"] for each in problems["installabilityErrors"]] in ([], ["in-incognito"]), problems
    await context.close()


async def test_the_button_says_why_it_cannot(shop: Shop, chrome: Chrome) -> None:
    context = await onlooker(chrome)
    await context.add_init_script("Object.defineProperty(Notification, 'permission', {get: () => 'denied'})")
    page = await signed_in(context, shop, "/me")
    await page.get_by_role("button", name="Use this browser or phone").click()
    await page.get_by_text("Notifications are blocked for this site.").wait_for(timeout=4000)
    await context.close()


async def test_linking_telegram_says_that_there_is_no_bot(amara: Page, shop: Shop) -> None:
    await amara.goto(f"{shop.url}/me")
    await amara.get_by_role("link", name="Link Telegram").click()
    await amara.get_by_text("Telegram is off").wait_for(timeout=4000)
    assert await violations(amara) == []
