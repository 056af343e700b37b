"""Nodes as processes: one of a name, one for each data directory, and what is left when one is killed, stopped or hangs."""

import shutil
import signal
from typing import Any

from tests.doubles.http_sink import HttpSink, Reply
from tests.running import Running
from tests.scenario.fleet import beside, database_on, muster, paged, pages, post, until

STORM = [f"Storm{number}" for number in range(40)]


async def _refused(node: Running) -> str:
    """What a start says that ends with exit code 1."""
    await node.launch()
    assert await node.ended() == 1, node.log.read_text()
    return node.log.read_text()


async def test_what_a_killed_node_had_in_hand_comes_from_the_other_and_a_name_in_use_is_refused(
    server: dict[str, Any],
) -> None:
    async with (
        HttpSink(Reply(after=3)) as phone,
        database_on(server) as url,
        muster(url, phone, node="node-a") as first,
    ):
        namesake, second = beside(first, node="node-a"), beside(first, node="node-b")
        try:
            assert await post(first, *STORM) == [200] * len(STORM)
            await until(lambda: len(phone.requests) > 0)
            # Pages are in the first one's hands while a second of its name starts.
            said = await _refused(namesake)
            assert "Another process runs as the node node-a" in said
            assert "Traceback" not in said
            await paged(phone, STORM)
            assert len(pages(phone)) == len(STORM), "the second of the name sent what the first had in hand"
            await second.start()
            again = [f"Again{number}" for number in range(len(STORM))]
            assert await post(first, *again) == [200] * len(again)
            await first.kill()
            phone.answer = Reply()
            await paged(phone, again)
        finally:
            await second.stop()
            for node in (namesake, second):
                shutil.rmtree(node.folder)


async def test_a_stop_in_a_storm_sends_nothing_twice(server: dict[str, Any]) -> None:
    async with HttpSink(Reply(after=1)) as phone, database_on(server) as url, muster(url, phone) as node:
        assert await post(node, *STORM) == [200] * len(STORM)
        await until(lambda: len(phone.requests) > 0)
        node.signal(signal.SIGTERM)
        assert await node.ended() == 0
        phone.answer = Reply()
        await node.start()
        await paged(phone, STORM)
        told = pages(phone)
        assert sorted(told) == sorted(set(told)), "what was in flight was sent again"


async def test_a_data_directory_has_one_process_and_the_next_waits_for_one_that_stops(server: dict[str, Any]) -> None:
    async with HttpSink() as phone, database_on(server) as url, muster(url, phone) as first:
        second = Running(database_url=url, data_dir=first.folder / "data")
        second.token = first.token
        try:
            said = await _refused(second)
            assert "Another Muster (process" in said
            assert "Traceback" not in said
            phone.answer = Reply(after=1)
            assert await post(first, *STORM) == [200] * len(STORM)
            await until(lambda: len(phone.requests) > 0)
            # A rolling restart: the next one is started while the one before still hands over what it has in hand.
            first.signal(signal.SIGTERM)
            await second.start()
            assert await first.ended() == 0
            phone.answer = Reply()
            await paged(phone, STORM)
            told = pages(phone)
            assert sorted(told) == sorted(set(told))
        finally:
            await second.stop()
            shutil.rmtree(second.folder)
