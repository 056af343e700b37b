"""One real Muster with a small organisation, one browser, and somebody who is signed in."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page
from tests.browser.chromium import DESKTOP, chromium, onlooker
from tests.running import ADMIN, PASSWORD, Running

KEY = "browser-tests-integration-key-0123"
ORGANISATION = f"""
kind: Person
name: admin
full_name: Amara Okafor
email: {ADMIN}
permission: administrator
contacts:
  - {{kind: inbox, address: amara, verified: true}}
---
kind: Person
name: ben
full_name: Ben Lind
email: ben@contoso.example
permission: responder
contacts:
  - {{kind: inbox, address: ben, verified: true}}
---
kind: Team
name: shop
members: [admin, ben]
---
kind: Schedule
name: shop-primary
time_zone: Europe/Berlin
layers:
  - {{name: weekly, people: [admin], rotate: weekly, hand_off: "Mon 09:00", start: 2026-01-05}}
---
kind: Workload
name: shop
owner: shop
criticality: business_critical
components:
  - {{name: web, depends_on: [search]}}
  - {{name: search}}
---
kind: Integration
name: prometheus
format: alertmanager
key: {KEY}
---
kind: Plan
name: main
severity_rules:
  - {{if: 'labels.severity == "critical"', then: critical}}
  - {{if: 'true', then: medium}}
routes:
  - {{if: 'true', to: shop}}
grouping: {{by: [alertname], window: 10m}}
escalation:
  shop:
    - {{notify: ["schedule:shop-primary"], wait: 15m}}
    - {{notify: ["person:ben"], wait: 15m}}
paging: {{bundle: {{after: 100, within: 10s}}}}
closure:
  - {{check: no_firing_alerts}}
  - {{check: record_complete, fields: [trigger]}}
  - {{check: attest, name: users_recovered, by: incident_manager, about: Affected users can work again.}}
"""


class Shop(Running):
    """The organisation's Muster, with what tests do to it from outside."""

    async def fire(self, name: str, severity: str = "critical", **annotations: str) -> str:
        """Send an alert that goes on for long; returns the reference of the incident that it opened."""
        before = await self.newest()
        await self._send(name, severity, annotations, "2030-01-01T00:00:00Z")
        after = await self.newest()
        assert after != before, "the alert opened no incident"
        return after

    async def end(self, name: str, severity: str = "critical") -> None:
        """The alert is over."""
        await self._send(name, severity, {}, "2020-01-01T00:00:00Z")

    async def newest(self) -> str:
        """The newest incident, or nothing."""
        items = (await self.api("GET", "/api/v1/incidents?limit=1")).json()["items"]
        return items[0]["ref"] if items else ""

    async def do(self, ref: str, verb: str, **body: str) -> None:
        """Do something to an incident over the API."""
        answer = await self.api("POST", f"/api/v1/incidents/{ref}/{verb}", body)
        assert answer.status_code < 300, answer.text

    async def _send(self, name: str, severity: str, annotations: dict[str, str], ends_at: str) -> None:
        labels = {"alertname": name, "severity": severity, "service": "web"}
        alert = {"labels": labels, "annotations": {"summary": name, **annotations}, "endsAt": ends_at}
        answer = await self.api("POST", f"/i/{KEY}/api/v2/alerts", [alert], token="")
        assert answer.status_code == 200, answer.text


@pytest_asyncio.fixture(scope="session")
async def shop() -> AsyncIterator[Shop]:
    """The organisation's Muster in a process of its own."""
    async with Shop() as running:
        await running.init()
        await running.apply(ORGANISATION)
        yield running


@pytest_asyncio.fixture(scope="session")
async def common() -> AsyncIterator[Running]:
    """A Muster that has an administrator and nothing else; files of tests that only add to it share it."""
    async with Running() as running:
        await running.init()
        yield running


@pytest_asyncio.fixture(scope="session")
async def chrome() -> AsyncIterator[Browser]:
    """A browser for all tests."""
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture
async def amara(chrome: Browser, shop: Shop) -> AsyncIterator[Page]:
    """The administrator at her desk, signed in."""
    context = await onlooker(chrome)
    yield await signed_in(context, shop)
    await context.close()


async def signed_in(context: BrowserContext, shop: Shop, path: str = "/") -> Page:
    """Sign in as the administrator and be where one wanted to be."""
    page = await context.new_page()
    await page.goto(f"{shop.url}{path}")
    await page.fill("[name=who]", ADMIN)
    await page.fill("[name=password]", PASSWORD)
    await page.press("[name=password]", "Enter")
    await page.wait_for_url(f"{shop.url}{path}")
    return page


__all__ = ["DESKTOP", "Shop", "signed_in"]
