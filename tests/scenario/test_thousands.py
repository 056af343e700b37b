"""An incident with thousands of alerts: whoever looks at it, closes it or merges it has few rows loaded at once."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg.connection
import httpx2
import pytest
from tests.scenario.door import Door
from tests.scenario.story import Story
from tests.scenario.test_streams import signed_in

from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.actions.false_alarm import declare_false_alarm
from muster.incidents.actions.merge import merge
from muster.incidents.actions.mitigate import mitigate
from muster.incidents.actions.resolve import resolve
from muster.kit.errors import Conflict
from muster.response.actions.close import close

MANY, FIRING = 4_000, 600

COPIES = """
INSERT INTO alerts SELECT (jsonb_populate_record(alerts, jsonb_build_object(
    'id', gen_random_uuid(), 'key', 'copy-' || number, 'title', 'Disk ' || number || ' is full',
    'severity_hint', CASE WHEN number = 77 THEN 'critical' ELSE 'low' END,
    'status', CASE WHEN number <= $2 THEN 'firing' ELSE 'resolved' END,
    'resolved_at', CASE WHEN number > $2 THEN changed_at END))).*
FROM alerts, generate_series(1, $1) AS number WHERE title = 'DiskFull happened'"""
JOINED = """
INSERT INTO incident_alerts (incident_id, alert_id, joined_at)
SELECT incidents.id, alerts.id, opened_at + interval '1 s' FROM incidents, alerts WHERE key LIKE 'copy-%' AND number = 1"""


@dataclass
class Loaded:
    """How many statements were sent, and how many rows came for each."""

    rows: list[int] = field(default_factory=list)


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Loaded]:
    """Count what comes from the database meanwhile."""
    loaded, plain = Loaded(), asyncpg.connection.Connection._execute

    async def execute(self: Any, *args: Any, **kwargs: Any) -> Any:
        answer = await plain(self, *args, **kwargs)
        found = answer[0] if isinstance(answer, tuple) else answer
        loaded.rows.append(len(found or ()))
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(asyncpg.connection.Connection, "_execute", execute)
        yield loaded


@pytest.fixture
async def thousands(story: Story) -> Story:
    """INC-1 with all of them."""
    await story.fires("DiskFull")
    async with story.muster.database.unit(await story.as_("ana")) as unit:
        await unit.conn.execute(COPIES, MANY - 1, FIRING - 1)
        await unit.conn.execute(JOINED)
    return story


@pytest.fixture
async def browser(thousands: Story, door: Door) -> AsyncIterator[httpx2.AsyncClient]:
    """Ana's, before it."""
    async with signed_in(door, "ana") as browser:
        yield browser


async def test_whoever_looks_at_it_has_few_rows_loaded(
    browser: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted(monkeypatch) as loaded:
        page = (await browser.get("/incidents/INC-1")).text
    assert (max(loaded.rows) < 150, len(loaded.rows) < 80) == (True, True), loaded.rows
    assert len(page) < 120_000
    shown = page[page.index('id="alerts"') :]
    assert shown.index("Disk 77 is full") < shown.index("is full</a>")
    assert "and 3,980 more" in page
    assert "600 of its alerts still fire" in page
    places = ["/incidents/INC-1/alerts?view=Firing", "/incidents", "/", "/incidents/INC-1/pages"]
    known = ("", "/alerts", "/obligations", "/checks", "/explanation", "/timeline", "/pages", "/responders")
    for path in (*places, *(f"/api/v1/incidents/1{path}" for path in known)):
        with counted(monkeypatch) as loaded:
            answer = await browser.get(path)
        assert (answer.status_code, max(loaded.rows) < 150) == (200, True), (path, loaded.rows)
    assert "50 of 600 alerts" in (await browser.get(places[0])).text
    seen, after = [], None
    while True:
        asked = {"status": "active", "limit": 500} | ({"after": after} if after else {})
        answer = await browser.get("/api/v1/incidents/1/alerts", params=asked)
        seen += [item["id"] for item in answer.json()["items"]]
        if not (after := answer.json()["next"]):
            break
    assert (len(seen), len(set(seen))) == (FIRING, FIRING)


async def test_merging_and_closing_it_loads_few_rows(thousands: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story = thousands
    await story.fires("CpuHot")
    with counted(monkeypatch) as loaded:
        async with story.muster.database.unit(await story.as_("ana")) as unit:
            await merge(unit, "INC-1", "INC-2")
            for verb in (acknowledge, mitigate, resolve):
                await verb(unit, "INC-2")
        with pytest.raises(Conflict, match="cannot be closed yet"):
            async with story.muster.database.unit(await story.as_("bo")) as unit:
                await close(unit, "INC-2")
    assert max(loaded.rows) < 150
    of_second = "SELECT count(*) FROM incident_alerts JOIN incidents ON id = incident_id WHERE number = 2"
    assert await story.count(of_second) == MANY + 1


async def test_a_false_alarm_of_thousands_is_judged_in_parts(thousands: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story = thousands
    with counted(monkeypatch) as loaded:
        async with story.muster.database.unit(await story.as_("ana")) as unit:
            await declare_false_alarm(unit, "INC-1", "It was a test.")
    assert max(loaded.rows) <= 500
    assert await story.count("SELECT count(*) FROM alerts WHERE verdict = 'false'") == MANY
    assert await story.count("SELECT count(*) FROM ledger WHERE kind = 'AlertJudged'") == MANY
