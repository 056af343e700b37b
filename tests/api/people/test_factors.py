"""Second factors in the browser: set up, asked for, used once, lost, reset, and required of people."""

import re
from datetime import timedelta
from typing import Any

import httpx2
import pyotp
import pytest

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.people.actions import passwords

from .conftest import PASSWORD
from .test_pages import Browser, submit
from .test_pages import rut as rut

SECOND = "/sign-in/second-step"


def code_at(secret: str, clock: Any, steps: int = 0) -> str:
    """What the app shows, some half minutes from now."""
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


async def set_up(client: httpx2.AsyncClient, clock: Any) -> tuple[str, list[str]]:
    """Set an authenticator app up; returns its secret and the recovery codes."""
    page = await client.get("/me/factors/app")
    assert "<svg" in page.text
    secret = re.findall(r"<code>([A-Z2-7 ]+)</code>", page.text)[0].replace(" ", "")
    wrong = await submit(client, "/me/factors/app", "/me/factors/app", code="000000")
    assert wrong.status_code == 422
    done = await submit(client, "/me/factors/app", "/me/factors/app", code=code_at(secret, clock))
    assert done.status_code == 200, done.text
    codes = re.findall(r"\b[a-z2-7]{4}(?:-[a-z2-7]{4}){3}\b", done.text.partition("<pre")[2].partition("</pre>")[0])
    assert len(set(codes)) == 10
    clock.move(timedelta(seconds=60))
    return secret, codes


async def half_way(browser: Browser, **more: str) -> httpx2.AsyncClient:
    """A browser in which the password was right and the second step waits."""
    client = browser()
    answer = await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD, **more)
    assert answer.headers["location"].startswith(SECOND), answer.text
    return client


async def test_signing_in_takes_a_code_that_counts_once(
    rut: httpx2.AsyncClient, browser: Browser, clock: Any, database: Database
) -> None:
    secret, _ = await set_up(rut, clock)
    client = await half_way(browser, next="/me")
    assert (await client.get("/me")).status_code == 401
    assert (await client.get("/api/v1/me")).status_code == 401
    page = f"{SECOND}?next=/me"
    wrong = await submit(client, page, SECOND, code="123456", next="/me")
    assert wrong.status_code == 401
    code = code_at(secret, clock)
    done = await submit(client, page, SECOND, code=code, next="/me")
    assert (done.status_code, done.headers["location"]) == (303, "/me")
    assert (await client.get("/me")).status_code == 200
    again = await half_way(browser)
    assert (await submit(again, SECOND, SECOND, code=code)).status_code == 401
    assert (await submit(again, SECOND, SECOND, code=code_at(secret, clock, 1))).status_code == 303
    async with database.read() as conn:
        assert secret not in str(await conn.fetch("SELECT * FROM totp_secrets"))


async def test_a_recovery_code_counts_once_and_few_are_warned_of(
    rut: httpx2.AsyncClient, browser: Browser, clock: Any
) -> None:
    _, codes = await set_up(rut, clock)
    for number, code in enumerate(codes[:7]):
        client = await half_way(browser)
        assert (await submit(client, SECOND, SECOND, code=code.upper() if number else code)).status_code == 303
        await client.aclose()
    refused = await half_way(browser)
    assert (await submit(refused, SECOND, SECOND, code=codes[0])).status_code == 401
    assert "Few recovery codes are left: 3" in (await rut.get("/me/factors")).text
    made = await submit(rut, "/me/factors", "/me/factors/codes")
    assert codes[9] not in made.text
    assert (await submit(refused, SECOND, SECOND, code=codes[9])).status_code == 401


async def test_guessing_codes_is_slowed(rut: httpx2.AsyncClient, browser: Browser, clock: Any) -> None:
    secret, _ = await set_up(rut, clock)
    client = await half_way(browser)
    for _ in range(5):
        await submit(client, SECOND, SECOND, code="123456")
    held = await submit(client, SECOND, SECOND, code=code_at(secret, clock))
    assert held.status_code == 429


async def test_a_password_link_does_not_step_over_the_second_factor(
    rut: httpx2.AsyncClient, browser: Browser, clock: Any, database: Database
) -> None:
    await set_up(rut, clock)
    async with database.unit(SYSTEM) as unit:
        link = f"/password/{await passwords.make_password_link(unit, 'root')}"
    async with browser() as client:
        answer = await submit(client, link, link, password="another fine long secret")
        assert answer.headers["location"].startswith(SECOND)
        assert (await client.get("/me")).status_code == 401


async def test_an_administrator_resets_what_was_lost_and_tokens_never_ask(
    rut: httpx2.AsyncClient, root: httpx2.AsyncClient, browser: Browser, clock: Any
) -> None:
    await set_up(rut, clock)
    assert (await root.get("/api/v1/me")).status_code == 200
    assert (await root.get("/api/v1/me/factors")).json()["app"] is True
    reset = await root.post("/api/v1/persons/root/reset-factors", json={"reason": "phone lost"})
    assert reset.json() == {"had": "authenticator app"}
    async with browser() as client:
        answer = await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD)
        assert answer.headers["location"] == "/"


