"""Whoever sends to Opsgenie's Alert API wakes people through Muster, and nothing that is sent elsewhere becomes an alert."""

import pytest
from tests.scenario.door import Door
from tests.scenario.story import KEY

ALERTS = f"/i/{KEY}/v2/alerts"


@pytest.mark.parametrize(
    "path", ["/alerts", "/v2/alert", "/v1/enqueue", "/api/v3/alerts", "/%2e%2e/x", "/v2/heartbeat"]
)
async def test_an_unknown_address_is_answered_404_and_opens_nothing(door: Door, path: str) -> None:
    refused = await door.http.post(f"/i/{KEY}{path}", json={"message": "The shop is down", "title": "x"})
    assert refused.status_code == 404
    assert "/v2/enqueue (PagerDuty)" in refused.text
    async with door.story.muster.database.read() as conn:
        assert await conn.fetchval("SELECT count(*) FROM alerts") == 0


async def test_what_went_to_an_unknown_address_is_kept_with_its_reason(door: Door) -> None:
    await door.http.post(f"/i/{KEY}/alerts", json={"message": "The shop is down"})
    async with door.story.muster.database.read() as conn:
        row = await conn.fetchrow("SELECT path, outcome, faults FROM signals")
    assert (row["path"], row["outcome"]) == ("/alerts", "malformed")
    assert row["faults"][0]["field"] == "path"


async def test_an_alert_is_created_pages_once_and_is_closed_by_its_alias(door: Door) -> None:
    body = {
        "message": "The shop is down",
        "alias": "shop/front",
        "priority": "P1",
        "details": {"alertname": "ShopDown"},
    }
    made = await door.http.post(ALERTS, json=body, headers={"authorization": f"GenieKey {KEY}"})
    assert (made.status_code, made.json()["result"]) == (202, "Request will be processed")
    again = await door.http.post(ALERTS, json=body)
    assert again.json()["requestId"] != ""
    await door.story.settle()
    assert len(door.story.phones.texts) == 1
    async with door.story.muster.database.read() as conn:
        alert = await conn.fetchrow("SELECT * FROM alerts")
    assert (alert["title"], alert["key"], alert["signal_count"]) == ("The shop is down", "shop/front", 2)
    closed = await door.http.post(f"{ALERTS}/shop%2Ffront/close?identifierType=alias", json={"user": "jesse"})
    assert closed.status_code == 202
    async with door.story.muster.database.read() as conn:
        assert await conn.fetchval("SELECT status FROM alerts") == "resolved"


@pytest.mark.parametrize("kind", ["id", "tiny"])
async def test_an_alert_is_closed_by_its_id(door: Door, kind: str) -> None:
    await door.http.post(ALERTS, json={"message": "The shop is down"})
    async with door.story.muster.database.read() as conn:
        id_ = await conn.fetchval("SELECT id FROM alerts")
    name = str(id_) if kind == "id" else str(int(id_.hex[-8:], 16))
    await door.http.post(f"{ALERTS}/{name}/close?identifierType={kind}")
    async with door.story.muster.database.read() as conn:
        assert await conn.fetchval("SELECT status FROM alerts") == "resolved"


async def test_to_close_what_is_unknown_is_answered_202_and_opens_nothing(door: Door) -> None:
    for kind in ("alias", "id", "tiny"):
        assert (await door.http.post(f"{ALERTS}/nothing/close?identifierType={kind}")).status_code == 202
    async with door.story.muster.database.read() as conn:
        assert await conn.fetchval("SELECT count(*) FROM alerts") == 0


async def test_a_sender_that_can_change_only_the_host_gives_the_key_in_its_header(door: Door) -> None:
    body = {"message": "The shop is down"}
    made = await door.http.post("/i/opsgenie/v2/alerts", json=body, headers={"authorization": f"GenieKey {KEY}"})
    assert made.status_code == 202
    assert (await door.http.post("/i/opsgenie/v2/alerts", json=body)).status_code == 404
    wrong = {"authorization": "GenieKey nobodys-key-of-old"}
    assert (await door.http.post("/i/opsgenie/v2/alerts", json=body, headers=wrong)).status_code == 404
    async with door.story.muster.database.read() as conn:
        assert await conn.fetchval("SELECT count(*) FROM alerts") == 1
