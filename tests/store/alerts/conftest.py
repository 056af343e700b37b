"""What the tests of alerts share: two integrations, an intake with the real formats, and senders."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.store.alerts.intakes import intake_on

from muster.alerts.actions.intake import Intake, Reply
from muster.alerts.actions.integrations import create
from muster.alerts.alert import Alert
from muster.alerts.happenings import AlertChange, AlertsChanged
from muster.alerts.integration_draft import IntegrationDraft
from muster.alerts.listing import AlertFilter
from muster.alerts.port import Request
from muster.alerts.store import lists
from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.secrets import Secrets
from muster.base.unit import Unit
from muster.inbound.formats import forms

KEY, OTHER = "prometheus-key-0123456789", "another-key-0123456789"
SECRETS = Secrets(b"k" * 32)
Send = Callable[..., Awaitable[Reply]]


@pytest.fixture
async def told(database: Database) -> list[AlertChange]:
    """Every change that higher features were told of."""
    changes: list[AlertChange] = []

    async def hear(unit: Unit, happening: AlertsChanged) -> None:
        unit.after_commit(lambda: changes.extend(happening.changes))

    database.bus.subscribe(AlertsChanged, hear)
    return changes


@pytest.fixture
async def intake(database: Database, told: list[AlertChange], tmp_path: Path) -> Intake:
    """The intake of a Muster with two integrations, `prom` and `other`; nothing of it runs by itself."""
    async with database.unit(SYSTEM) as unit:
        for name, key in (("prom", KEY), ("other", OTHER)):
            await create(unit, IntegrationDraft(name=name, format="alertmanager", key=key), forms(), SECRETS)
    return intake_on(database, tmp_path / "spool")


@pytest.fixture
def send(intake: Intake, clock: MovableClock) -> Send:
    """Posts alerts as Prometheus does: `await send("DiskFull", instance="web1")`."""

    async def post(name: str, *, over: bool = False, key: str = KEY, summary: str = "", **labels: str) -> Reply:
        return await intake.accept(key, posted(clock.now(), name, over=over, summary=summary, **labels))

    return post


def posted(now: datetime, name: str, *, over: bool = False, summary: str = "", **labels: str) -> Request:
    """The request in which Prometheus posts an alert."""
    ends = now - timedelta(seconds=1) if over else now + timedelta(minutes=4)
    alert = {
        "labels": {"alertname": name, **labels},
        "annotations": {"summary": summary or f"{name} happened"},
        "startsAt": stamp(now - timedelta(minutes=1)),
        "endsAt": stamp(ends),
    }
    return request(now, json.dumps([alert]).encode())


def request(now: datetime, body: bytes, path: str = "/api/v2/alerts") -> Request:
    """A request with any body."""
    return Request(path, "POST", {"content-type": "application/json"}, {}, body, now)


def stamp(moment: datetime) -> str:
    """A time as Prometheus writes it."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def stored(database: Database, **filters: Any) -> list[Alert]:
    """The alerts as they are, oldest first; all of them unless a filter says otherwise."""
    async with database.read() as conn:
        found, _ = await lists.newest(conn, AlertFilter(**{"status": "all", **filters}), 1000)
    return sorted(found, key=lambda alert: alert.id)


async def count(database: Database, query: str, *values: object) -> int:
    """A number from the database."""
    async with database.read() as conn:
        return int(await conn.fetchval(query, *values))