async def test_who_must_have_a_second_factor_is_led_to_it_and_then_held(
    rut: httpx2.AsyncClient, root: httpx2.AsyncClient, browser: Browser, clock: Any
) -> None:
    place = "/api/v1/organisation/second-factor"
    wrong = await root.put(place, json={"required_for": "somebody"})
    assert wrong.status_code == 422
    asked = await root.put(place, json={"required_for": "administrators", "grace_days": 7})
    assert asked.json()["lacking"] == ["root"]
    async with browser() as client:
        led = await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD, next="/settings/people")
        assert led.headers["location"].startswith("/me/factors?next=")
        assert (await client.get("/settings/people")).status_code == 200
    clock.move(timedelta(days=8))
    async with browser() as client:
        await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD)
        held = await client.get("/settings/people")
        assert held.status_code == 403
        refused = await client.get("/api/v1/persons")
        assert refused.json()["type"] == "urn:muster:problem:second_factor_required"
        assert (await client.post("/api/v1/tokens", json={})).status_code == 403
        await set_up(client, clock)
        assert (await client.get("/settings/people")).status_code == 200
    assert (await root.get("/api/v1/persons")).status_code == 200


async def test_sensitive_deeds_ask_again_and_go_on_with_what_was_typed(
    rut: httpx2.AsyncClient, root: httpx2.AsyncClient, clock: Any
) -> None:
    form = {"name": "c<i>", "scopes": ["", "incident.*", "alert.*"], "expires_in": "30d"}
    clock.move(timedelta(minutes=11))
    asked = await submit(rut, "/settings/tokens", "/settings/tokens", **form)
    assert asked.status_code == 403
    assert "Confirm that it is you" in asked.text
    kept = re.findall(
        r'name="(\w+)" value="([^"]*)"', asked.text.partition('id="confirm-password-form"')[2].partition("</form>")[0]
    )
    assert ("scopes", "alert.*") in kept
    assert ("name", "c&lt;i&gt;") in kept
    csrf = dict(kept)["csrf"]
    wrong = await rut.post("/settings/tokens", data={**form, "csrf": csrf, "confirm_password": "wrong"})
    assert (wrong.status_code, "This is not your present password." in wrong.text) == (403, True)
    made = await rut.post("/settings/tokens", data={**form, "csrf": csrf, "confirm_password": PASSWORD})
    assert "mst_" in made.text
    again = await submit(rut, "/settings/tokens", "/settings/tokens", **{**form, "name": "second"})
    assert "mst_" in again.text
    items = (await root.get("/api/v1/tokens")).json()["items"]
    assert {item["name"] for item in items} >= {"c<i>", "second"}
    assert next(item for item in items if item["name"] == "c<i>")["scopes"] == ["incident.*", "alert.*"]


async def test_the_api_says_that_a_session_must_be_proven_again(rut: httpx2.AsyncClient, clock: Any) -> None:
    page = (await rut.get("/me")).text
    headers = {"x-csrf-token": page.partition('name="csrf" value="')[2].partition('"')[0]}
    clock.move(timedelta(minutes=10))
    body = {"name": "ci", "scopes": ["incident.*"]}
    refused = await rut.post("/api/v1/tokens", json=body, headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:muster:problem:reauthentication_required")
    wrong = await rut.post("/api/v1/me/reauthenticate", json={"password": "wrong"}, headers=headers)
    assert wrong.status_code == 422
    assert (
        await rut.post("/api/v1/me/reauthenticate", json={"password": PASSWORD}, headers=headers)
    ).status_code == 204
    assert (await rut.post("/api/v1/tokens", json=body, headers=headers)).status_code == 201


@pytest.mark.parametrize("path", ["/sign-in/second-step", "/sign-in/passkey"])
async def test_what_no_passkey_signed_is_refused(root: httpx2.AsyncClient, browser: Browser, path: str) -> None:
    async with browser() as client:
        for credential in ("{}", "[]", "nonsense", '{"rawId": 1, "response": {"clientDataJSON": "e30"}}', "[" * 10_000):
            answer = await submit(client, "/sign-in", path, credential=credential)
            assert answer.status_code in (303, 401, 429), answer.text
        assert (await client.get("/me")).status_code == 401


async def test_wrong_passkeys_of_strangers_shut_nobody_out(
    root: httpx2.AsyncClient, browser: Browser, database: Database
) -> None:
    async with browser() as client:
        for _ in range(25):
            await submit(client, "/sign-in", "/sign-in/passkey", credential="{}")
        done = await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD)
        assert done.status_code == 303
    async with database.read() as conn:
        failures = await conn.fetchval("SELECT count(*) FROM ledger_events WHERE kind = 'SignInFailed'")
    assert failures == 20


async def test_the_sessions_list_marks_the_one_that_asks(rut: httpx2.AsyncClient, browser: Browser) -> None:
    async with browser(**{"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1"}) as other:
        await submit(other, "/sign-in", "/sign-in", who="root", password=PASSWORD)
        items = (await rut.get("/api/v1/sessions")).json()["items"]
        assert {(session["device"], session["current"]) for session in items} == {
            ("Firefox on Linux", True),
            ("Safari on iPhone", False),
        }
        assert (await submit(rut, "/me", "/me/sessions/end-others")).status_code == 303
        assert (await other.get("/me")).status_code == 401
        assert (await rut.get("/me")).status_code == 200
