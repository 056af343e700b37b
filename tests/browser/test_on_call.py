"""On call in a real browser: changed by drag, by two taps and by keyboard, seen before it is saved, undone, always live."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect
from tests.browser.chromium import DESKTOP, PHONE, complaints, renewed, sideways, signed_in, violations
from tests.running import Running

pytestmark = pytest.mark.browser
SLOW = 20_000
ORGANISATION = """
{kind: Person, name: admin, full_name: Amara Okafor, email: admin@contoso.example, permission: administrator,
 contacts: [{kind: inbox, address: amara, verified: true}]}
---
{kind: Person, name: ana, full_name: Ana Silva, email: ana@contoso.example, permission: responder}
---
{kind: Person, name: bo, full_name: Bo Lind, email: bo@contoso.example, permission: responder}
---
kind: Schedule
name: platform-primary
time_zone: Europe/Berlin
layers:
  - {name: daily, people: [ana, bo], rotate: daily, hand_off: "09:00", start: 2026-01-05}
  - {name: nights, people: [bo], rotate: weekly, hand_off: "Mon 09:00", start: 2026-01-05,
     restrictions: [{days: Mon-Sun, from: "22:00", to: "06:00"}]}
---
kind: Schedule
name: turns
time_zone: Europe/Berlin
layers:
  - {name: daily, people: [ana, bo], rotate: daily, hand_off: "09:00", start: 2026-01-05}
---
kind: Schedule
name: ops-office
time_zone: Europe/Lisbon
layers:
  - {name: office, people: [ana], rotate: daily, hand_off: "09:00", start: 2026-01-05,
     restrictions: [{days: Mon-Fri, from: "09:00", to: "17:00"}]}
"""
PRIMARY = "/on-call/schedules/platform-primary"
TURNS = "/on-call/schedules/turns"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def muster(common: Running) -> Running:
    """A Muster with three schedules."""
    await common.apply(ORGANISATION)
    return common


def next_week() -> str:
    """A day whose shifts are all still to come."""
    return f"{datetime.now(UTC) + timedelta(days=7):%Y-%m-%d}"


async def at(page: Page, muster: Running, path: str) -> None:
    """Be on a page whose live connection stands, so that nothing renews it behind the test's back."""
    await page.goto(muster.url + path)
    await expect(page.locator("#live")).to_have_attribute("data-live-state", "live", timeout=SLOW)


async def grab(page: Page, node: Locator, share: float = 0.5, height: float = 0.5) -> tuple[float, float]:
    """Where to take hold of an element: at a share of its width, and of its height."""
    await node.scroll_into_view_if_needed()
    box = await node.bounding_box()
    assert box is not None
    return box["x"] + box["width"] * share, box["y"] + box["height"] * height


