"""Holding alerts back while a silence is in force, letting them go after it, and ending those that nobody re-sends."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from muster.alerts import transition
from muster.alerts.actions.receive import settle
from muster.alerts.alert import Alert, AlertStatus, Hold
from muster.alerts.silence import Silence
from muster.alerts.store import alerts as store
from muster.alerts.store import silences
from muster.alerts.transition import Outcome
from muster.base.unit import Unit

GRACE = timedelta(seconds=30)
AT_ONCE = 500


async def hold_matching(unit: Unit, silence: Silence) -> int:
    """Hold back what fires freely and matches; incidents that run already keep going. Returns how many."""
    if silence.state(unit.now) != "active":
        return 0
    exact = {
        matcher.name: matcher.value
        for matcher in silence.matchers
        if matcher.value and matcher.is_equal and not matcher.is_regex
    }
    candidates = await store.free(unit.conn, exact, silence.integration_id)
    ids = [alert_id for alert_id, integration_id, labels in candidates if silence.matches(integration_id, labels)]
    locked = await store.lock_ids(unit.conn, ids) if ids else []
    matching = [alert for alert in locked if _is_free(alert) and silence.matches(alert.integration_id, alert.labels)]
    await settle(unit, [transition.held_or_opened(alert, [silence], (), unit.now) for alert in matching])
    return len(matching)


async def reconsider(unit: Unit, silence_id: UUID) -> int:
    """Look again at what a silence holds, after it changed or ended: let go what nothing else holds. Returns how many."""
    ids = await store.held_by(unit.conn, silence_id)
    if not ids:
        return 0
    quiet = await silences.unexpired(unit.conn, unit.now)
    held = [alert for alert in await store.lock_ids(unit.conn, ids) if alert.hold_ref == silence_id]
    outcomes = [_again(alert, quiet, unit.now) for alert in held]
    await settle(unit, outcomes)
    return sum(1 for outcome in outcomes if outcome.alert and not outcome.alert.hold)


async def undamp(unit: Unit, alert_id: UUID, episode: int) -> None:
    """A flapping alert has stayed: let it go, unless it ended or began anew meanwhile."""
    for alert in await store.lock_ids(unit.conn, [alert_id]):
        if alert.active and alert.hold is Hold.FLAPPING and alert.episode == episode:
            quiet = await silences.unexpired(unit.conn, unit.now)
            await settle(unit, [_again(alert, quiet, unit.now)])


async def expire(unit: Unit) -> bool:
    """End alerts whose source promised to re-send them by now and did not; true when there may be more."""
    before = unit.now - GRACE
    ids = await store.overdue(unit.conn, before, AT_ONCE)
    if not ids:
        return False
    late = [
        alert
        for alert in await store.lock_ids(unit.conn, ids)
        if alert.active and alert.ends_at is not None and alert.ends_at < before
    ]
    await settle(unit, [transition.ended(alert, unit.now, _unsaid(alert.ends_at)) for alert in late])
    return len(ids) == AT_ONCE


def _again(alert: Alert, quiet: Sequence[Silence], now: datetime) -> Outcome:
    """What becomes of a held alert whose hold may be over."""
    if alert.status is AlertStatus.FIRING:
        outcome = transition.held_or_opened(alert, quiet, (), now)
        unchanged = outcome.alert is not None and outcome.alert.hold_reason == alert.hold_reason
        return Outcome(None) if unchanged else outcome
    # Somebody has it: it needs no page, only no hold.
    return Outcome(replace(alert, hold=Hold.NONE, hold_reason="", hold_ref=None))


def _is_free(alert: Alert) -> bool:
    return alert.status is AlertStatus.FIRING and alert.hold is Hold.NONE


def _unsaid(promised: datetime | None) -> str:
    return f"Its source said nothing more by {promised:%Y-%m-%d %H:%M:%S} UTC, when it was to be over."
