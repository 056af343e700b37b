"""Doubt never ends what is not known to be open: a guessed recovery fires, or is kept and said."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.store.alerts.conftest import SECRETS, stored

from muster.alerts.actions.intake import Intake
from muster.alerts.actions.integrations import create
from muster.alerts.alert import AlertStatus
from muster.alerts.integration_draft import IntegrationDraft
from muster.alerts.port import Request
from muster.alerts.transition import ENDED_BY, OPENED_BY
from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.inbound.formats import forms

FORMATS = ("auto", "generic")
Post = Callable[..., Awaitable[None]]
PAIRS = (
    "checkly-default checkmk cloudwatch-eventbridge datadog-default goalert-style icinga-type netdata-cloud prtg "
    "truthy-resolved"
)


@pytest.fixture
async def post(database: Database, intake: Intake, clock: MovableClock) -> Post:
    """Posts anything to an integration of a format: `await post({"title": "x"})`."""
    async with database.unit(SYSTEM) as unit:
        for name in FORMATS:
            await create(unit, IntegrationDraft(name=name, format=name, key=f"{name}-key-0123456789"), forms(), SECRETS)

    async def send(document: Any, form: str = "generic", kind: str = "application/json") -> None:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        reply = await intake.accept(
            f"{form}-key-0123456789", Request("/", "POST", {"content-type": kind}, {}, body, clock.now())
        )
        assert reply.status < 300

    return send


async def statuses(database: Database) -> list[AlertStatus]:
    """How all alerts stand, oldest first."""
    return [alert.status for alert in await stored(database)]


async def remarks(database: Database) -> list[str]:
    """What is said about the requests received, oldest first."""
    async with database.read() as conn:
        rows = await conn.fetch("SELECT faults FROM signals ORDER BY received_at, id")
    return [fault["rule"] for row in rows for fault in row["faults"]]


@pytest.mark.parametrize("form", FORMATS)
async def test_every_report_that_was_swallowed_fires_and_fires_again(
    database: Database, post: Post, trial: Path, form: str
) -> None:
    files = sorted((trial / "generic" / "lost").iterdir())
    for file in files:
        kind = "text/plain" if file.suffix == ".txt" else "application/json"
        await post(file.read_bytes(), form, kind)
        await post(file.read_bytes(), form, kind)
    assert await statuses(database) == [AlertStatus.FIRING] * len(files)


@pytest.mark.parametrize("form", FORMATS)
async def test_every_pair_is_one_alert_that_ends(database: Database, post: Post, trial: Path, form: str) -> None:
    folder = trial / "generic"
    pairs = [(folder / "pairs" / f"{name}-1.json", folder / "pairs" / f"{name}-2.json") for name in PAIRS.split()]
    pairs += [(folder / f"{a}.json", folder / f"{b}.json") for a, b in (
        ("g2-victorops-critical", "g2-victorops-recovery"), ("g3-sns-alarm", "g3-sns-ok"), ("g4-kuma-down", "g4-kuma-up"),
        ("g6-zabbix-problem", "g6-zabbix-ok"), ("sns-alarm", "sns-ok"),
    )]  # fmt: skip
    for began, ended in pairs:
        await post(began.read_bytes(), form)
        assert (await statuses(database)).count(AlertStatus.FIRING) == 1, began
        await post(ended.read_bytes(), form)
        assert AlertStatus.FIRING not in await statuses(database), ended
    assert len(await stored(database)) == len(pairs)
    assert not any("nsubscribe" in str(alert) for alert in await stored(database))


async def test_a_guess_ends_what_is_open_once_and_its_repeat_opens_nothing(database: Database, post: Post) -> None:
    await post({"title": "[Alerting] Load high"})
    for _ in range(2):
        await post({"title": "[OK] Load high"})
    (alert,) = await stored(database)
    assert (alert.status, alert.annotations[ENDED_BY], alert.episode) == (AlertStatus.RESOLVED, "title: OK", 1)


async def test_a_guess_about_nothing_known_fires_and_cannot_end_itself(database: Database, post: Post) -> None:
    for _ in range(2):
        await post({"title": "[up] errors 400 % in checkout"})
    (alert,) = await stored(database)
    assert (alert.status, alert.annotations[OPENED_BY]) == (AlertStatus.FIRING, "title: up")
    await post({"title": "[OK] errors 400 % in checkout"})
    assert await statuses(database) == [AlertStatus.RESOLVED]
    await post({"title": "[up] errors 20 % in checkout"})
    assert await statuses(database) == [AlertStatus.FIRING]


async def test_a_word_that_counted_for_nothing_when_it_opened_does_not_end_it_later(
    database: Database, post: Post
) -> None:
    await post({"id": 7, "title": "sshd", "state": "inactive", "severity": "critical"})
    await post({"id": 7, "title": "sshd", "state": "inactive", "severity": "low"})
    assert await statuses(database) == [AlertStatus.FIRING]


@pytest.mark.parametrize("word", ["resolved", "acknowledged"])
async def test_what_is_certain_and_never_heard_of_is_kept_and_said(database: Database, post: Post, word: str) -> None:
    await post({"id": 7, "title": "Disk", "status": word})
    assert await stored(database) == []
    (remark,) = await remarks(database)
    assert "`7`" in remark
    assert "never heard of" in remark
