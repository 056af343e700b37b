"""A mapping made by looking: tried by API and page, saved with its samples, and held to them."""

import json
from typing import Any

import httpx2
from tests.api.alerts.conftest import MONA, VERA

DOWN = {"check": {"id": 7, "name": "Disk"}, "color": "red"}
UP = {**DOWN, "color": "green"}
FIELDS = {"key": "$.check.id", "title": "$.check.name", "recovery": "$.color", "values": "green"}
API, PAGE = "/api/v1/integrations/any", "/settings/integrations/any/mapping"


async def made(client: httpx2.AsyncClient) -> None:
    """An integration of the generic format."""
    reply = await client.post("/api/v1/integrations", json={"name": "any", "format": "generic"}, headers=MONA)
    assert reply.status_code == 201


async def test_a_payload_is_tried_with_other_options_and_nothing_is_kept(client: httpx2.AsyncClient) -> None:
    await made(client)
    options = {"resolved_when": {"path": "$.color", "values": ["green"]}}
    tried = (await client.post(f"{API}:try", json={"body": json.dumps(UP), "options": options})).json()
    (alert,) = tried["alerts"]
    assert (alert["status"], alert["title"], alert["guess"]) == ("resolved", "Disk", "")
    assert {"path": "$.check.id", "text": "7"} in tried["fields"]
    wrong = (await client.post(f"{API}:try", json={"body": "{", "options": {"titel": 1}})).json()
    assert [fault["field"] for fault in wrong["faults"]][:1] == ["titel"]
    assert (await client.get("/api/v1/alerts?status=all")).json()["items"] == []
    assert (await client.get("/api/v1/signals")).json()["items"] == []
    assert (await client.post(f"{API}:try", json={"body": "{}"}, headers=VERA)).status_code == 403


async def test_fields_are_picked_seen_and_saved_with_samples_that_hold(client: httpx2.AsyncClient) -> None:
    await made(client)
    samples: dict[str, Any] = {"fired": json.dumps(DOWN), "over": json.dumps(UP)}
    picked = await client.post(PAGE, data={**samples, "pick": "title $.check.name"}, headers=MONA)
    assert 'value="$.check.name"' in picked.text
    shown = await client.post(PAGE, data={**samples, **FIELDS}, headers=MONA)
    assert ">resolved<" in shown.text
    assert (await client.get(API)).json()["options"] == {}
    saved = await client.post(PAGE, data={**samples, **FIELDS, "save": "yes"}, headers=MONA)
    assert saved.status_code == 303, saved.text
    options = (await client.get(API)).json()["options"]
    assert options["resolved_when"] == {"path": "$.color", "values": ["green"]}
    assert [sample["expect"]["status"] for sample in options["samples"]] == ["firing", "resolved"]
    assert "Disk" in (await client.get(PAGE, headers=MONA)).text
    broken = {**options, "resolved_when": {"path": "$.color", "values": ["blue"]}}
    refused = await client.patch(API, json={"options": broken}, headers=MONA)
    assert refused.status_code == 422
    assert "instead of 'resolved'" in refused.text
