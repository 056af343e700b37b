"""Alerts, silences, integrations and signals from the command line of a real Muster."""

import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from tests.running import Running


@pytest.fixture(scope="module")
async def muster() -> AsyncIterator[Running]:
    """A running Muster, set up."""
    async with Running() as running:
        await running.init()
        yield running


async def test_from_an_address_to_a_verdict(muster: Running) -> None:
    made = await muster.json("integration", "create", "shop", "--format", "generic", "--title", "The shop")
    assert made["address"] == f"{muster.url}/i/{made['key']}"
    tested = await muster.cli("integration", "test", "shop")
    assert "A test (muster_test=" in tested
    async with httpx2.AsyncClient(trust_env=False) as http:
        body = {"title": "Checkout is slow", "severity": "high", "service": "shop"}
        assert (await http.post(made["address"], json=body)).status_code == 202
        assert (await http.post(made["address"], content=b"{bad")).status_code == 400
    (alert,) = await muster.json("alert", "list", "--held", "none")
    assert (alert["title"], alert["severity_hint"]) == ("Checkout is slow", "high")
    assert "Checkout is slow" in await muster.cli("alert", "show", alert["id"])
    assert "real" in await muster.cli("alert", "verdict", alert["id"], "real", "--reason", "customers complained")
    assert "Checkout is slow" in await muster.cli("alert", "noise")
    assert "not JSON" in await muster.cli("signal", "list", "--outcome", "malformed")
    (refused,) = await muster.json("signal", "list", "--outcome", "malformed")
    assert "{bad" in await muster.cli("signal", "show", refused["id"])


async def test_silences_and_maintenance(muster: Running) -> None:
    made = await muster.json("silence", "create", 'service="shop"', "--why", "moving", "--for", "2h")
    assert made["state"] == "active"
    planned = await muster.json(
        "maintenance", "create", "service=db", "--why", "upgrade", "--start", "2099-01-01T00:00+00:00", "--for", "1h"
    )
    assert (planned["kind"], planned["state"]) == ("maintenance", "pending")
    assert "moving" in await muster.cli("silence", "list")
    assert (await muster.json("silence", "expire", made["id"], "--reason", "done"))["state"] == "expired"
    assert [each["id"] for each in await muster.json("silence", "list")] == [planned["id"]]
    assert "It has no matcher" in await muster.cli("silence", "create", "--why", "x", "--for", "1h", code=1)
    faults = json.loads(await muster.cli("silence", "create", "a=~.*", "--why", "x", "--for", "1h", "--json", code=1))
    assert faults["faults"][0]["rule"] == "It would silence everything."


async def test_an_integrations_key_is_shown_exchanged_and_gone(muster: Running) -> None:
    made = await muster.json("integration", "create", "short-lived")
    assert (await muster.json("integration", "key", "short-lived"))["key"] == made["key"]
    fresh = await muster.json("integration", "rotate", "short-lived", "--reason", "leaked")
    async with httpx2.AsyncClient(trust_env=False) as http:
        assert (await http.post(made["address"], json={"title": "x"})).status_code == 404
        assert (await http.post(fresh["address"] + "/generic", json={"title": "x"})).status_code == 202
    assert not (await muster.json("integration", "change", "short-lived", "--no-on"))["active"]
    assert "not over" in await muster.cli("integration", "delete", "short-lived", code=1)
    gone = await muster.cli(
        "signal", "send", "short-lived", "--path", "/generic", given='{"title": "x", "status": "ok"}'
    )
    assert "x" in gone
    assert "is deleted" in await muster.cli("integration", "delete", "short-lived", "--reason", "not needed")
    assert "There is no integration" in await muster.cli("integration", "show", "short-lived", code=1)


async def test_a_heartbeat_is_declared_heard_of_and_forgotten(muster: Running) -> None:
    address = (await muster.json("integration", "create", "cron", "--format", "generic"))["address"]
    assert "There is no heartbeat" in await muster.cli("heartbeat", "list")
    declared = await muster.json("heartbeat", "set", "cron", "Nightly-Backup", "--every", "1d", "--grace", "2h")
    assert (declared["name"], declared["every"], declared["grace"]) == ("nightly-backup", "1d", "2h")
    async with httpx2.AsyncClient(trust_env=False) as http:
        for method in ("GET", "HEAD", "POST"):
            assert (await http.request(method, f"{address}/heartbeat/nightly-backup")).status_code == 200
        assert (await http.get(f"{address}/heartbeat/nightly-backup")).json()["every"] == "1d"
        failing = await http.post(f"{address}/heartbeat/import/fail?every=1h", content=b"no rows")
        assert failing.json()["heartbeat"] == "import"
        refused = await http.get(f"{address}/heartbeat/x?every=never")
        assert (refused.status_code, refused.json()["faults"][0]["field"]) == (400, "every")
        assert (await http.delete(f"{address}/heartbeat/x")).status_code == 405
    missing, heard = await muster.json("heartbeat", "list", "cron")
    assert (missing["name"], missing["declared"], heard["missing_since"]) == ("import", False, None)
    assert [each["name"] for each in await muster.json("heartbeat", "list", "--missing")] == ["import"]
    assert "1d" in await muster.cli("heartbeat", "list")
    await muster.cli("heartbeat", "forget", "cron", "import", "--reason", "gone")
    assert await muster.json("heartbeat", "list", "--missing") == []
    (alert,) = await muster.json("alert", "list", "--status", "resolved")
    assert alert["labels"]["heartbeat"] == "import"
    assert "is out of bounds" in await muster.cli("heartbeat", "set", "cron", "x", "--every", "1s", code=1)
    assert "no heartbeat `y`" in await muster.cli("heartbeat", "forget", "cron", "y", code=1)


async def test_whether_paging_is_proven_is_told(muster: Running) -> None:
    found = await muster.json("page", "health")
    (inbox,) = [each for each in found["rounds"] if each["channel"] == "inbox"]
    assert (inbox["closed"], inbox["failures"], bool(inbox["good_at"])) == (True, 0, True)
    assert found["trouble"] == ""
    assert "inbox" in await muster.cli("page", "health")
    assert "Every policy wakes somebody" in await muster.cli("chains"), "without a plan there is no chain to break"


async def test_a_vendors_format_is_found_set_up_and_tried_as_a_pair(muster: Running) -> None:
    assert "Netdata" in await muster.cli("integration", "formats")
    made = await muster.json("integration", "create", "nodes", "--format", "netdata", "--secret", "a long secret")
    for words in ((), ("--recovery",)):
        assert "ram_in_use on db1" in await muster.cli("integration", "test", "nodes", *words)
    sample = next(found for found in await muster.json("integration", "formats") if found["name"] == "netdata")[
        "sample"
    ]
    async with httpx2.AsyncClient(trust_env=False) as http:
        challenge = await http.get(made["address"], params={"crc_token": "x"})
        assert challenge.json()["response_token"].startswith("sha256=")
        assert (await http.get(made["address"], params={"other": "x"})).status_code == 405
        assert (await http.get(made["address"])).status_code == 405
        refused = await http.post(made["address"], content=sample)
        assert (refused.status_code, refused.json()["faults"][0]["field"]) == (401, "Authorization")
        taken = await http.post(made["address"], content=sample, headers={"authorization": "Bearer a long secret"})
        assert (taken.status_code, taken.json()) == (200, {"accepted": 1})
    assert (await muster.json("integration", "show", "nodes"))["refused"] == 1
    assert not (await muster.json("integration", "change", "nodes", "--secret", ""))["has_secret"]
