"""The pages of a real Muster in a real browser: accessible, live, and enough to carry an incident by keyboard or thumb."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from tests.browser.chromium import DESKTOP, PHONE, complaints, onlooker, sideways, violations
from tests.browser.conftest import Shop, signed_in

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/welcome",
    "/incidents",
    "/incidents?place=All&q=nothing-has-this-name",
    "/incidents/report",
    "/incidents/{ref}",
    "/incidents/{ref}?show=Pages",
    "/incidents/{ref}/pages",
    "/alerts",
    "/alerts?view=All&group=alertname",
    "/alerts/noise",
    "/silences",
    "/silences/new?matchers=alertname%3DDiskFull",
    "/on-call",
    "/plan",
    "/catalogue",
    "/ledger",
    "/inbox",
    "/me",
    "/settings",
    "/settings/channels",
    "/settings/integrations",
    "/settings/integrations/new",
    "/settings/people",
    "/settings/teams",
    "/settings/tokens",
    "/styleguide",
)

# What a page says apart from the passing of time: the words of clocks run by themselves in every open page.
CONTENT = """() => {
  const main = document.getElementById("main").cloneNode(true);
  for (const time of main.querySelectorAll("time")) time.replaceChildren();
  for (const clock of main.querySelectorAll(".clock")) clock.className = "clock";
  for (const node of main.querySelectorAll("[data-touched]")) node.removeAttribute("data-touched");
  return main.outerHTML;
}"""


async def live(page: Page) -> None:
    await page.wait_for_selector("[data-live-state=live]", state="attached")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_page_is_accessible_and_within_its_policy(
    chrome: Browser, shop: Shop, size: tuple[int, int], theme: Any
) -> None:
    ref = await shop.newest() or await shop.fire("Accessible", description="Something is **wrong**.")
    context = await onlooker(chrome, size, theme)
    page = await signed_in(context, shop)
    heard = complaints(page)
    for path in PAGES:
        answer = await page.goto(shop.url + path.format(ref=ref))
        assert answer is not None
        assert answer.status == 200, path
        await live(page)
        assert await violations(page) == [], path
        assert await sideways(page) == 0, path
    assert heard == []
    await context.close()


async def test_who_is_not_signed_in_comes_back_to_the_page_that_was_wanted(chrome: Browser, shop: Shop) -> None:
    context = await onlooker(chrome)
    page = await signed_in(context, shop, "/incidents")
    await expect(page.locator("h1")).to_have_text("Incidents")
    await context.close()


async def test_an_incident_is_carried_from_alert_to_close_by_keyboard(amara: Page, shop: Shop) -> None:
    ref = await shop.fire("ByKeyboard")
    await amara.goto(f"{shop.url}/incidents/{ref}")
    await live(amara)
    here = amara.locator(".stepper .here")
    await amara.keyboard.press("a")
    await expect(here).to_contain_text("Acknowledged")
    for key, state, words in (("m", "Mitigated", "Rolled back."), ("r", "Resolved", "Fixed for good.")):
        await amara.keyboard.press(key)
        await amara.keyboard.type(words)
        await amara.keyboard.press("Control+Enter")
        await expect(here).to_contain_text(state)
        await expect(amara.locator("#timeline")).to_contain_text(words)
    await expect(amara.locator("#obligation-close")).to_contain_text("3 items of its checklist are open.")
    await shop.end("ByKeyboard")
    await expect(amara.locator("#obligation-close")).to_contain_text("2 items of its checklist are open.")
    await amara.click("text=Complete the record")
    await amara.fill("#edit-trigger", "A bad release.")
    await amara.click("dialog[open] >> text=Save")
    await expect(amara.locator("#obligation-close")).to_contain_text("1 item of its checklist is open.")
    await amara.click("#obligation-attest-users_recovered >> text=Attest >> nth=-1")
    await amara.click("dialog[open] button[type=submit]")
    await expect(amara.locator("#obligation-close button")).to_be_visible()
    await amara.keyboard.press("x")
    await amara.keyboard.press("Control+Enter")
    await expect(here).to_contain_text("Closed")


async def test_a_refusal_stands_beside_the_form_with_what_was_typed(amara: Page, shop: Shop) -> None:
    ref = await shop.fire("Refused")
    await amara.goto(f"{shop.url}/incidents/{ref}")
    await live(amara)
    await amara.click("text=Change severity")
    await amara.fill("#severity-reason", "Because it hurts.")
    await amara.click("dialog[open] button[type=submit]")
    await expect(amara.locator("#refused")).to_contain_text(f"{ref} is critical already.")
    assert await amara.input_value("#again-severity-reason") == "Because it hurts."
    await shop.do(ref, "notes", text="Meanwhile somebody writes.")
    await expect(amara.locator("#timeline")).to_contain_text("Meanwhile somebody writes.")
    assert await amara.input_value("#again-severity-reason") == "Because it hurts."
    assert await violations(amara) == []
    await amara.select_option("#again-severity-severity", "high")
    await amara.click("#refused button[type=submit]")
    await expect(amara.locator(".head .severity")).to_contain_text("High")
    await expect(amara.locator("#refused")).to_have_count(0)


async def test_an_open_incident_with_its_events_is_the_fresh_page(amara: Page, shop: Shop) -> None:
    ref = await shop.fire("Streamed")
    await amara.goto(f"{shop.url}/incidents/{ref}")
    await live(amara)
    await shop.do(ref, "acknowledge")
    await shop.do(ref, "roles", role="incident_response_manager", person="ben")
    await shop.do(ref, "severity", severity="high", reason="Fewer are hit.")
    await shop.do(ref, "links", url="https://meet.contoso.example/7", label="Call")
    await shop.do(ref, "mitigate", note="Rolled back.")
    await shop.end("Streamed")
    await shop.do(ref, "notes", text="The *last* word.")
    await expect(amara.locator("#timeline")).to_contain_text("The last word.")
    await settled(amara)


async def test_now_with_its_events_is_the_fresh_page(amara: Page, shop: Shop) -> None:
    await amara.goto(shop.url)
    await live(amara)
    first = await shop.fire("NowFirst", "warning")
    second = await shop.fire("NowSecond")
    await shop.do(first, "acknowledge")
    await shop.do(first, "false-alarm", reason="Only a test.")
    await shop.do(second, "acknowledge")
    row = amara.locator(f"#row-{second}")
    await expect(row).to_contain_text("Acknowledged")
    await expect(amara.locator(f"#row-{first}")).to_have_count(0)
    await settled(amara)


async def settled(page: Page) -> None:
    """The old page, changed by events, is what a fresh load gives."""
    await asyncio.sleep(1)
    kept = await page.evaluate(CONTENT)
    await page.reload()
    await live(page)
    assert await page.evaluate(CONTENT) == kept


async def test_the_link_of_a_page_acknowledges_with_one_tap_and_answers_kindly_ever_after(
    chrome: Browser, amara: Page, shop: Shop
) -> None:
    ref = await shop.fire("OneTap")
    await amara.goto(f"{shop.url}/inbox")
    message = amara.locator(".inbox-message").filter(has_text=ref)
    link = await message.locator("form").get_attribute("action")
    assert link
    phone = await onlooker(chrome, PHONE)
    page = await phone.new_page()
    heard = complaints(page)
    await page.goto(shop.url + link)
    button = page.get_by_role("button", name="Acknowledge")
    box = await button.bounding_box()
    assert box
    assert box["height"] >= 64
    assert box["width"] >= 300
    assert await violations(page) == []
    assert await sideways(page) == 0
    await button.tap()
    await expect(page.locator(".callout")).to_contain_text("You have it")
    await page.goto(shop.url + link)
    await expect(page.locator(".callout")).to_contain_text(f"You have {ref}.")
    assert heard == []
    await page.goto(f"{shop.url}{link[:-4]}AAAA")
    await expect(page.locator("h1")).to_have_text("This link does not count.")
    assert await violations(page) == []
    await expect(message.locator("form")).to_have_count(0)
    await phone.close()


async def test_a_notifications_own_button_acknowledges_by_a_bare_post(amara: Page, shop: Shop) -> None:
    ref = await shop.fire("BarePost")
    await amara.goto(f"{shop.url}/incidents/{ref}")
    await live(amara)
    inbox = await amara.context.new_page()
    await inbox.goto(f"{shop.url}/inbox")
    link = await inbox.locator(".inbox-message").filter(has_text=ref).locator("form").get_attribute("action")
    answer = await shop.api("POST", str(link), token="")
    assert answer.status_code == 200
    assert "You have it" in answer.text
    await expect(amara.locator("#timeline")).to_contain_text("admin acknowledged.")
    again = await shop.api("POST", str(link), token="")
    assert again.status_code == 200
    forged = await shop.api("POST", f"{link}x", token="")
    assert forged.status_code == 403


async def test_a_problem_is_reported_on_behalf_of_somebody_and_pages(amara: Page, shop: Shop) -> None:
    await amara.goto(shop.url)
    await live(amara)
    await amara.keyboard.press("c")
    await amara.wait_for_url("**/incidents/report")
    await amara.fill("[name=title]", "Customers cannot pay")
    await amara.select_option("[name=workload]", "shop/web")
    await amara.fill("[name=on_behalf_of]", "The service desk")
    await amara.click("button:has-text('Report')")
    await expect(amara.locator("h1")).to_have_text("Customers cannot pay")
    await expect(amara.locator("#timeline")).to_contain_text("on behalf of The service desk")
    await expect(amara.locator("#pages")).to_contain_text("Amara Okafor")
    await amara.click("text=Why these people?")
    await expect(amara.locator("main")).to_contain_text("On call by shop-primary")


async def test_a_test_page_shows_its_receipt_by_itself(amara: Page, shop: Shop) -> None:
    await amara.goto(f"{shop.url}/settings/channels")
    await live(amara)
    await amara.click("#channel-inbox >> text=Send a test page to me")
    await expect(amara.locator("#receipts .list > li >> nth=0")).to_contain_text("Delivered")
    await expect(amara.locator("#receipts")).to_contain_text("It is in Muster's inbox.")


async def test_the_palette_finds_incidents_people_workloads_and_schedules(amara: Page, shop: Shop) -> None:
    ref = await shop.fire("Palette")
    await amara.goto(shop.url)
    await live(amara)
    for words, found in (
        (ref, ref),
        ("okafor", "Amara Okafor"),
        ("search", "shop: search"),
        ("primary", "shop-primary"),
    ):
        await amara.keyboard.press("Control+k")
        await amara.keyboard.type(words)
        await expect(amara.locator("#palette-list")).to_contain_text(found)
        await amara.keyboard.press("Escape")


async def test_a_format_is_found_connected_and_tried_as_a_pair(amara: Page, shop: Shop) -> None:
    await amara.goto(f"{shop.url}/settings/integrations/new?q=dog")
    await amara.click("aside >> text=Datadog")
    await expect(amara.locator("#field-format")).to_have_value("datadog")
    await amara.fill("#field-name", "datadog-pair")
    await amara.click("text=Add it")
    await expect(amara.locator("#connect")).to_contain_text("$ALERT_CYCLE_KEY")
    await live(amara)
    await amara.click("main >> button:has-text('Send a test') >> nth=0")
    # The page that the test was sent from hears of it and renews itself; what became of the test stays all the same.
    await expect(amara.locator("main")).to_contain_text("The sample went all the way")
    await live(amara)
    await amara.click("text=Send its recovery")
    await expect(amara.locator("main")).to_contain_text("is over.")
    assert await violations(amara) == []
