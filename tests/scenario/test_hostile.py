"""Two hundred hostile connections of each kind are held, and meanwhile alerts are taken and pages go out."""

import asyncio

from tests.scenario.door import Door, Line, post
from tests.scenario.story import KEY
from tests.scenario.test_streams import signed_in, stream

MANY = 200


async def still_pages(door: Door) -> None:
    """An alert over HTTP is answered, and Ana's phone rings."""
    before = len(door.story.texts)
    answer = await door.alert(f"DiskFull{before}")
    assert answer.status_code == 200, answer.text
    await door.story.settle()
    assert len(door.story.texts) > before


async def test_bodies_that_never_come(door: Door) -> None:
    for path in ("/api/v1/incidents", "/a/AAAA", "/sign-in", f"/i/{KEY}/api/v2/alerts", "/i/nobody/api/v2/alerts"):
        await door.lines(post(path, b"{", length=1000), MANY)
        await still_pages(door)
        door.hang_up()


async def test_half_sent_bodies_of_4_mb(door: Door) -> None:
    for path in ("/api/v1/apply", f"/i/{KEY}/api/v2/alerts", "/i/nobody/api/v2/alerts"):
        for _ in range(60):
            line = Line(*await asyncio.open_connection("127.0.0.1", door.port))
            line.writer.write(post(path, b"[" * 2_000_000, length=4_000_000))
            door.keep(line)
        await still_pages(door)
        door.hang_up()


async def test_event_streams_of_one_person(door: Door) -> None:
    async with signed_in(door, "ana") as browser:
        lines = [await stream(door, browser, "alerts,incidents,*") for _ in range(MANY)]
        await still_pages(door)
        await lines[-1].hears(b"data: alerts")
        assert (await browser.get("/incidents")).status_code == 200


async def test_half_sent_heads_and_connections_that_say_nothing(door: Door) -> None:
    for said in (b"GET /healthz HTT", b""):
        await door.lines(said, MANY)
        await still_pages(door)
        door.hang_up()
