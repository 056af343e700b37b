"""People in the browser: signing in, the first run, one's own page, people, teams and tokens."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.people.actions.setup import make_first_run_link

from .conftest import PASSWORD

Browser = Callable[..., httpx2.AsyncClient]


def csrf(html: str) -> str:
    """The forgery token in a page's form."""
    return html.partition('name="csrf" value="')[2].partition('"')[0]


async def submit(client: httpx2.AsyncClient, page: str, url: str, **fields: Any) -> httpx2.Response:
    """Open a page and send one of its forms."""
    shown = await client.get(page)
    assert shown.status_code == 200, shown.text
    return await client.post(url, data={"csrf": csrf(shown.text), **fields})


@pytest.fixture
async def rut(root: httpx2.AsyncClient, browser: Browser) -> httpx2.AsyncClient:
    """The administrator's browser, signed in."""
    client = browser(**{"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    answer = await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD)
    assert answer.status_code == 303
    return client


async def test_signing_in_leads_to_where_one_wanted_to_be(root: httpx2.AsyncClient, browser: Browser) -> None:
    for wanted, lands in (("/incidents/142?x=1", "/incidents/142?x=1"), ("//evil.example", "/"), ("https://evil", "/")):
        async with browser() as client:
            answer = await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD, next=wanted)
            assert (answer.status_code, answer.headers["location"]) == (303, lands)
            assert (await client.get("/sign-in", params={"next": wanted})).headers["location"] == lands


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    root: httpx2.AsyncClient, browser: Browser
) -> None:
    async with browser() as client:
        answer = await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("muster_session=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert len(cookie.partition("=")[2].partition(";")[0]) >= 43


async def test_a_wrong_password_says_so_and_keeps_the_name(root: httpx2.AsyncClient, browser: Browser) -> None:
    async with browser() as client:
        answer = await submit(client, "/sign-in", "/sign-in", who="ro<ot", password="wrong")
    assert answer.status_code == 401
    assert "The name or the password is wrong." in answer.text
    assert 'value="ro&lt;ot"' in answer.text
    assert "wrong" not in re.findall(r'<input[^>]*name="password"[^>]*>', answer.text)[0]


async def test_guessing_is_slowed_and_the_wait_is_told(root: httpx2.AsyncClient, browser: Browser, clock: Any) -> None:
    async with browser() as client:
        for _ in range(5):
            answer = await submit(client, "/sign-in", "/sign-in", who="root", password="wrong")
        answer = await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
        assert "Try again in 2 seconds." in answer.text
        clock.move(timedelta(seconds=2))
        assert (await submit(client, "/sign-in", "/sign-in", who="root", password=PASSWORD)).status_code == 303


async def test_no_form_is_taken_from_another_site(
    root: httpx2.AsyncClient, rut: httpx2.AsyncClient, browser: Browser
) -> None:
    async with browser() as stranger:
        fields = {"who": "root", "password": PASSWORD}
        assert (await stranger.post("/sign-in", data=fields)).status_code == 403
        await stranger.get("/sign-in")
        assert (await stranger.post("/sign-in", data=fields)).status_code == 403
        assert (await stranger.post("/sign-in", data={**fields, "csrf": "guess"})).status_code == 403
    assert (await rut.post("/me", data={"full_name": "X", "time_zone": "UTC"})).status_code == 403
    assert (await rut.post("/sign-out")).status_code == 403


async def test_signing_out_ends_the_session(rut: httpx2.AsyncClient) -> None:
    cookie = rut.cookies["muster_session"]
    assert (await submit(rut, "/me", "/sign-out")).headers["location"] == "/sign-in"
    rut.cookies.set("muster_session", cookie)
    assert (await rut.get("/me")).status_code == 401


async def test_the_first_run_goes_from_link_to_signed_in(database: Database, browser: Browser) -> None:
    async with database.unit(SYSTEM) as unit:
        page = f"/first-run/{await make_first_run_link(unit)}"
    fields = {"organisation": "Contoso", "full_name": "Rut Root", "email": "rut@contoso.example", "time_zone": "UTC"}
    async with browser() as client:
        assert "not set up yet" in (await client.get("/sign-in")).text
        refused = await submit(client, page, page, **{**fields, "time_zone": "Lisbon", "password": "short"})
        assert refused.status_code == 422
        assert "A password has at least 10 characters." in refused.text
        assert "Europe/Lisbon" in refused.text
        assert 'value="Rut Root"' in refused.text
        done = await submit(client, page, page, **fields, password=PASSWORD)
        assert (done.status_code, done.headers["location"]) == (303, "/welcome")
        assert "Rut Root" in (await client.get("/me")).text
        again = await client.get(page)
        assert (again.status_code, again.json()["title"]) == (404, "Muster is set up already.")


async def test_a_new_person_gets_a_link_and_signs_in_with_it(rut: httpx2.AsyncClient, browser: Browser) -> None:
    fields = {"name": "ana", "email": "ana@contoso.example", "time_zone": "UTC", "permission": "responder"}
    refused = await submit(rut, "/settings/people/new", "/settings/people", **{**fields, "email": "ana"})
    assert refused.status_code == 422
    assert "Write it as name@host." in refused.text
    made = await submit(rut, "/settings/people/new", "/settings/people", **fields)
    link = re.findall(r"http://127.0.0.1:8600(/password/[\w-]+)", made.text)[0]
    async with browser() as ana:
        short = await submit(ana, link, link, password="short")
        assert short.status_code == 422
        assert (await submit(ana, link, link, password=PASSWORD)).headers["location"] == "/me"
        people = await ana.get("/settings/people")
        assert "r…@contoso.example" in people.text
        assert "Add a person" in people.text
        assert "needs the level administrator" in people.text
        assert (await ana.get("/settings/people/new")).status_code == 403
        assert (await ana.get("/settings/people/root")).status_code == 200
        assert (await ana.get(link)).status_code == 404


async def test_people_are_searched_changed_and_let_go(rut: httpx2.AsyncClient, root: httpx2.AsyncClient) -> None:
    await root.post("/api/v1/persons", json={"name": "ana", "email": "ana@contoso.example", "full_name": "Ana Silva"})
    assert "Ana Silva" not in (await rut.get("/settings/people", params={"q": "rut"})).text
    page = "/settings/people/ana"
    fields = {"email": "ana@contoso.example", "full_name": "Ana S", "time_zone": "UTC", "permission": "manager"}
    assert (await submit(rut, page, page, **fields)).status_code == 303
    assert "Ana S" in (await rut.get(page)).text
    assert (await submit(rut, page, f"{page}/deactivate", reason="left")).status_code == 303
    assert "Ana S has left" in (await rut.get(page)).text
    assert (await submit(rut, page, f"{page}/reactivate")).status_code == 303
    last = await submit(rut, "/settings/people/root", "/settings/people/root/deactivate")
    assert last.status_code == 409
    assert "last administrator" in last.text


async def test_contacts_are_added_and_proved_on_ones_own_page(
    rut: httpx2.AsyncClient, root: httpx2.AsyncClient, database: Database
) -> None:
    place = "/settings/people/root/contacts"
    refused = await submit(rut, "/me", place, kind="webhook", address="nowhere", back="me")
    assert refused.status_code == 422
    assert "A webhook is an http or https address." in refused.text
    assert 'value="nowhere"' in refused.text
    assert (await submit(rut, "/me", place, kind="email", address="a@contoso.example", back="me")).headers[
        "location"
    ] == "/me"
    await submit(rut, "/me", place, kind="email", address="b@contoso.example", back="me")
    first, second = (await root.get("/api/v1/persons/root/contacts")).json()["items"]
    await submit(rut, "/me", f"{place}/{second['id']}/first", back="me")
    assert (await root.get("/api/v1/persons/root/contacts")).json()["items"][0]["id"] == second["id"]
    assert (await submit(rut, "/me", f"{place}/{first['id']}/code", back="me")).status_code == 303
    wrong = await submit(rut, "/me", f"{place}/{first['id']}/prove", code="0", back="me")
    assert wrong.status_code == 422
    assert "This is not the code that was sent." in wrong.text
    async with database.read() as conn:
        assert await conn.fetchval("SELECT wrong_guesses FROM contact_proofs") == 1
    await submit(rut, "/me", f"{place}/{first['id']}/vouch", back="person")
    assert "Confirmed" in (await rut.get("/me")).text
    await submit(rut, "/me", f"{place}/{second['id']}/remove", back="me")
    assert "b@contoso.example" not in (await rut.get("/me")).text


async def test_the_password_and_the_other_sessions_are_on_ones_own_page(
    rut: httpx2.AsyncClient, browser: Browser
) -> None:
    other = browser(**{"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1"})
    await submit(other, "/sign-in", "/sign-in", who="root", password=PASSWORD)
    shown = (await rut.get("/me")).text
    assert "Firefox on Linux" in shown
    assert "Safari on iPhone" in shown
    wrong = await submit(rut, "/me", "/me/password", present="wrong", password="another long secret")
    assert wrong.status_code == 422
    assert "This is not your present password." in wrong.text
    done = await submit(rut, "/me", "/me/password", present=PASSWORD, password="another long secret")
    assert done.status_code == 303
    assert (await rut.get("/me")).status_code == 200
    assert (await other.get("/me")).status_code == 401


async def test_a_team_is_made_changed_and_deleted(rut: httpx2.AsyncClient) -> None:
    new, page = "/settings/teams/new", "/settings/teams/platform"
    assert "No team yet" in (await rut.get("/settings/teams")).text
    refused = await submit(rut, new, "/settings/teams", name="Plat form", members=["", "root"], lead="")
    assert refused.status_code == 422
    assert "Try `plat-form`." in refused.text
    assert re.search(r'id="member-of-root"[^>]* checked', refused.text)
    made = await submit(rut, new, "/settings/teams", name="platform", title="Ground", members=["", "root"], lead="root")
    assert made.headers["location"] == page
    assert "Rut Root" in (await rut.get(page)).text
    assert (await submit(rut, page, page, title="Ground", members=[""], lead="")).status_code == 303
    assert "Nobody yet" in (await rut.get(page)).text
    assert (await submit(rut, page, f"{page}/delete")).headers["location"] == "/settings/teams"


async def test_a_token_is_shown_once(rut: httpx2.AsyncClient, browser: Browser) -> None:
    page = "/settings/tokens"
    refused = await submit(rut, page, page, name="", scopes=[""])
    assert refused.status_code == 422
    assert "A token without scopes may do nothing." in refused.text
    made = await submit(rut, page, page, name="ci", scopes=["", "incident.*"], expires_in="30d")
    text = re.findall(r"mst_[\w-]{43}", made.text)[0]
    assert text not in (await rut.get(page)).text
    async with browser(authorization=f"Bearer {text}") as ci:
        me = (await ci.get("/api/v1/me")).json()
        assert (me["person"]["name"], "person.manage" in me["permissions"]) == ("root", False)
        shown = (await rut.get(page)).text
        for id in set(re.findall(r"/settings/tokens/([0-9a-f-]{36})/revoke", shown)):
            await submit(rut, page, f"{page}/{id}/revoke")
        assert (await ci.get("/api/v1/me")).status_code == 401


async def test_the_organisation_gets_another_name(rut: httpx2.AsyncClient, root: httpx2.AsyncClient) -> None:
    page = "/settings/organisation"
    refused = await submit(rut, page, page, name=" ")
    assert refused.status_code == 422
    assert "The organisation&#39;s name is empty." in refused.text
    assert (await submit(rut, page, page, name="Fabrikam")).status_code == 303
    assert (await root.get("/api/v1/organisation")).json() == {"name": "Fabrikam"}
    assert (await root.put("/api/v1/organisation", json={"name": "Contoso"})).json() == {"name": "Contoso"}


async def test_an_administrator_ends_somebodys_session(rut: httpx2.AsyncClient, browser: Browser) -> None:
    fields = {"name": "ana", "email": "ana@contoso.example", "time_zone": "UTC", "permission": "viewer"}
    made = await submit(rut, "/settings/people/new", "/settings/people", **fields)
    link = re.findall(r"http://127.0.0.1:8600(/password/[\w-]+)", made.text)[0]
    async with browser() as ana:
        await submit(ana, link, link, password=PASSWORD)
        page = "/settings/people/ana"
        assert "/sessions/" not in (await ana.get("/settings/people/root")).text
        id = re.findall(r"/me/sessions/([\w-]+)/end", (await rut.get(page)).text)[0]
        assert (await submit(rut, page, f"/me/sessions/{id}/end", of="ana")).headers["location"] == page
        assert (await ana.get("/me")).status_code == 401
