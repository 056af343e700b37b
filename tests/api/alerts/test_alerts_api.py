"""Alerts, signals, silences and integrations over the API."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.api.alerts.conftest import MONA, VERA
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, Send, request

from muster.alerts.actions.intake import Intake


@pytest.fixture
async def three(send: Send, clock: MovableClock) -> None:
    """Three alerts, one of them over, a minute apart."""
    await send("DiskFull", instance="web1", severity="critical", service="shop")
    clock.move(timedelta(minutes=1))
    await send("Slow", instance="web2", severity="warning", service="shop")
    clock.move(timedelta(minutes=1))
    await send("Gone", instance="db1")
    await send("Gone", instance="db1", over=True)


async def names(client: httpx2.AsyncClient, query: str = "") -> list[str]:
    """The alertnames that a list shows."""
    page = (await client.get(f"/api/v1/alerts{query}")).raise_for_status().json()
    return [each["labels"]["alertname"] for each in page["items"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Slow", "DiskFull"]),
        ("?status=all", ["Gone", "Slow", "DiskFull"]),
        ("?status=resolved", ["Gone"]),
        ("?severity=critical", ["DiskFull"]),
        ("?held=any", []),
        ("?held=none&integration=prom", ["Slow", "DiskFull"]),
        ("?integration=other", []),
        ('?filter=service="shop"&filter=alertname!="Slow"', ["DiskFull"]),
        ("?filter=instance=~web.*,severity=warning", ["Slow"]),
        ('?filter=instance=~"web[0-9]{1}"', ["Slow", "DiskFull"]),
        ('?status=all&filter=service=""', ["Gone"]),
        ('?filter=service!~"sh.p"', []),
        ("?q=disk", ["DiskFull"]),
        ("?q=web2", ["Slow"]),
        ("?q=%25", []),
        ("?q=_", []),
    ],
)
async def test_alerts_are_filtered(client: httpx2.AsyncClient, three: None, query: str, found: list[str]) -> None:
    assert await names(client, query) == found


async def test_alerts_are_paged_with_and_without_what_the_database_cannot_decide(
    client: httpx2.AsyncClient, three: None
) -> None:
    for filters in ("", '&filter=alertname=~"(D|S|G)[a-zA-Z]{1,20}"'):
        seen: list[str] = []
        after = ""
        while True:
            page = (await client.get(f"/api/v1/alerts?status=all&limit=1{filters}{after}")).raise_for_status().json()
            seen += [each["labels"]["alertname"] for each in page["items"]]
            if not page.get("next"):
                break
            after = f"&after={page['next']}"
        assert seen == ["Gone", "Slow", "DiskFull"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/alerts?filter=nonsense", 422),
        ("/api/v1/alerts?status=odd", 422),
        ("/api/v1/alerts?after=nonsense", 422),
        ("/api/v1/alerts?integration=nowhere", 404),
        ("/api/v1/alerts?q=%00", 422),
        ("/api/v1/alerts/5f9b2c1e-0000-4000-8000-000000000000", 404),
        ("/api/v1/alerts/nonsense", 422),
        ("/api/v1/signals?outcome=odd", 422),
        ("/api/v1/signals/5f9b2c1e-0000-4000-8000-000000000000", 404),
        ("/api/v1/silences/5f9b2c1e-0000-4000-8000-000000000000", 404),
        ("/api/v1/integrations/nowhere", 404),
        ("/api/v1/noise?days=0", 422),
        ("/alerts?integration=nowhere", 404),
        ("/alerts?filter=nonsense", 422),
        ("/silences/new?alert=nonsense", 422),
    ],
)
async def test_what_cannot_be_read_is_refused(client: httpx2.AsyncClient, path: str, status: int) -> None:
    assert (await client.get(path)).status_code == status


async def test_an_alert_tells_its_past_and_gives_its_raw_signals(client: httpx2.AsyncClient, three: None) -> None:
    (alert,) = (await client.get("/api/v1/alerts?status=resolved")).json()["items"]
    shown = (await client.get(f"/api/v1/alerts/{alert['id']}")).raise_for_status().json()
    assert {each["status"] for each in shown["transitions"]} == {"resolved", "opened"}
    raw = (await client.get(f"/api/v1/alerts/{alert['id']}/signals")).raise_for_status().json()["items"]
    assert len(raw) == 2
    one = (await client.get(f"/api/v1/signals/{raw[0]['id']}")).raise_for_status().json()
    assert '"alertname": "Gone"' in one["body"]
    assert (one["encoding"], one["outcome"], one["size"]) == ("text", "accepted", len(one["body"]))


async def test_the_csv_holds_what_fits_and_no_formulas(client: httpx2.AsyncClient, three: None, send: Send) -> None:
    await send("Evil", summary="=HYPERLINK(1)")
    text = (await client.get("/api/v1/alerts.csv?severity=critical")).raise_for_status().text
    assert len(text.splitlines()) == 2
    assert "'=HYPERLINK(1)" in (await client.get("/alerts.csv?q=HYPER")).raise_for_status().text


async def test_verdicts_need_a_responder(client: httpx2.AsyncClient, three: None) -> None:
    (alert,) = (await client.get("/api/v1/alerts?status=resolved")).json()["items"]
    path = f"/api/v1/alerts/{alert['id']}/verdict"
    assert (await client.post(path, json={"verdict": "false"}, headers=VERA)).status_code == 403
    assert (await client.post(path, json={"verdict": "maybe"})).status_code == 422
    assert (await client.post(path, json={"verdict": "false", "reason": "a drill"})).json()["verdict"] == "false"
    rules = (await client.get("/api/v1/noise")).json()["rules"]
    assert {rule["rule"]: rule["false"] for rule in rules}["Gone"] == 1


async def test_silences_are_made_changed_and_ended(client: httpx2.AsyncClient, three: None) -> None:
    body: dict[str, Any] = {"matchers": ['service="shop"'], "comment": "moving", "duration": "2h"}
    assert (await client.post("/api/v1/silences", json=body, headers=VERA)).status_code == 403
    made = (await client.post("/api/v1/silences", json=body)).raise_for_status().json()
    assert (made["state"], made["created_by"], made["matchers"]) == ("active", "ana", ['service="shop"'])
    assert await names(client, "?held=silence") == ["Slow", "DiskFull"]
    path = f"/api/v1/silences/{made['id']}"
    changed = (await client.patch(path, json={"matchers": ["alertname=Slow"]})).raise_for_status().json()
    assert changed["comment"] == "moving"
    assert await names(client, "?held=silence") == ["Slow"]
    assert (await client.post(f"{path}/expire", json={"reason": "done"})).raise_for_status().json()[
        "state"
    ] == "expired"
    assert (await client.post(f"{path}/expire")).status_code == 409
    assert await names(client, "?held=any") == []
    assert (await client.get("/api/v1/silences")).json()["items"] == []
    assert len((await client.get("/api/v1/silences?state=all")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"matchers": ["a=b"], "comment": "x"}, "ends_at"),
        ({"matchers": ["a=b"], "comment": "x", "duration": "2 parsecs"}, "duration"),
        ({"matchers": ["nonsense"], "comment": "x", "duration": "1h"}, "matchers"),
        ({"matchers": ["a=b"], "comment": "x", "ends_at": "2026-03-02T12:00:00"}, "ends_at"),
        ({"matchers": ["a=b"], "comment": "x", "duration": "1h", "odd": 1}, "odd"),
        ({"matchers": ["a=b"], "comment": "", "duration": "1h"}, "comment"),
    ],
)
async def test_a_silence_that_cannot_be_is_refused_by_field(
    client: httpx2.AsyncClient, body: dict[str, Any], field: str
) -> None:
    answer = await client.post("/api/v1/silences", json=body)
    assert answer.status_code == 422
    assert field in {fault["field"] for fault in answer.json()["faults"]}


async def test_integrations_are_managed_and_their_keys_kept_from_others(client: httpx2.AsyncClient) -> None:
    body = {"name": "grafana", "format": "grafana", "title": "Dashboards"}
    assert (await client.post("/api/v1/integrations", json=body)).status_code == 403
    made = (await client.post("/api/v1/integrations", json=body, headers={**MONA, "idempotency-key": "k"})).json()
    assert made["address"].endswith(f"/i/{made['key']}")
    shown = (await client.get("/api/v1/integrations/grafana")).raise_for_status()
    assert made["key"] not in shown.text
    assert (await client.get("/api/v1/integrations/grafana/key")).status_code == 403
    revealed = await client.get("/api/v1/integrations/grafana/key", headers=MONA)
    assert (revealed.json()["key"], revealed.headers["cache-control"]) == (made["key"], "private, no-store")
    fresh = (await client.post("/api/v1/integrations/grafana/key:rotate", headers=MONA)).json()["key"]
    assert fresh != made["key"]
    changed = await client.patch("/api/v1/integrations/grafana", json={"active": False}, headers=MONA)
    assert (changed.json()["active"], changed.json()["title"]) == (False, "Dashboards")
    assert (await client.delete("/api/v1/integrations/grafana", headers=MONA)).status_code == 204
    assert {each["name"] for each in (await client.get("/api/v1/integrations")).json()["items"]} == {"prom", "other"}


async def test_a_test_shows_what_became_of_the_sample(client: httpx2.AsyncClient) -> None:
    found = (await client.post("/api/v1/integrations/prom/test", json={})).raise_for_status().json()
    assert (found["format"], found["alerts"][0]["hold"]) == ("alertmanager", "test")
    assert (await client.post("/api/v1/integrations/prom/test", headers=VERA)).status_code == 403


async def test_a_signal_sent_by_hand_is_real_and_a_bad_one_leaves_nothing(client: httpx2.AsyncClient) -> None:
    path = "/api/v1/integrations/prom/signals"
    good = {"body": '{"title": "By hand", "severity": "high"}', "path": "/generic"}
    sent = (await client.post(path, json=good)).raise_for_status().json()
    assert [(each["title"], each["hold"]) for each in sent["alerts"]] == [("By hand", "")]
    assert (await client.post(path, json={"body": "{bad"})).status_code == 400
    assert len((await client.get("/api/v1/signals")).json()["items"]) == 1


async def test_refused_signals_are_listed_with_their_faults(
    client: httpx2.AsyncClient, intake: Intake, clock: MovableClock
) -> None:
    await intake.accept(KEY, request(clock.now(), b'[{"labels": "none"}]'))
    (found,) = (await client.get("/api/v1/signals?integration=prom&outcome=malformed")).json()["items"]
    assert found["faults"][0]["field"] == "0.labels"
    assert (await client.get("/api/v1/integrations/prom")).json()["refused"] == 1


async def test_an_integrations_key_opens_its_own_alerts_and_silences_only(
    client: httpx2.AsyncClient, three: None
) -> None:
    base = f"/i/{KEY}/api/v2"
    found = (await client.get(f"{base}/alerts", headers={"x-name": "nobody"})).raise_for_status().json()
    assert {each["labels"]["alertname"] for each in found} == {"DiskFull", "Slow"}
    own = (await client.post("/api/v1/silences", json={"matchers": ["a=b"], "comment": "x", "duration": "1h"})).json()
    assert (await client.get(f"{base}/silences")).json() == []
    assert (await client.get(f"{base}/silence/{own['id']}")).status_code == 404
    assert (await client.delete(f"{base}/silence/{own['id']}")).status_code == 404
    refused = await client.get("/i/no-such-key-0123456789/api/v2/alerts")
    assert (refused.status_code, refused.json().startswith("No integration has this key.")) == (404, True)
