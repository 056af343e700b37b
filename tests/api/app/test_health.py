"""What load balancers and Prometheus are told by a real Muster."""

import json

from tests.running import Running


async def test_a_running_muster_tells_its_health_and_its_figures() -> None:
    async with Running(cold=True) as muster:
        await muster.init()
        assert (await muster.api("GET", "/healthz", token="")).text == "ok\n"
        assert (await muster.api("GET", "/readyz", token="")).json() == {"ready": True}
        figures = (await muster.api("GET", "/metrics", token="")).text
        assert "muster_database_up 1" in figures
        assert 'muster_jobs{state="dead"} 0.0' in figures
        assert "muster_last_delivery_timestamp_seconds 0.0" in figures
        for path in ("/healthz", "/sign-in", "/nowhere", "/i/nobody/api/v2/alerts", "/static/x/y"):
            for method in ("GET", "POST"):
                answer = await muster.api(method, path, token="")
                assert "granian" not in str(answer.headers).lower(), (method, path)


async def test_the_doctor_finds_only_that_no_plan_is_published_yet() -> None:
    async with Running() as muster:
        await muster.init()
        found = json.loads(await muster.cli("doctor", "--json", code=1))
        assert [each["name"] for each in found if not each["ok"]] == ["response plan"]
        assert all(each["sentence"] for each in found)
