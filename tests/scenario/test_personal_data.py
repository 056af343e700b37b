"""What Muster holds of somebody is theirs to have: all of it, without anybody's secrets, and for nobody else."""

import json
from datetime import timedelta

import httpx2
from tests.scenario.story import Story

from muster.people.actions.tokens import issue
from muster.people.store import person_rows


async def client(story: Story, name: str) -> httpx2.AsyncClient:
    """Somebody's program."""
    async with story.unit(name) as unit:
        person = await person_rows.person_named(unit.conn, name)
        assert person
        token = (await issue(unit, person, f"{name}'s", ["*"], timedelta(days=1)))[1]
    transport = httpx2.ASGITransport(app=story.muster.app)
    headers = {"authorization": f"Bearer {token}"}
    return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600", headers=headers)


async def test_a_person_gets_what_is_held_of_them(story: Story) -> None:
    await story.apply(story.person("root", permission="administrator"))
    await story.fires("DiskFull")
    await story.tap(story.texts[0])
    async with await client(story, "ana") as ana, await client(story, "root") as root, await client(story, "bo") as bo:
        own = await ana.get("/api/v1/persons/ana/data")
        assert own.status_code == 200
        data = own.json()["data"]
        assert data["persons"][0]["email"] == "ana@contoso.example"
        assert {"contacts", "deliveries", "api_tokens", "incidents", "ledger"} <= set(data)
        assert any(entry["kind"] == "IncidentAcknowledged" for entry in data["ledger"])
        text = json.dumps(data)
        assert "bo@contoso.example" not in text
        assert all(token["token_hash"] == "[hidden]" for token in data["api_tokens"])
        assert (await root.get("/api/v1/persons/ana/data")).status_code == 200
        assert (await bo.get("/api/v1/persons/ana/data")).status_code == 403
        assert (await root.get("/api/v1/persons/nobody/data")).status_code == 404
        page = await ana.get("/settings/people/ana/data")
        assert page.headers["content-disposition"].startswith("attachment")
        assert page.json()["person"] == "ana"
    assert await story.count("SELECT count(*) FROM ledger_events WHERE kind = 'PersonDataExported'") == 3


async def test_every_table_that_refers_to_persons_is_looked_at(story: Story) -> None:
    async with story.muster.database.read() as conn:
        tables = await conn.fetch(
            """SELECT DISTINCT conrelid::regclass::text AS name FROM pg_constraint
               WHERE contype = 'f' AND confrelid = 'persons'::regclass AND cardinality(conkey) > 1"""
        )
    assert not tables, "a key of several columns to persons is not followed by privacy/actions/export.py"
