"""Plans over HTTP: read, check, publish, compare, restore, try out."""

import json
from typing import Any

import httpx2
import pytest
from tests.unit.plan.texts import SMALL, changed

FASTER = changed(("acknowledge_within: 5m", "acknowledge_within: 3m"))


async def publish(client: httpx2.AsyncClient, text: str, **more: Any) -> httpx2.Response:
    return await client.post("/plans/main/versions", json={"text": text, **more})


async def test_a_plan_is_published_read_and_compared(client: httpx2.AsyncClient) -> None:
    first = await publish(client, SMALL, note="A start.")
    assert first.status_code == 201, first.text
    assert (await publish(client, FASTER)).json()["changes"][0]["sentence"] == (
        "`severities.critical.acknowledge_within` is 3m; it was 5m."
    )
    shown = (await client.get("/plans/main")).json()
    assert (shown["number"], shown["text"], shown["published_by"]) == (2, FASTER, "mona")
    assert shown["data"]["severities"]["critical"]["acknowledge_within"] == "3m"
    assert "A critical incident must be acknowledged within 3 minutes." in shown["prose"][1]["sentences"]
    assert (await client.get("/plans/main/versions/1")).json()["note"] == "A start."
    for query in ({}, {"from": 1}, {"from": 1, "to": 2}):
        (change,) = (await client.get("/plans/main/diff", params=query)).json()
        assert (change["path"], change["old"], change["new"]) == ("severities.critical.acknowledge_within", "5m", "3m")
    assert (await client.get("/plans/main/diff", params={"to": 1})).json() == []
    assert (await client.get("/plans")).json() == {
        "items": [{"name": "main", "active": True, "versions": 2}],
        "next": None,
    }


async def test_versions_are_listed_page_by_page(client: httpx2.AsyncClient) -> None:
    for text in (SMALL, FASTER, SMALL):
        await publish(client, text)
    page = (await client.get("/plans/main/versions", params={"limit": 2})).json()
    assert [each["number"] for each in page["items"]] == [3, 2]
    page = (await client.get("/plans/main/versions", params={"limit": 2, "after": page["next"]})).json()
    assert ([each["number"] for each in page["items"]], page["next"]) == ([1], None)


async def test_faults_come_with_their_places(client: httpx2.AsyncClient) -> None:
    bad = changed(("person:bo", "person:b"), ("then: critical", "then: worst"))
    refused = await publish(client, bad, file="p.yaml")
    assert refused.status_code == 422
    assert [(fault["field"], fault["line"], fault["column"]) for fault in refused.json()["faults"]] == [
        ("severity_rules.0.then", 6, 49),
        ("escalation.platform.1.notify.0", 15, 17),
    ]
    review = (await client.post("/plans/main:validate", json={"text": bad, "file": "p.yaml"})).json()
    assert (review["valid"], len(review["faults"])) == (False, 2)
    assert (await client.get("/plans")).json()["items"] == []


async def test_a_dry_run_tells_what_would_change_and_writes_nothing(client: httpx2.AsyncClient) -> None:
    await publish(client, SMALL)
    review = (await client.post("/plans/main:validate", json={"text": FASTER}, headers={"x-name": "vera"})).json()
    assert (review["valid"], review["faults"], len(review["changes"])) == (True, [], 1)
    assert (await client.get("/plans/main")).json()["number"] == 1


async def test_the_plan_of_another_name_is_refused(client: httpx2.AsyncClient) -> None:
    refused = await client.post("/plans/holidays/versions", json={"text": SMALL})
    assert refused.status_code == 422
    assert refused.json()["faults"] == [
        {
            "field": "name",
            "rule": "The text is of the plan `main`, not of `holidays`.",
            "fix": "Write `name: holidays`.",
        }
    ]


async def test_an_older_version_is_restored_and_another_plan_takes_force(client: httpx2.AsyncClient) -> None:
    for text in (SMALL, FASTER):
        await publish(client, text)
    restored = await client.post("/plans/main/versions/1:restore", json={"note": "Too fast."})
    assert restored.status_code == 201, restored.text
    assert (restored.json()["version"]["number"], restored.json()["version"]["note"]) == (3, "Too fast.")
    await client.post("/plans/holidays/versions", json={"text": changed(("name: main", "name: holidays"))})
    assert (await client.post("/plans/holidays:activate", json={})).json()["name"] == "holidays"
    assert [(each["name"], each["active"]) for each in (await client.get("/plans")).json()["items"]] == [
        ("holidays", True),
        ("main", False),
    ]


