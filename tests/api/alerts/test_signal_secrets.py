"""What senders let slip into their requests is stored without its credentials and read without its secrets."""

import json
from importlib.resources import files
from typing import Any

import httpx2
import pytest
from tests.api.alerts.conftest import MONA, VERA
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY

from muster.alerts.actions.intake import Intake
from muster.alerts.happenings import AlertsChanged
from muster.alerts.port import Request
from muster.base.db.database import Database
from muster.base.unit import Unit

CREDENTIALS = {
    "Authorization": "Basic aHVudGVyMjpodW50ZXIy",
    "Cookie": "session=hunter2",
    "X-Api-Key": "hunter2",
    "X-Amz-Security-Token": "hunter2",
    "Proxy-Authorization": "Bearer hunter2",
    "ce-accesstoken": "hunter2",
    "content-type": "application/json",
    "User-Agent": "Prometheus/2.42.0",
}


def sent(clock: MovableClock, body: bytes, path: str = "/api/v2/alerts") -> Request:
    """A request with every credential that a sender may have left in it."""
    return Request(path, "POST", CREDENTIALS, {}, body, clock.now())


async def stored(database: Database) -> list[dict[str, str]]:
    """The headers of every signal, as the database has them."""
    async with database.read() as conn:
        return [row["headers"] for row in await conn.fetch("SELECT headers FROM signals ORDER BY received_at, id")]


async def test_no_outcome_stores_a_senders_credentials(
    client: httpx2.AsyncClient, intake: Intake, clock: MovableClock, database: Database
) -> None:
    good = json.dumps([{"labels": {"alertname": "Down"}}]).encode()
    await intake.accept(KEY, sent(clock, good))
    await intake.accept(KEY, sent(clock, b'[{"labels": "none"}]'))
    failing = True

    async def break_down(unit: Unit, happening: AlertsChanged) -> None:
        if failing:
            raise RuntimeError("what follows fails")

    database.bus.subscribe(AlertsChanged, break_down)
    await intake.accept(KEY, sent(clock, good.replace(b"Down", b"Up")))
    shown = (await client.get("/api/v1/signals")).json()["items"]
    assert sorted(item["outcome"] for item in shown) == ["accepted", "deferred", "malformed"]
    kept = {"content-type": "application/json", "user-agent": "Prometheus/2.42.0"}
    assert await stored(database) == [kept, kept, kept]
    assert "hunter2" not in json.dumps(shown)


async def test_the_upgrade_takes_credentials_out_of_what_was_stored(
    client: httpx2.AsyncClient, intake: Intake, clock: MovableClock, database: Database
) -> None:
    await intake.accept(KEY, sent(clock, b'[{"labels": "none"}]'))
    text = (files("muster") / "alerts" / "migrations" / "004_signal_headers.sql").read_text()
    async with database.pool.acquire() as conn:
        await conn.execute("UPDATE signals SET headers = $1::jsonb", {**CREDENTIALS, "ce-id": "7"})
        await conn.execute(text)
    assert await stored(database) == [
        {"content-type": "application/json", "user-agent": "Prometheus/2.42.0", "ce-id": "7"}
    ]


@pytest.mark.parametrize(
    "body",
    [
        b'[{"labels": "none", "password": "hunter2"}]',
        b'[{"labels": "none", "generatorURL": "https://hunter2:hunter2@grafana.example/x?access_token=hunter2"}]',
        b'[{"labels": "none", "text": "curl -H \'Authorization: Bearer hunter2hunter2\'"}]',
        b"password=hunter2 \xff\xfe is no text",
    ],
)
async def test_a_body_is_read_as_it_was_sent_by_managers_only(
    client: httpx2.AsyncClient, intake: Intake, clock: MovableClock, body: bytes
) -> None:
    await intake.accept(KEY, sent(clock, body))
    for reader, whole in ((VERA, False), ({}, False), (MONA, True)):
        (listed,) = (await client.get("/api/v1/signals", headers=reader)).json()["items"]
        path = f"/api/v1/signals/{listed['id']}"
        one = (await client.get(path, headers=reader)).json()
        page = (await client.get(f"/signals/{listed['id']}", headers=reader)).text
        assert (listed["inspected"], one["inspected"]) == (whole, whole)
        for text in (json.dumps(listed), json.dumps(one), page):
            assert ("hunter2" in text) == (whole and one["encoding"] == "text")
        assert ("What looks like a secret is hidden" in page) != whole


async def test_an_alert_shows_no_secret_of_its_sender(
    client: httpx2.AsyncClient, intake: Intake, clock: MovableClock
) -> None:
    alert: dict[str, Any] = {
        "labels": {"alertname": "Down", "instance": "https://ops:hunter2@db.example:9100", "code": "500"},
        "annotations": {
            "summary": "Down: https://hunter2@db.example",
            "runbook_url": "https://wiki.example/down?api_key=hunter2",
            "api_token": "hunter2",
        },
        "generatorURL": "https://prometheus.example/graph?g0.expr=up&token=hunter2",
    }
    await intake.accept(KEY, sent(clock, json.dumps([alert]).encode()))
    (found,) = (await client.get("/api/v1/alerts")).json()["items"]
    assert found["labels"]["code"] == "500"
    places = ["/api/v1/alerts", f"/api/v1/alerts/{found['id']}", f"/api/v1/alerts/{found['id']}/signals"]
    places += [f"/alerts/{found['id']}", "/api/v1/alerts.csv", "/alerts.csv", "/alerts"]
    for path in places:
        answer = await client.get(path, headers=VERA)
        assert "hunter2" not in answer.text, path
