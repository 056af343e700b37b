"""Incidents over HTTP: the whole way, its refusals, lists, timeline, pages and export."""

import csv
import io
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.conftest import MovableClock

MONA = {"x-name": "mona"}


async def post(client: httpx2.AsyncClient, path: str, status: int = 200, **body: Any) -> Any:
    headers = body.pop("headers", {})
    answer = await client.post(f"/incidents{path}", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def get(client: httpx2.AsyncClient, path: str, **query: Any) -> Any:
    answer = await client.get(f"/incidents{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_incident_is_carried_from_report_to_close(client: httpx2.AsyncClient) -> None:
    made = await post(client, "", 201, title="The shop answers 500", severity="critical", on_behalf_of="the CFO")
    assert (made["ref"], made["state"], made["severity"], made["reporter"]) == (
        "INC-1",
        "triggered",
        "critical",
        "ana",
    )
    assert made["url"].endswith("/incidents/INC-1")
    found = await get(client, "/inc-1/obligations")
    assert [each["id"] for each in found["obligations"]][:4] == ["acknowledge", "assign_manager", "mitigate", "resolve"]
    first = found["obligations"][0]
    assert (first["state"], first["mine"], first["action"]["verb"]) == ("open", True, "acknowledge")
    assert first["due"] == "2026-03-02T09:05:00Z"
    taken = await post(client, "/1/acknowledge")
    assert (taken["state"], taken["acknowledged_by"]) == ("acknowledged", "ana")
    assert [(each["role"], each["person"]) for each in taken["roles"]] == [("on_call_engineer", "ana")]
    await post(client, "/1/mitigate", note="Rolled back.")
    assert (await post(client, "/1/resolve", note="Fixed."))["record"]["resolution"] == "Fixed."
    refused = await post(client, "/1/close", 403)
    assert (refused["permission"], "You (ana) are a responder." in refused["detail"]) == ("incident.close", True)
    refused = await post(client, "/1/close", 409, headers=MONA)
    assert [fault["field"] for fault in refused["faults"]] == [
        "closure.record_complete",
        "closure.attest:users_recovered",
        "closure.note:cause",
    ]
    checks = await get(client, "/1/checks")
    assert checks["reasons"][-1] == "ana resolved it: somebody else must close."
    await client.patch("/incidents/1", json={"trigger": "A bad deployment."})
    await post(client, "/1/notes", 201, text="It was the cache.", name="cause")
    gate = await post(client, "/1/checks/users_recovered", headers=MONA, note="Asked support.")
    assert (gate["open"], gate["reasons"]) == (True, [])
    closed = await post(client, "/1/close", headers=MONA)
    assert (closed["state"], closed["closed_by"]) == ("closed", "mona")
    assert (await get(client, "/1/obligations"))["obligations"] == []


async def test_the_timeline_reads_from_either_end(client: httpx2.AsyncClient) -> None:
    await post(client, "", 201, title="The shop answers 500")
    for text in ("one", "two", "three"):
        await post(client, "/1/notes", 201, text=text)
    page = await get(client, "/1/timeline", limit=3)
    rest = await get(client, "/1/timeline", after=page["next"], limit=500)
    forward = [each["seq"] for each in page["items"] + rest["items"]]
    assert forward == sorted(forward)
    page = await get(client, "/1/timeline", order="newest", limit=2)
    assert [each["note"] for each in page["items"]] == ["three", "two"]
    page = await get(client, "/1/timeline", order="newest", limit=2, after=page["next"])
    assert page["items"][0]["note"] == "one"


async def test_who_was_paged_is_told_with_steps_and_messages(client: httpx2.AsyncClient) -> None:
    await post(client, "", 201, title="The shop answers 500")
    (page,) = await get(client, "/1/pages")
    assert (page["policy"], page["state"], page["steps_in_all"]) == ("first", "running", 2)
    assert page["steps"][0]["targets"][0]["people"] == ["ana"]
    assert [(each["person"], each["channel"], each["state"]) for each in page["deliveries"]] == [
        ("ana", "email", "pending")
    ]
    await post(client, "/1/escalate", reason="I cannot get to a computer.")
    (page,) = await get(client, "/1/pages")
    assert [step["why"] for step in page["steps"]][1] == "I cannot get to a computer."
    await post(client, "/1/acknowledge")
    assert (await post(client, "/1/escalate", 409))["title"] == "Nobody is being paged for this incident."


async def test_lists_are_filtered_paged_and_exported(client: httpx2.AsyncClient, clock: MovableClock) -> None:
    for title in ("One", "=cmd|' /C calc'!A0", "Three"):
        await post(client, "", 201, title=title)
        clock.move(timedelta(seconds=1))
    await post(client, "/3/acknowledge")
    listed = await client.get("/incidents", params=[("state", "triggered"), ("state", "closed"), ("limit", "1")])
    assert [each["ref"] for each in listed.json()["items"]] == ["INC-2"]
    following = listed.json()["next"]
    listed = await client.get("/incidents", params={"state": "triggered", "limit": 1, "after": following})
    assert ([each["ref"] for each in listed.json()["items"]], listed.json()["next"]) == (["INC-1"], None)
    assert [each["ref"] for each in (await get(client, "", mine="true"))["items"]] == ["INC-3", "INC-2", "INC-1"]
    assert (await client.get("/incidents", params={"state": "open"})).status_code == 422
    export = await client.get("/incidents.csv", params={"state": "triggered"})
    assert export.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(export.text)))
    assert [(row["ref"], row["title"][:2]) for row in rows] == [("INC-2", "'="), ("INC-1", "On")]


