"""Event streams: bounded, quiet at their end, and gone with the authority that opened them; connections: room for the next."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx2
import pytest
from tests.running import PASSWORD, csrf
from tests.scenario.door import Door, Line

from muster.app import connections
from muster.app.connections import make_room, most_connections
from muster.base.web import open_streams
from muster.base.web.open_streams import OpenStreams
from muster.people.actions.passwords import make_password_link
from muster.people.store import person_rows


@contextlib.asynccontextmanager
async def signed_in(door: Door, name: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A browser of somebody's."""
    async with door.story.unit() as unit:
        person = (await person_rows.persons_named(unit.conn, [name]))[name]
        secret = await make_password_link(unit, person.name)
    async with httpx2.AsyncClient(trust_env=False, base_url=door.url, follow_redirects=True) as browser:
        page = (await browser.get(f"/password/{secret}")).text
        form = {"csrf": csrf(page), "password": PASSWORD}
        await browser.post(f"/password/{secret}", data=form, headers={"origin": door.url})
        yield browser


async def stream(door: Door, browser: httpx2.AsyncClient, topics: str = "alerts") -> Line:
    """A stream in that browser, open."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    said = f"GET /live?topics={topics} HTTP/1.1\r\nHost: muster\r\nConnection: close\r\nCookie: {cookies}\r\n\r\n"
    line = await door.line(said.encode())
    assert b" 200 " in await line.head()
    await line.hears(b"hello")
    return line


async def test_a_stream_ends_with_the_session(door: Door) -> None:
    async with signed_in(door, "ana") as browser:
        line = await stream(door, browser)
        page = (await browser.get("/me")).text
        await browser.post("/sign-out", data={"csrf": csrf(page)}, headers={"origin": door.url})
        assert b"changed" not in await line.ended()


async def test_a_stream_ends_when_somebody_is_deactivated_and_others_go_on(door: Door) -> None:
    async with signed_in(door, "ana") as browser, signed_in(door, "bo") as other:
        line, kept = await stream(door, browser), await stream(door, other)
        async with door.story.unit() as unit:
            await unit.conn.execute("UPDATE persons SET active = false, deactivated_at = now() WHERE name = 'ana'")
            unit.publish("people")
        await line.ended()
        await door.alert("DiskFull")
        await kept.hears(b"data: alerts")


async def test_one_person_has_a_bound_of_streams_and_the_oldest_ends(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_streams, "MOST_OF_ONE", 2)
    async with signed_in(door, "ana") as browser:
        lines = [await stream(door, browser) for _ in range(3)]
        assert b"retry: 30000" in await lines[0].ended()
        await door.alert("DiskFull")
        for line in lines[1:]:
            await line.hears(b"data: alerts")


async def test_a_storm_of_changes_is_told_a_few_times(door: Door) -> None:
    async with signed_in(door, "ana") as browser:
        line = await stream(door, browser, "alerts,incidents")
        for _ in range(100):
            door.story.muster.database.live.publish(["alerts"])
        door.story.muster.database.live.publish(["incidents"])
        assert (await line.hears(b"data: incidents")).count(b"data: alerts") <= 2


async def test_who_comes_back_to_a_stream_without_a_session_is_refused(door: Door) -> None:
    async with signed_in(door, "ana") as browser:
        line = await stream(door, browser)
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        page = (await browser.get("/me")).text
        await browser.post("/sign-out", data={"csrf": csrf(page)}, headers={"origin": door.url})
        await line.ended()
        again = await door.http.get("/live?topics=alerts", headers={"cookie": cookies})
        assert again.status_code == 401
    async with signed_in(door, "bo") as browser:
        line = await stream(door, browser)
        async with door.story.unit() as unit:
            await unit.conn.execute("UPDATE persons SET active = false, deactivated_at = now() WHERE name = 'bo'")
            unit.publish("people")
        await line.ended()
        assert (await browser.get("/live?topics=alerts", follow_redirects=False)).status_code in (401, 403)


def test_all_streams_have_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_streams, "MOST", 3)
    streams, ended = OpenStreams(), []
    with contextlib.ExitStack() as stack:
        for name in ("ana", "bo", "cy", "di", "ed"):
            stack.enter_context(streams.holding(name, lambda name=name: ended.append(name)))  # type: ignore[misc]
        assert (len(streams), ended) == (3, ["ana", "bo"])
    assert len(streams) == 0


async def test_a_stream_that_ends_leaves_no_traceback(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    async with signed_in(door, "ana") as browser:
        for _ in range(3):
            (await stream(door, browser)).close()
        await door.alert("DiskFull")
        await asyncio.sleep(0.2)
    assert "request.failed" not in capsys.readouterr().out


async def test_room_is_made_by_ending_the_longest_silent(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SILENT", 1)
    lines = await door.lines(b"GET /healthz HTT", 40)
    await door.alert("DiskFull")
    assert make_room(door.port, 400) == 0
    await asyncio.sleep(0.05)
    assert 10 <= make_room(door.port, 40) <= 41
    ended = await asyncio.wait_for(lines[0].reader.read(), 30)
    assert ended == b""
    assert (await door.alert("CpuHot")).status_code == 200


def test_fewer_connections_than_files(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"soft": 1024, "hard": 1024}
    monkeypatch.setattr(connections.resource, "getrlimit", lambda _: (limits["soft"], limits["hard"]))
    assert most_connections() == 768
    limits.update(soft=128, hard=128)
    assert most_connections() == 28
