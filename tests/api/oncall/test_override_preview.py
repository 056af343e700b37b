"""What an override would do, over the API, before it is made."""

from typing import Any

import httpx2
from tests.api.oncall.conftest import PRIMARY, take_proof

from muster.base.db.database import Database

TIMES = {"start": "2026-03-03T10:00:00Z", "end": "2026-03-04T10:00:00Z"}


async def test_it_says_who_instead_of_whom_and_writes_nothing(
    client: httpx2.AsyncClient, primary: dict[str, Any], database: Database
) -> None:
    told = await client.post(f"{PRIMARY}/overrides/preview", json={"person": "bo", **TIMES})
    assert told.status_code == 200
    assert told.json() == {
        **TIMES,
        "effects": [{**TIMES, "before": ["ana"], "after": ["bo"]}],
        "remarks": [],
        "refused": "",
    }
    assert (await client.get(f"{PRIMARY}/overrides")).json()["items"] == []
    await take_proof(database, "bo")
    told = await client.post(f"{PRIMARY}/overrides/preview", json={"person": "bo", **TIMES})
    sentence = "bo has no proven contact: a page might not reach them."
    assert told.json()["remarks"] == [{"weight": "bad", "sentence": sentence}]


async def test_it_says_why_one_may_not(client: httpx2.AsyncClient, primary: dict[str, Any]) -> None:
    body = {"person": None, "duration": "2h"}
    told = await client.post(f"{PRIMARY}/overrides/preview", json=body, headers={"x-name": "ana"})
    assert "needs a manager of schedules" in told.json()["refused"]
    assert told.json()["effects"][0]["after"] == []
    assert [each["weight"] for each in told.json()["remarks"]] == ["bad"]
    unknown = await client.post(f"{PRIMARY}/overrides/preview", json={"person": "zoe", "duration": "2h"})
    assert unknown.json()["refused"] == "There is no person `zoe`."
    assert (await client.post(f"{PRIMARY}/overrides/preview", json=body, headers={"x-name": "vi"})).status_code == 403
