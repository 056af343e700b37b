"""One receiver hangs, drips, or asks for an hour: nobody else waits for it, nothing is sent twice, nobody is left in silence."""

import asyncio
from datetime import timedelta

from tests.doubles.http_sink import Fault, HttpSink, Reply
from tests.scenario.story import PLAN, Story

BOTH = PLAN.replace('notify: ["person:ana"], wait: 5m', 'notify: ["person:ana", "person:bo"], wait: 5m')


async def test_pages_for_others_go_out_while_a_receiver_hangs(story: Story) -> None:
    async with HttpSink(Fault.HANG) as hanging:
        contact = {"kind": "webhook", "address": f"{hanging.url}/ana", "verified": True}
        await story.apply(story.person("ana", phone=False, contacts=[contact]), BOTH)
        await story.posts(*(f"Alert{number}" for number in range(300)))
        await story.phones.wait(300, within=60)
        assert {text.phone for text in story.texts} == {"bo"}
        # The receiver holds a few places, and nobody has lost patience with it yet or has been told so.
        assert 1 <= len(hanging.requests) <= 16


async def test_a_receiver_that_says_200_and_drips_has_the_page(story: Story) -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal arrived
        try:
            await reader.readuntil(b"\r\n\r\n")
            arrived += 1
            # The connection breaks in the middle of the body, after the head has said yes.
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nx")
            await writer.drain()
        finally:
            writer.close()

    arrived = 0
    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    try:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/ana"
        contact = {"kind": "webhook", "address": address, "verified": True}
        await story.apply(story.person("ana", phone=False, contacts=[contact]))
        await story.fires("DiskFull")
        await story.wait(minutes=4)
        assert arrived == 1
        assert [state for _, state, _ in await story.messages()] == ["handed_over"]
    finally:
        server.close()


async def test_who_asks_for_an_hour_is_not_waited_for(story: Story) -> None:
    def answer(request: object) -> Reply:
        busy = getattr(request, "path", "") == "/ana"
        return Reply(429, headers={"retry-after": "3600"}) if busy else Reply()

    story.phones.answer = answer
    await story.fires("DiskFull")
    assert [text.phone for text in story.texts] == ["ana", "bo"], "the next step is taken at once"
    story.phones.answer = Reply()
    story.clock.move(timedelta(minutes=10))
    await story.settle()
    assert [text.phone for text in story.texts].count("ana") == 2, "and the first is tried again"


async def test_an_orderly_stop_lets_a_page_arrive_once(story: Story) -> None:
    story.phones.answer = Reply(after=0.3)
    await story.posts("DiskFull")
    await story.phones.wait(1)
    await story.muster.stop()
    story.phones.answer = Reply()
    story.muster = story.node()
    await story.muster.start()
    await story.settle()
    assert [text.phone for text in story.texts] == ["ana"], "what was in flight was sent again"
    assert [state for _, state, _ in await story.messages()] == ["handed_over"]
