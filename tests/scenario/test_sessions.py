"""Every route for an administrator's session: proven lately, proven long ago, waiting for its second step, and held."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pyotp

from muster.base.access import SYSTEM
from muster.base.features import installed, routers
from muster.base.web.edge import EdgeRoute
from muster.people.actions.passwords import make_password_link
from muster.people.actions.requirement import require_second_factor
from muster.people.actions.setup import initialise

from .story import Story

PASSWORD = "correct horse battery staple"
SAMPLE = "00000000-0000-7000-8000-000000000000"
ENDS_THE_SESSION = ("/sign-out", "end-access", "end-others")


def _routes() -> Iterator[tuple[str, str, EdgeRoute]]:
    for router in routers(installed()):
        for route in router.routes:
            if isinstance(route, EdgeRoute) and not route.needs.streams and not route.path.endswith(ENDS_THE_SESSION):
                for method in sorted(route.methods - {"HEAD"}):
                    yield method, re.sub(r"\{[^}]+\}", SAMPLE, route.path), route


def _csrf(page: str) -> str:
    return page.partition('name="csrf" value="')[2].partition('"')[0]


async def _sign_in(story: Story) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=story.muster.app)
    client = httpx2.AsyncClient(transport=transport, base_url="http://localhost:8600", follow_redirects=False)
    page = (await client.get("/sign-in")).text
    done = await client.post("/sign-in", data={"who": "root", "password": PASSWORD, "csrf": _csrf(page)})
    assert done.status_code == 303, done.text
    return client


async def _ask(client: httpx2.AsyncClient, method: str, path: str, route: EdgeRoute, csrf: str) -> httpx2.Response:
    headers = {"x-csrf-token": csrf}
    if method == "GET":
        return await client.get(path)
    if route.api:
        return await client.request(method, path, json={} if method != "DELETE" else None, headers=headers)
    return await client.request(method, path, data={"csrf": csrf}, headers=headers)


def _type(answer: httpx2.Response) -> str:
    return str(answer.json().get("type", "")) if "json" in answer.headers.get("content-type", "") else ""


async def test_every_route_for_every_state_of_an_administrators_session(story: Story, clock: Any) -> None:
    async with story.muster.database.unit(SYSTEM) as unit:
        await initialise(unit, "Contoso", "root@contoso.example", PASSWORD)
    client = await _sign_in(story)
    csrf = _csrf((await client.get("/me")).text)
    asked = 0
    clock.move(timedelta(minutes=11))
    for method, path, route in _routes():
        if not route.needs.sensitive:
            continue
        answer = await _ask(client, method, path, route, csrf)
        assert answer.status_code == 403, (method, path, answer.status_code, answer.text[:500])
        if route.api:
            assert _type(answer) == "urn:muster:problem:reauthentication_required", (method, path)
        else:
            assert "Confirm that it is you" in answer.text, (method, path)
        asked += 1
    assert asked > 30
    proven = await client.post("/api/v1/me/reauthenticate", json={"password": PASSWORD}, headers={"x-csrf-token": csrf})
    assert proven.status_code == 204
    for method, path, route in _routes():
        if not route.needs.sensitive or "factors" in path:
            continue
        answer = await _ask(client, method, path, route, csrf)
        assert answer.status_code < 500, (method, path, answer.text[:500])
        assert _type(answer) != "urn:muster:problem:reauthentication_required", (method, path)
        assert "Confirm that it is you" not in answer.text, (method, path)

    headers = {"x-csrf-token": csrf}
    body = {"required_for": "everybody", "grace_days": 0}
    assert (await client.put("/api/v1/organisation/second-factor", json=body, headers=headers)).status_code == 200
    for method, path, route in _routes():
        if route.needs.permission is None or route.needs.unfinished:
            continue
        answer = await _ask(client, method, path, route, csrf)
        if route.api:
            assert _type(answer) == "urn:muster:problem:second_factor_required", (method, path, answer.text[:300])
        else:
            assert answer.status_code == (303 if method == "GET" else 403), (method, path)

    app = (await client.post("/api/v1/me/factors/app", headers=headers)).json()
    code = pyotp.TOTP(app["secret"]).at(clock.now())
    made = await client.post("/api/v1/me/factors/app/confirm", json={"code": code}, headers=headers)
    assert len(made.json()["recovery_codes"]) == 10
    waiting = await _sign_in(story)
    for method, path, route in _routes():
        if route.needs.permission is None:
            continue
        answer = await _ask(waiting, method, path, route, csrf)
        assert answer.status_code == (401 if route.api or method != "GET" else 303), (method, path, answer.status_code)


async def test_somebody_who_is_held_still_acknowledges_by_one_tap(story: Story, clock: Any) -> None:
    async with story.unit() as unit:
        await initialise(unit, "Contoso", "root@contoso.example", PASSWORD)
        await require_second_factor(unit, "everybody", 0)
    async with story.unit("root") as unit:
        link = await make_password_link(unit, "ana")
    held = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=story.muster.app), base_url="http://localhost:8600", follow_redirects=False
    )
    page = (await held.get(f"/password/{link}")).text
    set_ = await held.post(f"/password/{link}", data={"csrf": _csrf(page), "password": PASSWORD})
    assert set_.headers["location"].startswith("/me/factors")
    await story.fires("DiskFull")
    tapped = urlsplit(story.texts[0].link)
    where = tapped.path + (f"?{tapped.query}" if tapped.query else "")
    assert (await held.get("/incidents")).status_code == 303
    shown = await held.get(where)
    assert shown.status_code == 200
    done = await held.post(where, data={"csrf": _csrf(shown.text)})
    assert done.status_code in (200, 303), done.text
    await story.settle()
    assert (await story.incident()).state == "acknowledged"
    await story.wait(minutes=30)
    assert [phone for phone, _ in story.rung] == ["ana"]