async def test_an_alert_is_tried_out_at_any_time_without_paging_anybody(client: httpx2.AsyncClient) -> None:
    await publish(client, SMALL)
    alert = {"labels": {"severity": "critical", "alertname": "Down"}, "at": "2026-11-22T03:00:00+00:00"}
    done = (await client.post("/plans/main:simulate", json=alert)).json()
    assert (done["severity"], done["category"], done["policies"]) == ("critical", "operational", ["platform"])
    assert done["acknowledge_by"] == "2026-11-22T03:05:00Z"
    # The schedule does not exist: as for a real page, a step that reaches nobody does not wait.
    assert [(step["at"], step["notify"], step["people"], step["times"]) for step in done["steps"]] == [
        ("2026-11-22T03:00:00Z", ["schedule:primary"], [], 1),
        ("2026-11-22T03:00:00Z", ["person:bo"], ["bo"], 1),
        ("2026-11-22T03:05:00Z", ["person:bo"], ["bo"], 2),
    ]
    assert done["steps"][1]["messages"][0]["channel"] == "email"
    assert done["warnings"][0] == "Step 1 of platform reaches nobody. There is no schedule primary any more."
    assert done["reasons"][-1]["sentence"] == "Alerts join when these agree: alertname Down, service (none)."
    unpublished = await client.post("/plans/main:simulate", json={**alert, "text": FASTER})
    assert unpublished.json()["acknowledge_by"] == "2026-11-22T03:03:00Z"


async def test_a_senders_own_payload_is_tried_out_alert_by_alert(client: httpx2.AsyncClient) -> None:
    await publish(client, SMALL)
    alerts = [{"labels": {"alertname": "Down", "severity": "critical"}}, {"labels": {"alertname": "Slow"}}]
    body = {"payload": json.dumps(alerts), "at": "2026-11-22T03:00:00Z"}
    found = (await client.post("/simulate", json=body)).json()
    assert [(each["severity"], each["policies"]) for each in found] == [
        ("critical", ["platform"]),
        ("low", ["platform"]),
    ]
    over = [{**alerts[0], "endsAt": "2026-11-22T02:00:00Z"}]
    (ended,) = (await client.post("/simulate", json={**body, "payload": json.dumps(over)})).json()
    assert ended["notes"] == ["It says that it is resolved: by itself it opens no incident."]


async def test_a_policy_alone_tells_whom_it_wakes(client: httpx2.AsyncClient) -> None:
    await publish(client, SMALL)
    found = (await client.post("/simulate/policies/platform", json={"at": "2026-11-22T03:00:00Z"})).json()
    assert (found["severity"], found["policies"], found["steps"][1]["people"]) == (None, ["platform"], ["bo"])


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/simulate", {"payload": "{"}, 400),
        ("POST", "/simulate", {"payload": "[]"}, 400),
        ("POST", "/simulate", {"payload": "[]", "integration": "nope"}, 422),
        ("POST", "/simulate", {"payload": "[]", "plan": "nope"}, 404),
        ("POST", "/simulate/policies/nope", {}, 422),
        ("POST", "/simulate/policies/platform", {"severity": "nope"}, 422),
        ("GET", "/plans/nope", None, 404),
        ("GET", "/plans/nope/versions", None, 404),
        ("GET", "/plans/main/versions/9", None, 404),
        ("GET", "/plans/main/diff?from=9", None, 404),
        ("POST", "/plans/nope:simulate", {}, 404),
        ("POST", "/plans/nope:activate", {}, 404),
        ("POST", "/plans/main/versions/9:restore", {}, 404),
        ("POST", "/plans/main:activate", {}, 409),
        ("POST", "/plans/main/versions/1:restore", {}, 409),
        ("POST", "/plans/main/versions", {"text": ""}, 422),
        ("POST", "/plans/main/versions", {"text": "a: \x00"}, 422),
        ("POST", "/plans/main/versions", {"txt": "x"}, 422),
        ("POST", "/plans/main:simulate", {"at": "2026-11-22T03:00:00"}, 422),
        ("POST", "/plans/main:simulate", {"at": "9999-12-31T23:00:00Z"}, 422),
        ("POST", "/plans/main:simulate", {"text": "a: ["}, 422),
        ("GET", "/plans/main%00", None, 422),
        ("GET", "/plans?after=x", None, 422),
    ],
)
async def test_what_cannot_be_done_is_refused_with_its_status(
    client: httpx2.AsyncClient, method: str, path: str, body: Any, status: int
) -> None:
    await publish(client, SMALL)
    answer = await client.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["title"]


async def test_viewers_read_managers_publish_and_strangers_get_the_schema_only(client: httpx2.AsyncClient) -> None:
    assert (
        await client.post("/plans/main/versions", json={"text": SMALL}, headers={"x-name": "vera"})
    ).status_code == 403
    await publish(client, SMALL)
    assert (await client.get("/plans/main", headers={"x-name": "vera"})).status_code == 200
    assert (await client.get("/plans/main", headers={"x-name": "?"})).status_code == 401
    schema = await client.get("/plan-schema.json", headers={"x-name": "?"})
    assert schema.json()["title"] == "Muster response plan"
