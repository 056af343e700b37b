"""Saying whether alerts were real (R51, R52)."""

from collections.abc import Sequence
from uuid import UUID

from muster.alerts.alert import Alert, Verdict
from muster.alerts.events import ALERT_JUDGED
from muster.alerts.store import alerts as store
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Missing
from muster.ledger.actions import record_all
from muster.ledger.event import Event


async def judge(unit: Unit, alert_id: UUID, verdict: Verdict | None, reason: str = "") -> Alert:
    """Note whether an alert, as it began the last time, was real; None takes the word back.

    Raises:
        Missing: there is no such alert.
    """
    unit.allow(Permission.ALERT_JUDGE)
    alert = await existing(unit, alert_id)
    if alert.verdict != verdict:
        await note(unit, [alert], verdict, reason)
    return await existing(unit, alert_id)


async def note(unit: Unit, alerts: Sequence[Alert], verdict: Verdict | None, reason: str) -> None:
    """Write a verdict on several alerts with its events; for actions that have checked their own permission."""
    await store.set_verdict(unit.conn, [alert.id for alert in alerts], verdict, unit.now)
    await record_all(
        unit,
        [
            Event(
                f"alert:{alert.id}",
                ALERT_JUDGED,
                {"title": alert.title, "episode": alert.episode, "verdict": verdict, "before": alert.verdict},
                reason,
            )
            for alert in alerts
        ],
    )
    unit.publish("alerts", *(f"alert:{alert.id}" for alert in alerts))


async def existing(unit: Unit, alert_id: UUID) -> Alert:
    """The alert of that id.

    Raises:
        Missing: there is none.
    """
    alert = await store.by_id(unit.conn, alert_id)
    if alert is None:
        raise Missing("There is no such alert.", "`muster alert list` shows those that fire.")
    return alert
