"""How bodies come in over HTTP: in time, within a size, after the key was looked at, within one bound of memory."""

import asyncio

import pytest
from tests.scenario.door import Door, post
from tests.scenario.story import KEY

from muster.base.web import inflow
from muster.base.web.headers import Protect

REPORT = f"/i/{KEY}/api/v2/alerts"


async def test_a_body_that_does_not_come_is_answered_408(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inflow, "PATIENCE", 0.05)
    for path in (REPORT, "/api/v1/incidents", "/sign-in", "/a/AAAA"):
        for length in (1000, 200_000):
            line = await door.line(post(path, b"[", length=length))
            assert b" 408 " in await line.head(), path


async def test_no_connection_is_taken_before_the_body_is_there(door: Door) -> None:
    for path in ("/api/v1/incidents", "/sign-in", "/a/AAAA"):
        await door.lines(post(path, b"{", length=1000), 3)
    assert (await door.alert("DiskFull")).status_code == 200
    pool = door.story.muster.database.pool
    # What Muster does by itself needs one now and then; what waits for a body would keep it.
    for _ in range(500):
        if pool.get_size() == pool.get_idle_size():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("A request whose body has not come holds a connection to the database.")


async def test_an_unknown_key_is_refused_before_its_body_is_read(door: Door) -> None:
    line = await door.line(post("/i/nobodys-key-of-old/api/v2/alerts", b"[" * 10, length=4_000_000))
    assert b" 404 " in await line.head()


async def test_a_size_by_route(door: Door) -> None:
    for path, length, status in [
        ("/api/v1/incidents", 256 * 1024 + 1, b" 413 "),
        ("/a/AAAA", 256 * 1024 + 1, b" 413 "),
        ("/api/v1/apply", 5_000_000, b" 413 "),
        (REPORT, 5_000_000, b" 413 "),
    ]:
        line = await door.line(post(path, b"[", length=length))
        assert status in await line.head(), path


async def test_a_body_without_a_length_is_bounded_as_well(door: Door) -> None:
    head = b"POST /api/v1/incidents HTTP/1.1\r\nHost: muster\r\nTransfer-Encoding: chunked\r\n\r\n"
    line = await door.line(head + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 5)
    assert b" 413 " in await line.head()


async def test_all_bodies_together_are_bounded_and_small_ones_pass(door: Door) -> None:
    app = door.story.muster.app
    assert isinstance(app, Protect)
    app.allowance.most = 300_000
    held = [await door.line(post("/api/v1/incidents", b" " * 200_000, length=250_000)) for _ in range(2)]
    heads = [asyncio.ensure_future(line.head()) for line in held]
    done, waiting = await asyncio.wait(heads, return_when=asyncio.FIRST_COMPLETED, timeout=60)
    assert [b" 503 " in task.result() for task in done] == [True]
    small = await door.http.post("/api/v1/incidents", json={"title": "x"})
    assert small.status_code == 401
    for line in held:
        line.close()
    await asyncio.gather(*waiting, return_exceptions=True)
    for _ in range(500):
        if not app.allowance.held:
            break
        await asyncio.sleep(0.01)
    assert app.allowance.held == 0


async def test_a_body_that_is_cut_short_is_nothing_that_was_said(door: Door) -> None:
    body = b'[{"labels": {"alertname": "Whole"}}]'
    for path in (REPORT, "/api/v1/incidents"):
        for length in (len(body) + 10, 100_000):
            line = await door.line(post(path, body, length=length))
            line.close()
    assert (await door.alert("Other")).status_code == 200
    signals = "SELECT count(*) FROM signals WHERE outcome <> 'accepted'"
    assert await door.story.count(signals) == 0
