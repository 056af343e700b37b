"""A backup that is started to prove it pages nobody until somebody says that it is the real one."""

import asyncio
import shutil

import httpx2
from tests.doubles.http_sink import HttpSink
from tests.running import ADMIN, PASSWORD, Running, csrf
from tests.scenario.fleet import muster, paged, pages, post, readyz


async def _page_of(node: Running, path: str) -> str:
    """What the administrator sees there."""
    async with httpx2.AsyncClient(trust_env=False, base_url=node.url, follow_redirects=True) as browser:
        form = {"csrf": csrf((await browser.get("/sign-in")).text), "who": ADMIN, "password": PASSWORD}
        assert (await browser.post("/sign-in", data=form, headers={"origin": node.url})).status_code == 200
        return (await browser.get(path)).text


async def test_a_copy_rehearses_until_it_is_adopted() -> None:
    async with HttpSink() as phone, muster("", phone) as real:
        second = Running(data_dir=real.folder / "data")
        await second.launch()
        assert await second.ended() == 1
        assert "Another Muster (process" in second.log.read_text()
        shutil.rmtree(second.folder)
        await real.stop()
        copy = Running()
        try:
            # As the how-to says.
            for words in (
                ("-C", real.folder, "-cf", copy.folder / "muster.tar", "data"),
                ("-C", copy.folder, "-xpf", copy.folder / "muster.tar"),
            ):
                packing = await asyncio.create_subprocess_exec("tar", *words)
                assert await packing.wait() == 0
            copy.token = real.token
            await asyncio.gather(real.start(), copy.start())
            assert "is a copy of" in (await readyz(copy))[1]["rehearsal"]
            assert "rehearsal" not in (await readyz(real))[1], "the original goes on as it was"
            assert await post(real, "Original") == await post(copy, "Copied") == [200]
            await paged(phone, ["Original"])
            page = (await copy.api("GET", "/sign-in", token="")).text
            assert "This is a rehearsal: nobody is paged" in page
            assert "muster_rehearsal 1.0" in (await copy.api("GET", "/metrics", token="")).text
            ((held, *_),) = [run["deliveries"] for run in await copy.json("incident", "pages", "INC-1")]
            assert (held["state"], held["hold"]) == ("pending", "rehearsal")
            assert "is a copy of" in held["reason"]
            shown = await copy.cli("incident", "pages", "INC-1", complaints=True)
            assert f"REHEARSAL: this Muster pages nobody. {copy.url}/readyz says why." in shown
            assert "is a copy of" in shown
            assert "REHEARSAL" not in await real.cli("incident", "pages", "INC-1", complaints=True)
            assert "This Muster rehearses and pages nobody." in await _page_of(copy, "/incidents/INC-1")
            assert {title for title, _ in pages(phone)} == {"Original"}
            await copy.cli("adopt")
            await paged(phone, ["Copied"])
            assert "rehearsal" not in (await readyz(copy))[1]
            assert "REHEARSAL" not in await copy.cli("incident", "pages", "INC-1", complaints=True)
            kinds = [event["kind"] for event in (await copy.api("GET", "/api/v1/ledger")).json()["items"]]
            assert "InstanceAdopted" in kinds
        finally:
            await copy.stop()
            shutil.rmtree(copy.folder, ignore_errors=True)
