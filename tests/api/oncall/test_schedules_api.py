"""Schedules, coverage and overrides over HTTP, and the commands that use it."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from tests.api.oncall.conftest import PRIMARY, definition
from tests.conftest import MovableClock

from muster.oncall.api import schedules


async def test_a_schedule_is_saved_read_changed_and_deleted(client: httpx2.AsyncClient, clock: MovableClock) -> None:
    created = await client.post("/api/v1/schedules", json=definition("ana", "bo"))
    assert created.status_code == 201
    assert created.json()["definition"] == definition("ana", "bo")
    assert created.json()["findings"] == []
    assert (await client.post("/api/v1/schedules", json=definition("ana"))).status_code == 409
    clock.move(timedelta(hours=1))
    changed = await client.put(PRIMARY, json=definition("bo"))
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    versions = (await client.get(f"{PRIMARY}/versions", params={"limit": 1})).json()
    assert [each["version"] for each in versions["items"]] == [2]
    versions = (await client.get(f"{PRIMARY}/versions", params={"after": versions["next"]})).json()
    assert [each["definition"] for each in versions["items"]] == [definition("ana", "bo")]
    assert [each["name"] for each in (await client.get("/api/v1/schedules")).json()["items"]] == ["platform-primary"]
    assert (await client.delete(PRIMARY)).status_code == 204
    assert (await client.get(PRIMARY)).status_code == 404


async def test_faults_of_a_definition_are_problem_details(client: httpx2.AsyncClient) -> None:
    refused = await client.post("/api/v1/schedules", json=definition("ana", "zo", hand_off="Moon 9"))
    assert refused.status_code == 422
    assert [fault["field"] for fault in refused.json()["faults"]] == ["layers.0.hand_off"]
    refused = await client.post("/api/v1/schedules", json=definition("ana", "zo"))
    assert [fault["rule"] for fault in refused.json()["faults"]] == ["There is no person `zo`."]
    assert (await client.post("/api/v1/schedules", json=[])).status_code == 422
    refused = await client.post("/api/v1/schedules", json=definition("ana", hand_of="Mon 09:00", every=0))
    assert [(fault["field"], fault["fix"]) for fault in refused.json()["faults"]] == [
        ("layers.0.every", "Write a whole number from 1 to 1000."),
        ("layers.0.hand_of", "Did you mean `hand_off`?"),
    ]


def test_the_body_of_a_schedule_is_described() -> None:
    api = FastAPI()
    api.include_router(schedules.router)
    document = api.openapi()
    body = document["paths"]["/api/v1/schedules"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    draft = document["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]]
    assert draft["required"] == ["name", "time_zone", "layers"]
    layer = document["components"]["schemas"][draft["properties"]["layers"]["items"]["$ref"].rsplit("/", 1)[-1]]
    assert {"people", "rotate", "hand_off", "start", "restrictions", "calendar"} <= layer["properties"].keys()


async def test_coverage_tiles_the_time_asked_for(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    asked = {"from": "2026-03-02T10:00:00+01:00", "to": "2026-03-16T10:00:00+01:00"}
    found = (await client.get(f"{PRIMARY}/coverage", params=asked)).json()
    assert [(each["start"], each["end"], each["people"]) for each in found["spans"]] == [
        ("2026-03-02T09:00:00Z", "2026-03-09T08:00:00Z", ["ana"]),
        ("2026-03-09T08:00:00Z", "2026-03-16T08:00:00Z", ["bo"]),
        ("2026-03-16T08:00:00Z", "2026-03-16T09:00:00Z", ["ana"]),
    ]
    assert [layer["name"] for layer in found["layers"]] == ["weekly"]
    week = (await client.get(f"{PRIMARY}/coverage")).json()
    assert (week["start"], week["end"]) == ("2026-03-02T09:00:00Z", "2026-03-09T09:00:00Z")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-03-02T09:00:00", "does not say in which zone it is"),
        ("from=now", "is not a time"),
        ("from=2026-03-02T09:00:00Z&to=2026-03-02T09:00:00Z", "not after `from`"),
        ("from=2026-03-02T09:00:00Z&to=2036-03-02T09:00:00Z", "At most 400 days"),
    ],
)
async def test_a_time_without_zone_or_length_is_refused(
    client: httpx2.AsyncClient, primary: dict[str, Any], query: str, said: str
) -> None:
    refused = await client.get(f"{PRIMARY}/coverage?{query}")
    assert refused.status_code == 422
    assert said in refused.json()["faults"][0]["rule"]


async def test_who_is_on_call_is_explained(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    found = (await client.get(f"{PRIMARY}/on-call", params={"at": "2026-03-10T03:00:00Z"})).json()
    assert (found["people"], found["reason"]["sentence"]) == (["bo"], "Layer weekly has this turn.")
    assert [step["decides"] for step in found["steps"]] == [True]
    before = (await client.get(f"{PRIMARY}/on-call", params={"at": "2000-01-01T00:00:00Z"})).json()
    assert before["reason"]["cause"] == "no_schedule"
    past = {"from": "2000-01-01T00:00:00Z", "to": "2000-01-02T00:00:00Z"}
    assert (await client.get(f"{PRIMARY}/coverage", params=past)).json()["spans"][0]["people"] == []
    everywhere = (await client.get("/api/v1/on-call")).json()["items"]
    assert [(each["schedule"], each["people"], each["until"]) for each in everywhere] == [
        ("platform-primary", ["ana"], "2026-03-09T08:00:00Z")
    ]


async def test_a_responder_takes_over_for_a_while_and_gives_back(
    client: httpx2.AsyncClient, primary: dict[str, Any], clock: MovableClock
) -> None:
    ana = {"x-name": "ana"}
    body = {"person": "bo", "duration": "8h", "note": "swimming"}
    made = await client.post(f"{PRIMARY}/overrides", json=body, headers=ana)
    assert (made.status_code, made.json()["end"]) == (201, "2026-03-02T17:00:00Z")
    assert (await client.get("/api/v1/on-call")).json()["items"][0]["people"] == ["bo"]
    assert [each["note"] for each in (await client.get(f"{PRIMARY}/overrides")).json()["items"]] == ["swimming"]
    clock.move(timedelta(hours=1))
    removed = await client.delete(f"{PRIMARY}/overrides/{made.json()['id']}", headers=ana)
    assert removed.json()["effective_end"] == "2026-03-02T10:00:00Z"
    assert (await client.get("/api/v1/on-call")).json()["items"][0]["people"] == ["ana"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"person": "bo"}, "end"),
        ({"person": "bo", "duration": "8h", "end": "2026-03-03T00:00:00Z"}, "end"),
        ({"person": "bo", "duration": "eight"}, "duration"),
        ({"person": "bo", "end": "2026-03-03T00:00:00"}, "end"),
        ({"duration": "8h"}, "person"),
        ({"person": "zo", "duration": "8h"}, "person"),
        ({"person": "bo", "duration": "8h", "notes": ""}, "notes"),
    ],
)
async def test_an_override_that_cannot_be_made_names_the_field(
    client: httpx2.AsyncClient, primary: dict[str, Any], body: dict[str, Any], field: str
) -> None:
    refused = await client.post(f"{PRIMARY}/overrides", json=body)
    assert refused.status_code == 422
    assert [fault["field"] for fault in refused.json()["faults"]] == [field]


async def test_a_preview_shows_coverage_and_findings_and_saves_nothing(client: httpx2.AsyncClient) -> None:
    hours = [{"days": "Mon-Fri", "from": "09:00", "to": "17:00"}]
    shown = (await client.post("/api/v1/schedules/preview", json=definition("ana", "zo", restrictions=hours))).json()
    assert any(each["sentence"].startswith("zo, whom Muster does not know") for each in shown["findings"])
    assert any(not span["people"] for span in shown["spans"])
    assert (await client.get("/api/v1/schedules")).json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path", "who", "status"),
    [
        ("POST", "/api/v1/schedules", "ana", 403),
        ("PUT", PRIMARY, "ana", 403),
        ("DELETE", PRIMARY, "ana", 403),
        ("POST", f"{PRIMARY}/overrides", "vi", 403),
        ("GET", f"{PRIMARY}/coverage", "stranger", 401),
        ("GET", "/api/v1/on-call", "stranger", 401),
        ("GET", "/api/v1/schedules/unheard-of/coverage", "vi", 404),
        ("GET", "/api/v1/schedules/unheard-of/overrides", "vi", 404),
    ],
)
async def test_routes_demand_their_permission(
    client: httpx2.AsyncClient, primary: dict[str, Any], method: str, path: str, who: str, status: int
) -> None:
    body = definition("ana") if method in ("POST", "PUT") else None
    answer = await client.request(method, path, json=body, headers={"x-name": who})
    assert answer.status_code == status
