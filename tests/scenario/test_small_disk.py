"""A whole Muster, database and all, on a disk that fills up: it warns before, says so when it is full, and recovers by itself."""

import asyncio

from tests.doubles.http_sink import HttpSink
from tests.places import quick_folder
from tests.scenario.fleet import filled, muster, paged, post, readyz, small_disk


async def test_a_disk_that_fills_up_is_told_before_and_while_it_is_full_and_what_was_taken_is_paged() -> None:
    with quick_folder() as folder, small_disk(folder / "disk", "400m") as disk:
        async with HttpSink() as phone, muster("", phone, data_dir=disk / "data") as node:
            taken = ["Before"]
            assert await post(node, *taken) == [200]
            with filled(disk, but=36 << 20):
                assert "is nearly full" in await node.cli("doctor", code=1)
                assert (await readyz(node))[0] == 200
            with filled(disk):
                closed, number = (0, {}), 0
                async with asyncio.timeout(60):
                    while closed[0] != 503:
                        names = [f"Full{number + more}" for more in range(20)]
                        number += len(names)
                        answers = await post(node, *names)
                        assert set(answers) <= {200, 503}, answers
                        taken += [name for name, answer in zip(names, answers, strict=True) if answer == 200]
                        closed = await readyz(node)
                assert "full" in closed[1]["reason"], closed
            async with asyncio.timeout(60):
                while (await readyz(node))[0] != 200:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            assert await post(node, "After") == [200]
            await paged(phone, [*taken, "After"])
            # It crashes, and leaves a postmaster.pid of which nothing was written: its start is in nobody's way.
            await node.kill()
            (disk / "data" / "postgres" / "cluster" / "postmaster.pid").write_bytes(bytes(64))
            await node.start()
            assert await post(node, "Again") == [200]
            await paged(phone, ["Again"])
