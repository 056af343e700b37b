"""Persons, contacts, teams, tokens and sessions over the API."""

from collections.abc import Callable
from typing import Any

import httpx2

ANA = {"name": "ana", "email": "ana@contoso.example", "full_name": "Ana Silva", "permission": "responder"}


async def make(client: httpx2.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """POST and expect it to be made."""
    answer = await client.post(f"/api/v1{path}", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_token_tells_who_it_acts_for(root: httpx2.AsyncClient) -> None:
    me = (await root.get("/api/v1/me")).json()
    assert (me["kind"], me["via"], me["person"]["name"]) == ("token", "token muster init", "root")
    assert "person.manage" in me["permissions"]


async def test_nobody_is_told_to_sign_in(browser: Callable[..., httpx2.AsyncClient], root: httpx2.AsyncClient) -> None:
    async with browser() as client:
        for path in ("/me", "/persons", "/teams", "/tokens", "/sessions", "/persons/root/contacts"):
            answer = await client.get(f"/api/v1{path}")
            assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json"), path


async def test_a_person_is_made_changed_and_let_go(root: httpx2.AsyncClient) -> None:
    ana = await make(root, "/persons", ANA)
    assert (ana["permission"], ana["active"], ana["can_sign_in"], ana["time_zone"]) == ("responder", True, False, "UTC")
    changed = await root.patch("/api/v1/persons/ana", json={"time_zone": "Europe/Lisbon"})
    assert (changed.json()["time_zone"], changed.json()["email"]) == ("Europe/Lisbon", "ana@contoso.example")
    assert not (await root.post("/api/v1/persons/ana/deactivate", json={"reason": "left"})).json()["active"]
    assert [each["name"] for each in (await root.get("/api/v1/persons")).json()["items"]] == ["root"]
    everybody = (await root.get("/api/v1/persons", params={"inactive": True})).json()["items"]
    assert [each["name"] for each in everybody] == ["ana", "root"]
    assert (await root.post("/api/v1/persons/ana/reactivate")).json()["active"]


async def test_refusals_name_field_rule_and_fix(root: httpx2.AsyncClient) -> None:
    answer = await root.post("/api/v1/persons", json={"name": "Ana", "email": "ana", "time_zone": "Lisbon"})
    assert answer.status_code == 422
    faults = {fault["field"]: fault for fault in answer.json()["faults"]}
    assert set(faults) == {"name", "email", "time_zone"}
    assert faults["name"]["fix"] == "Try `ana`."
    assert (await root.post("/api/v1/persons", json={**ANA, "nickname": "a"})).status_code == 422
    assert (await root.get("/api/v1/persons/nobody")).status_code == 404
    assert (await root.post("/api/v1/persons/root/deactivate")).status_code == 409


async def test_odd_texts_are_refused_and_break_nothing(root: httpx2.AsyncClient) -> None:
    for odd in ("\x00", "\ud800", "a" * 100_000, "%00", "'; drop table persons"):
        body = (
            '{"name": "x", "email": "x@contoso.example", "full_name": "' + odd.encode("unicode_escape").decode() + '"}'
        )
        body = body.replace("\\x00", "\\u0000")
        answer = await root.post("/api/v1/persons", content=body, headers={"content-type": "application/json"})
        assert answer.status_code in (201, 400, 409, 422), answer.text
    for path in ("/persons/%00", "/persons?q=%00", "/teams/%ff", "/persons?after=zzz", "/tokens/zzz"):
        assert (await root.get(f"/api/v1{path}")).status_code in (200, 404, 405, 422), path


async def test_persons_are_paged_by_cursor(root: httpx2.AsyncClient) -> None:
    for name in ("ana", "bo", "cy", "di"):
        await make(root, "/persons", {"name": name, "email": f"{name}@contoso.example"})
    seen, after = [], None
    while True:
        page = (await root.get("/api/v1/persons", params={"limit": 2, **({"after": after} if after else {})})).json()
        seen += [each["name"] for each in page["items"]]
        if not (after := page["next"]):
            break
    assert seen == ["ana", "bo", "cy", "di", "root"]


async def test_others_see_no_address_in_full(
    root: httpx2.AsyncClient, browser: Callable[..., httpx2.AsyncClient]
) -> None:
    await make(root, "/persons", ANA)
    contact = {"kind": "webhook", "address": "https://hooks.example/T0/secret", "verified": True}
    made = await make(root, "/persons/root/contacts", contact)
    assert (made["address"], made["verified_by"], made["rank"]) == (contact["address"], "administrator", 1)
    link = await make(root, "/persons/ana/password-link", {})
    async with browser() as ana:
        token = link["url"].rsplit("/", 1)[1]
        await ana.get(f"/password/{token}")
        page = await ana.get(f"/password/{token}")
        fields = {"csrf": csrf(page.text), "password": "correct horse battery staple"}
        assert (await ana.post(f"/password/{token}", data=fields)).status_code == 303
        shown = (await ana.get("/api/v1/persons/root/contacts")).json()["items"][0]
    assert shown["address"] == "https://hooks.example/…"


async def test_contacts_are_added_ordered_and_removed(root: httpx2.AsyncClient) -> None:
    one = await make(root, "/persons/root/contacts", {"kind": "email", "address": "one@contoso.example"})
    two = await make(root, "/persons/root/contacts", {"kind": "email", "address": "two@contoso.example"})
    ordered = await root.put("/api/v1/persons/root/contacts/order", json={"contacts": [two["id"], one["id"]]})
    assert [each["id"] for each in ordered.json()["items"]] == [two["id"], one["id"]]
    assert (await root.delete(f"/api/v1/persons/root/contacts/{two['id']}")).status_code == 204
    left = (await root.get("/api/v1/persons/root/contacts")).json()["items"]
    assert [(each["id"], each["rank"]) for each in left] == [(one["id"], 1)]
    refused = await root.post("/api/v1/persons/root/contacts", json={"kind": "webhok", "address": "x"})
    assert refused.json()["faults"][0]["fix"] == "Did you mean `webhook`?"


async def test_teams_are_made_changed_and_deleted(root: httpx2.AsyncClient) -> None:
    await make(root, "/persons", ANA)
    team = await make(root, "/teams", {"name": "platform", "members": ["ana", "root"], "lead": "ana"})
    assert team["members"] == ["ana", "root"]
    changed = await root.patch("/api/v1/teams/platform", json={"members": ["root"], "lead": ""})
    assert (changed.json()["members"], changed.json()["lead"]) == (["root"], "")
    assert [each["name"] for each in (await root.get("/api/v1/teams")).json()["items"]] == ["platform"]
    assert (await root.delete("/api/v1/teams/platform")).status_code == 204
    assert (await root.get("/api/v1/teams/platform")).status_code == 404


async def test_a_token_is_shown_once_even_to_a_repeat(
    root: httpx2.AsyncClient, browser: Callable[..., httpx2.AsyncClient], database: Any
) -> None:
    body = {"name": "ci", "scopes": ["incident.*"], "expires_in": "30d"}
    first = await root.post("/api/v1/tokens", json=body, headers={"idempotency-key": "k"})
    assert first.json()["token"].startswith(first.json()["hint"])
    assert (await root.post("/api/v1/tokens", json=body, headers={"idempotency-key": "k"})).status_code == 409
    async with database.read() as conn:
        assert await conn.fetchval("SELECT count(*) FROM idempotency") == 0
    listed = (await root.get("/api/v1/tokens")).json()["items"]
    assert {each["name"] for each in listed} == {"ci", "muster init"}
    assert all("token" not in each for each in listed)
    async with browser(authorization=f"Bearer {first.json()['token']}") as ci:
        assert (await ci.get("/api/v1/persons")).status_code == 403
        assert (await ci.get("/api/v1/me")).status_code == 200
        assert (await root.delete(f"/api/v1/tokens/{first.json()['id']}")).json()["state"] == "revoked"
        assert (await ci.get("/api/v1/me")).status_code == 401


def csrf(html: str) -> str:
    """The forgery token in a page's form."""
    return html.partition('name="csrf" value="')[2].partition('"')[0]
