"""The catalogue in a real browser: the picture is drawn and leads on, a failure is shown, an editor is told what is wrong."""

import asyncio
import re

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, expect
from tests.browser.chromium import DESKTOP, PHONE, complaints, renewed, sideways, signed_in, violations
from tests.running import Running

pytestmark = pytest.mark.browser
ORGANISATION = """
{kind: Person, name: ana, full_name: Ana Silva, email: ana@contoso.example, permission: responder}
---
{kind: Team, name: platform, members: [ana]}
---
kind: Workload
name: shop
title: The shop
owner: platform
criticality: business_critical
description: Where customers **buy**.
links: {docs: "https://docs.example/shop"}
components:
  - {name: web, depends_on: [search, data/postgres, [cache-a, cache-b]]}
  - {name: search, criticality: standard, depends_on: [data/postgres]}
  - {name: cache-a}
  - {name: cache-b}
---
kind: Workload
name: data
owner: platform
components: [{name: postgres}]
---
{kind: Workload, name: blog, owner: platform, criticality: low}
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def muster(common: Running) -> Running:
    """A Muster with three workloads."""
    await common.apply(ORGANISATION)
    return common


@pytest.mark.parametrize(("size", "theme"), [(DESKTOP, "light"), (PHONE, "dark")])
async def test_every_page_is_accessible_and_stays_within_its_screen(
    muster: Running, chrome: Browser, size: tuple[int, int], theme: str
) -> None:
    page = await signed_in(chrome, muster, size, theme)
    heard = complaints(page)
    shop = "/catalogue/workloads/shop"
    for path in (
        "/catalogue",
        "/catalogue?by=owner&q=nothing",
        shop,
        "/catalogue/workloads/data?component=postgres",
        "/catalogue/workloads/blog",
        f"{shop}/edit",
        "/catalogue/new",
    ):
        await page.goto(muster.url + path)
        assert await violations(page) == [], path
        assert await sideways(page) <= 0, path
    assert heard == []


async def test_the_picture_leads_to_what_a_failure_brings_down(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, DESKTOP, "light")
    await page.goto(f"{muster.url}/catalogue")
    picture = page.get_by_role("group", name="Picture: 5 components and what they depend on")
    await expect(picture.locator(".edge")).to_have_count(5)
    await picture.get_by_role("link", name=re.compile("postgres")).click()
    await page.wait_for_url(re.compile(r"/catalogue/workloads/data\?component=postgres"))
    told = page.get_by_role("region", name="If it fails")
    await expect(told).to_contain_text("When data’s postgres fails, 2 other components stop; tell platform.")
    await expect(page.locator(".node.failed")).to_contain_text("data: fails")
    await expect(page.locator(".node.stopped")).to_have_count(2)


async def test_an_editor_is_told_the_line_and_keeps_what_was_written(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, DESKTOP, "light")
    await page.goto(f"{muster.url}/catalogue/workloads/data/edit")
    manifest = page.get_by_label("Manifest")
    written = await manifest.input_value()
    answering = asyncio.Event()
    await page.route("**/edit", lambda route: hold_back(route, answering))
    await manifest.fill(written.replace("name: postgres", "name: postgres\n    depends_on: [shop/web]"))
    await page.get_by_role("button", name="Save").click()
    async with page.expect_response("**/live**"):
        await page.evaluate("dispatchEvent(new Event('online'))")
    await page.wait_for_timeout(500)
    answering.set()
    await expect(page.get_by_role("alert")).to_contain_text("circle: data/postgres → shop/web → data/postgres")
    await renewed(page)
    await page.unroute_all()
    await expect(manifest).to_have_value(re.compile(r"depends_on: \[shop/web\]"))
    await manifest.fill(written.replace("kind: Workload", "kind: Workload\ntitle: Data store"))
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Data store")).to_be_visible()


async def hold_back(route: Route, until: asyncio.Event) -> None:
    """Let what is sent arrive late, as over a bad connection."""
    if route.request.method == "POST":
        await until.wait()
    await route.continue_()


async def test_what_is_needed_is_not_deleted(muster: Running, chrome: Browser) -> None:
    page = await signed_in(chrome, muster, DESKTOP, "light")
    await page.goto(f"{muster.url}/catalogue/workloads/data")
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("in use")
    await expect(page.get_by_text("shop/web depends on data/postgres.")).to_be_visible()