async def test_roles_links_severity_and_merging(client: httpx2.AsyncClient) -> None:
    await post(client, "", 201, title="One")
    await post(client, "", 201, title="Two")
    refused = await post(client, "/1/roles", 403, role="incident_response_manager", person="ana")
    assert "carries the authority" in refused["detail"]
    given = await post(client, "/1/roles", role="incident_response_manager", person="bo", headers=MONA)
    assert given["roles"][0]["title"] == "Incident Response Manager"
    ended = await client.delete("/incidents/1/roles/incident_response_manager", headers={"x-name": "bo"})
    assert ended.json()["roles"] == []
    assert [(each["person"], each["until"]) for each in await get(client, "/1/roles")] == [
        ("bo", "2026-03-02T09:00:00Z")
    ]
    await post(client, "/1/links", 201, url="https://meet.example/1", label="Call")
    assert [each["label"] for each in await get(client, "/1/links")] == ["Call"]
    assert (await post(client, "/1/links", 422, url="javascript:x"))["faults"][0]["field"] == "url"
    await post(client, "/1/severity", severity="critical", reason="Nobody can pay.")
    assert [each["severity"] for each in await get(client, "/1/severities")] == ["high", "critical"]
    merged = await post(client, "/1/merge", into="INC-2", reason="The same.")
    assert (merged["ref"], merged["severity"], merged["absorbed"]) == ("INC-2", "critical", ["INC-1"])
    assert (await get(client, "/1"))["merged_into"] == "INC-2"
    assert (await post(client, "/2/false-alarm", 422))["faults"][0]["field"] == "reason"


async def test_nonsense_is_refused_with_the_field(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/incidents/INC-9")).status_code == 404
    assert (await client.get("/incidents/nonsense")).json()["title"] == "There is no incident `nonsense`."
    assert (await client.get("/incidents", headers={"x-name": "nobody"})).status_code == 401
    assert (await post(client, "", 422, title="x", urgent=True))["faults"][0]["field"] == "urgent"
    assert (await post(client, "", 422, title="x" * 301))["faults"][0]["field"] == "title"
    assert (await post(client, "", 422, title="a\0b"))["title"] == "A value cannot be stored."


@pytest.mark.parametrize("path", ["", "/1", "/1/timeline", "/1/pages", "/1/alerts", "/1/obligations", "/1/checks"])
async def test_viewers_may_look(client: httpx2.AsyncClient, path: str) -> None:
    await post(client, "", 201, title="One", headers={"x-name": "vera"})
    assert (await client.get(f"/incidents{path}", headers={"x-name": "vera"})).status_code == 200
    assert (await client.post("/incidents/1/acknowledge", headers={"x-name": "vera"})).status_code == 403
