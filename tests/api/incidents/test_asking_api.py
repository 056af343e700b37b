"""People asking people over HTTP: done, refused with the reason, and explained."""

from typing import Any

import httpx2

MONA, VERA, BO = {"x-name": "mona"}, {"x-name": "vera"}, {"x-name": "bo"}


async def post(client: httpx2.AsyncClient, path: str, status: int = 200, **body: Any) -> Any:
    headers = body.pop("headers", {})
    answer = await client.post(f"/incidents{path}", json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_asking_and_answering_over_http(client: httpx2.AsyncClient) -> None:
    await post(client, "", 201, title="The shop answers 500", severity="critical")
    refused = await post(client, "/1/take", 403, headers=VERA)
    assert refused["permission"] == "incident.acknowledge"
    assert (await post(client, "/1/take"))["acknowledged_by"] == "ana"
    assert (await post(client, "/1/help", 403, headers=VERA))["permission"] == "incident.ask"
    await post(client, "/1/hand-over", person="bo", note="Lunch.")
    standing = {each["person"]: each for each in (await client.get("/incidents/1/responders")).json()}
    assert {name: each["standing"] for name, each in standing.items()}["bo"] == "asked"
    taken = await post(client, "/1/respond", coming=True, headers=BO)
    assert [(each["role"], each["person"]) for each in taken["roles"]] == [("on_call_engineer", "bo")]
    await post(client, "/1/responders", targets=["mona"], headers=BO)
    asking = next(
        each["page"] for each in (await client.get("/incidents/1/responders")).json() if each["person"] == "mona"
    )
    await post(client, f"/1/asked/{asking}/withdraw", headers=BO)
    assert (await post(client, f"/1/asked/{asking}/withdraw", 409, headers=BO))["title"] == "This has ended already."
    faults = (await post(client, "/1/responders", 422, targets=["team:nope", "crew:x"], headers=BO))["faults"]
    assert [each["field"] for each in faults] == ["targets.1"]


async def test_pages_are_explained_in_structure(client: httpx2.AsyncClient) -> None:
    await post(client, "", 201, title="The shop answers 500", severity="critical")
    told = (await client.get("/incidents/1/explanation")).json()
    assert told["answer"].endswith("paged for INC-1.")
    assert {"alert", "severity", "route", "policy", "step", "person", "message", "outcome"} <= {
        each["about"] for each in told["chain"]
    }
    page = (await client.get("/incidents/1/pages")).json()[0]
    one = (await client.get(f"/pages/{page['id']}/explanation", params={"person": "bo"})).json()
    assert "bo" in one["answer"]
    assert (await client.get(f"/alerts/{page['id']}/explanation")).status_code == 404
    assert (await client.get("/incidents/1/explanation", params={"person": "nobody"})).status_code == 404