async def drag(page: Page, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """Press, move in steps as a hand does, and let go."""
    await page.mouse.move(*begin)
    await page.mouse.down()
    await page.mouse.move((begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2, steps=4)
    await page.mouse.move(*end, steps=4)
    await page.mouse.up()


async def standing(muster: Running, name: str) -> list[tuple[str | None, str, str]]:
    """The overrides of a schedule that hold now or later."""
    items = (await muster.api("GET", f"/api/v1/schedules/{name}/overrides")).json()["items"]
    return [(each["person"], each["start"], each["end"]) for each in items]


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
async def test_every_page_is_accessible_and_stays_within_its_screen(
    muster: Running, chrome: Browser, size: tuple[int, int], theme: str
) -> None:
    page = await signed_in(chrome, muster, size, theme)
    heard = complaints(page)
    day = next_week()
    shift = f"start={day}T08:00:00%2B00:00&end={day}T18:00:00%2B00:00"
    paths = [
        "/on-call",
        "/on-call?view=fortnight&person=ana",
        "/on-call?view=month",
        PRIMARY,
        f"{PRIMARY}?view=month",
        f"{PRIMARY}/shift?{shift}",
        f"{PRIMARY}/exchange?{shift}",
        f"{PRIMARY}/override",
        f"{PRIMARY}/edit",
        "/on-call/new?form=yaml",
    ]
    for path in paths:
        await at(page, muster, path)
        assert await violations(page) == [], path
        assert await sideways(page) <= 0, path
        assert heard == [], path
    await page.context.close()


async def test_a_time_is_marked_by_drag_seen_before_it_is_saved_and_undone(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, DESKTOP, "light")
    heard = complaints(page)
    await at(page, muster, f"{PRIMARY}?day={next_week()}")
    lane = page.locator("[data-lane]").first
    await drag(page, await grab(page, lane, 0.36, 0.1), await grab(page, lane, 0.62, 0.1))
    sheet = page.get_by_role("dialog")
    await expect(sheet).to_be_visible(timeout=SLOW)
    await expect(sheet.locator("#foreseen")).to_contain_text("instead of", timeout=SLOW)
    for field in ("From", "To"):
        assert re.search(r":(00|30)$", await sheet.get_by_label(field).input_value())
    assert await violations(page) == []
    await sheet.get_by_label("On call instead").select_option("ana")
    await expect(sheet.locator("#foreseen")).to_contain_text("Ana Silva has no proven contact", timeout=SLOW)
    await sheet.get_by_role("button", name="Put on call").click()
    undo = page.locator("#undo")
    await expect(undo).to_contain_text("Ana Silva is put on call", timeout=SLOW)
    assert [person for person, _, _ in await standing(muster, "platform-primary")] == ["ana"]
    await undo.get_by_role("button", name="Undo").click()
    await expect(undo).to_have_count(0, timeout=SLOW)
    assert await standing(muster, "platform-primary") == []
    assert heard == []
    await page.context.close()


async def test_a_person_is_dragged_onto_a_shift(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, DESKTOP, "dark")
    await at(page, muster, f"{TURNS}?day={next_week()}")
    shift = page.locator("[data-lane] a.shift[data-people=ana]").nth(1)
    start = await shift.get_attribute("data-start")
    chip = page.locator("[data-person=bo]")
    await drag(page, await grab(page, chip), await grab(page, shift, 0.7))
    sheet = page.get_by_role("dialog")
    await expect(sheet.get_by_label("On call instead")).to_have_value("bo", timeout=SLOW)
    await expect(sheet.locator("#foreseen")).to_contain_text("Bo Lind instead of Ana Silva", timeout=SLOW)
    await sheet.get_by_role("button", name="Put on call").click()
    await expect(page.locator("#undo")).to_be_visible(timeout=SLOW)
    made = await standing(muster, "turns")
    assert [(person, begin) for person, begin, _ in made] == [("bo", start)]
    await page.keyboard.press("z")
    await expect(page.locator("#undo")).to_have_count(0, timeout=SLOW)
    assert await standing(muster, "turns") == []
    await page.context.close()


async def test_a_shift_is_dragged_onto_another_s_and_both_are_swapped(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, DESKTOP, "light")
    await at(page, muster, f"{TURNS}?day={next_week()}")
    hers = page.locator("[data-lane] a.shift[data-people=ana]").nth(1)
    his = page.locator("[data-lane] a.shift[data-people=bo]").nth(2)
    starts = [await hers.get_attribute("data-start"), await his.get_attribute("data-start")]
    await drag(page, await grab(page, hers.locator("[data-grip]")), await grab(page, his, 0.7))
    sheet = page.get_by_role("dialog")
    await expect(sheet).to_contain_text("Swap both at once", timeout=SLOW)
    assert await violations(page) == []
    await sheet.get_by_role("button", name="Swap both at once").click()
    await expect(sheet).to_have_count(0, timeout=SLOW)
    await expect(page.locator("#overrides")).to_contain_text("Swap with", timeout=SLOW)
    made = {(person, begin) for person, begin, _ in await standing(muster, "turns")}
    assert made == {("bo", starts[0]), ("ana", starts[1])}
    for _ in made:
        name = "Remove"
        await page.locator("#overrides").get_by_role("button", name=name).first.click()
        before = len(await standing(muster, "turns"))
        await page.get_by_role("dialog").get_by_role("button", name=name).click()
        await expect(page.locator("#overrides .list > li")).to_have_count(before - 1, timeout=SLOW)
    await page.context.close()


async def test_everything_that_a_drag_does_is_done_by_keyboard(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, DESKTOP, "light")
    await at(page, muster, f"{TURNS}?day={next_week()}")
    shifts = page.locator("[data-lane] a.shift")
    await shifts.nth(1).focus()
    await page.keyboard.press("ArrowRight")
    await expect(shifts.nth(2)).to_be_focused()
    await page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    await expect(sheet).to_contain_text("Layer daily has this turn", timeout=SLOW)
    await sheet.get_by_role("link", name="Override…").focus()
    await page.keyboard.press("Enter")
    await expect(sheet.get_by_label("On call instead")).to_be_focused(timeout=SLOW)
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    first = page.url
    await page.keyboard.press("n")
    await expect(page).not_to_have_url(first, timeout=SLOW)
    await page.keyboard.press("t")
    await expect(page).to_have_url(re.compile(f"{TURNS}$"), timeout=SLOW)
    await page.context.close()


async def test_a_shift_is_taken_over_on_a_phone_in_two_taps_and_given_back(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, PHONE, "light")
    await at(page, muster, f"/on-call?schedule=ops-office&day={next_week()}")
    await page.locator("#schedule-ops-office a.agenda-shift:not(.shift-gap)").first.tap()
    sheet = page.get_by_role("dialog")
    await expect(sheet).to_contain_text("Amara Okafor instead of Ana Silva", timeout=SLOW)
    assert await violations(page) == []
    await sheet.get_by_role("button", name="Take it myself").tap()
    await expect(page.locator("#undo")).to_contain_text("Amara Okafor is put on call", timeout=SLOW)
    assert [person for person, _, _ in await standing(muster, "ops-office")] == ["admin"]
    assert await sideways(page) <= 0
    await page.locator("#schedule-ops-office a.agenda-shift.shift-mine").first.tap()
    await expect(sheet.get_by_role("link", name="Ask somebody to cover")).to_be_visible(timeout=SLOW)
    await sheet.get_by_role("button", name="Close").tap()
    await page.locator("#undo").get_by_role("button", name="Undo").tap()
    await expect(page.locator("#undo")).to_have_count(0, timeout=SLOW)
    assert await standing(muster, "ops-office") == []
    await page.context.close()


async def test_a_gap_is_in_plain_sight_and_closed_by_what_it_offers(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, DESKTOP, "light")
    await at(page, muster, "/on-call?schedule=ops-office")
    await expect(page.get_by_role("alert").first).to_contain_text("1 schedule has gaps in the next 90 days")
    await page.locator("#schedule-ops-office [data-lane] a.shift-gap").last.click()
    await expect(page.get_by_role("dialog")).to_contain_text("This closes the gap", timeout=SLOW)
    await page.context.close()


async def test_an_open_page_with_what_happened_is_a_fresh_page(muster: Running, chrome: Browser) -> None:
    shown = "[...document.querySelectorAll('#main :is(.shift, .agenda-shift)')].map((each) => each.textContent)"
    path = f"/on-call?view=fortnight&day={next_week()}"
    watcher = await signed_in(chrome, muster, DESKTOP, "light")
    await at(watcher, muster, path)
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
    body = {"person": "admin", "start": start.isoformat(), "duration": "5h", "note": "live"}
    made = await muster.api("POST", "/api/v1/schedules/turns/overrides", body)
    assert made.status_code == 201
    await expect(watcher.locator("#schedule-turns a.shift-mine").first).to_be_attached(timeout=SLOW)
    fresh = await signed_in(chrome, muster, DESKTOP, "light")
    await at(fresh, muster, path)
    assert await watcher.evaluate(shown) == await fresh.evaluate(shown)
    await watcher.locator("#schedule-turns [data-lane] a.shift").nth(1).click()
    sheet = watcher.get_by_role("dialog")
    await expect(sheet).to_be_visible(timeout=SLOW)
    await renewed(watcher)
    await expect(sheet).to_contain_text("Override…")
    gone = await muster.api("DELETE", f"/api/v1/schedules/turns/overrides/{made.json()['id']}")
    assert gone.status_code == 200
    await expect(watcher.locator("#schedule-turns a.shift-mine")).to_have_count(0, timeout=SLOW)
    await watcher.context.close()
    await fresh.context.close()


async def test_a_drag_lands_on_the_half_hours_of_the_clock_also_when_it_jumps(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, DESKTOP, "light")
    await page.goto(f"{muster.url}/on-call")
    script = """async ([start, end, x, edges]) => {
        const base = document.querySelector("script[type=module]").src.replace("js/app.js", "oncall/snap.js");
        const { snap, stretch, words, length } = await import(base);
        const first = Date.parse(start), last = Date.parse(end), whole = last - first;
        const at = snap(first + x * whole, first, edges.map((each) => Date.parse(each)), 10 * 60000);
        const marked = stretch(first + x * whole, first + x * whole, first, last, [], 0);
        return [words(at, "Europe/Berlin"), length(whole), marked[1] - marked[0]];
    }"""
    spring = ["2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"]
    autumn = ["2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"]
    half = 30 * 60 * 1000
    assert await page.evaluate(script, [*spring, 0.5, []]) == ["Sun 29 Mar 12:30", "23h", half]
    assert await page.evaluate(script, [*autumn, 0.5, []]) == ["Sun 25 Oct 11:30", "1d 1h", half]
    assert await page.evaluate(script, [*spring, 0.5, ["2026-03-29T10:37:00Z"]]) == ["Sun 29 Mar 12:37", "23h", half]
    assert await page.evaluate(script, [*spring, 1, []]) == ["Mon 30 Mar 00:00", "23h", half]
    await page.context.close()


async def test_a_schedule_is_edited_as_a_form_that_shows_what_it_will_say(muster: Running, chrome: Browser) -> None:
    watcher = await signed_in(chrome, muster, DESKTOP, "light")
    await watcher.goto(f"{muster.url}/on-call")
    page = await signed_in(chrome, muster, DESKTOP, "dark")
    await at(page, muster, "/on-call/new")
    await page.get_by_role("button", name="Add a turn").click()
    await page.get_by_label("weekly, turn 2").select_option("bo", timeout=SLOW)
    await expect(page.locator("#preview")).to_contain_text("Bo Lind", timeout=SLOW)
    await page.get_by_role("button", name="Turn 2 earlier").click()
    await expect(page.get_by_label("weekly, turn 1")).to_have_value("bo", timeout=SLOW)
    await page.get_by_role("button", name="Limit to hours").click()
    await expect(page.locator("#preview")).to_contain_text("Nobody is on call", timeout=SLOW)
    assert await violations(page) == []
    await page.get_by_role("button", name="Edit as YAML").click()
    definition = page.get_by_label("Definition", exact=True)
    await expect(definition).to_have_value(re.compile(r"people: \[bo, admin\]"), timeout=SLOW)
    written = await definition.input_value()
    await definition.fill(written.replace("rotate: weekly", "rotate: fortnightly"))
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_contain_text("is not a way to rotate", timeout=SLOW)
    await definition.fill(written)
    await page.get_by_role("button", name="Save").click()
    await page.wait_for_url("**/on-call/schedules/primary?saved=1", timeout=SLOW)
    await expect(watcher.locator("#schedule-primary")).to_be_visible(timeout=SLOW)
    await page.context.close()
    await watcher.context.close()
