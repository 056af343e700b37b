"""Cookies from an https address have names that no other host can set; those of before are taken over once."""

from collections.abc import Callable
from dataclasses import replace

import httpx2
import pytest
from fastapi import FastAPI

from muster.base.db.database import Database
from muster.base.services import Services
from muster.base.settings import Settings
from muster.base.web.headers import Protect
from muster.base.web.services import Visitors
from muster.people.actions.authenticate import Gate
from muster.people.actions.locks import Locks
from muster.people.reach import Reach

from .conftest import PASSWORD
from .test_pages import Browser, csrf, submit

SETTINGS = Settings(public_url="https://muster.example")


def _with(services: Services, settings: Settings, gate: Gate) -> Services:
    """The same with other settings, and another gate."""
    visitors = replace(services.of(Visitors), authenticate=gate.authenticate)
    return Services(services.database, settings, visitors, services.of(Reach), services.of(Locks))


@pytest.fixture
def https(app: FastAPI, database: Database) -> Callable[[], httpx2.AsyncClient]:
    """Clients of the same application, reached over https from here on."""
    gate = Gate(database.clock, database.live, secure=SETTINGS.secure)
    app.state.services = _with(app.state.services, SETTINGS, gate)
    wrapped = Protect(app, 1 << 20, hsts=SETTINGS.https and SETTINGS.hsts)

    def client() -> httpx2.AsyncClient:
        transport = httpx2.ASGITransport(app=wrapped)
        return httpx2.AsyncClient(transport=transport, base_url="https://muster.example", follow_redirects=False)

    return client


async def test_from_an_https_address_cookies_are_bound_to_the_host(
    root: httpx2.AsyncClient, https: Callable[[], httpx2.AsyncClient]
) -> None:
    async with https() as client:
        shown = await client.get("/sign-in")
        assert "__Host-muster_visit=" in shown.headers["set-cookie"]
        assert shown.headers["strict-transport-security"] == "max-age=31536000"
        fields = {"who": "root", "password": PASSWORD, "csrf": csrf(shown.text)}
        answer = await client.post("/sign-in", data=fields)
        kept = answer.headers.get_list("set-cookie")
        assert {cookie.partition("=")[0] for cookie in kept} == {"__Host-muster_session", "__Host-muster_device"}
        for cookie in kept:
            assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
        assert (await client.get("/me")).status_code == 200


async def test_a_plain_cookie_of_before_is_taken_once_and_replaced(
    root: httpx2.AsyncClient,
    app: FastAPI,
    database: Database,
    browser: Browser,
    https: Callable[[], httpx2.AsyncClient],
) -> None:
    secure = app.state.services
    gate = Gate(database.clock, database.live)
    app.state.services = _with(secure, Settings(), gate)
    async with browser() as before:
        await submit(before, "/sign-in", "/sign-in", who="root", password=PASSWORD)
        plain = before.cookies["muster_session"]
    async with database.pool.acquire() as conn:
        await conn.execute("UPDATE sessions SET host_bound = false")
    app.state.services = secure
    async with https() as first:
        answer = await first.get("/me", headers={"cookie": f"muster_session={plain}"})
        assert answer.status_code == 200
        kept = answer.headers.get_list("set-cookie")
        assert any(cookie.startswith(f"__Host-muster_session={plain};") for cookie in kept)
        assert any(cookie.startswith('muster_session="";') and "Max-Age=0" in cookie for cookie in kept)
        bound = await first.get("/me", headers={"cookie": f"__Host-muster_session={plain}"})
        assert bound.status_code == 200
    async with https() as planted:
        assert (await planted.get("/me", headers={"cookie": f"muster_session={plain}"})).status_code == 401


async def test_over_http_names_are_plain_and_nothing_insists_on_https(
    root: httpx2.AsyncClient, browser: Browser
) -> None:
    async with browser() as client:
        answer = await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD)
        assert not [
            cookie for cookie in answer.headers.get_list("set-cookie") if "Secure" in cookie or "__Host-" in cookie
        ]
        assert "strict-transport-security" not in answer.headers


def test_hsts_can_be_left_to_a_proxy() -> None:
    assert SETTINGS.hsts
    assert not Settings(public_url="https://muster.example", hsts=False).hsts
    assert not Settings(public_url="http://muster.example").https
