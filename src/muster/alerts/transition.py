"""What one signal makes of an alert: pure, so that intake, replay and dry run agree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from muster.alerts.alert import Alert, AlertStatus, Hold
from muster.alerts.clock_skew import BELIEVED, LATE
from muster.alerts.flapping import damping
from muster.alerts.happenings import AlertChange, ChangeKind
from muster.alerts.masked import masked_links
from muster.alerts.signal import Signal
from muster.alerts.silence import Silence, silencing
from muster.kit.masking import mask_text

TEST_LABEL = "muster_test"
"""An alert with this label set to "true" goes the whole way but for paging; any sender may set it."""
TEST_REASON = f'A test ({TEST_LABEL}="true"): it shows the way in and pages nobody.'

OPENED_BY = "opened_by_doubt"
"""The annotation of an alert that fires because nothing was open that a guessed recovery could have ended: its evidence."""
ENDED_BY = "ended_by_guess"
"""The annotation of an alert that a guessed recovery ended: its evidence."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The alert after the signal. `change` is None where the signal says nothing new; `alert` None where it says nothing."""

    alert: Alert | None
    change: AlertChange | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A signal with where and when it came in."""

    integration_id: UUID
    signal: Signal
    signal_id: UUID
    at: datetime


def receive(
    alert: Alert | None, arrival: Arrival, new_id: UUID, silences: Sequence[Silence], began: Sequence[datetime]
) -> Outcome:
    """Apply a signal to the alert that it concerns (None: never seen).

    `began` is when the alert began before, for damping. A resolve of something unknown changes nothing where it is
    certain; where it is a guess, it fires: what is not known as open cannot be over.
    """
    if arrival.signal.guess:
        arrival = _weighed(alert, arrival)
        if _repeats(alert, arrival.signal):
            return Outcome(None)
    signal = arrival.signal
    if signal.status == "resolved":
        return _resolved(alert, arrival)
    if signal.status == "acknowledged":
        return _acknowledged(alert, arrival)
    if alert is not None and alert.active:
        still = _described(alert, arrival)
        if still.severity_hint == alert.severity_hint or still.hold:
            return Outcome(still)
        told = f"Its source now says {still.severity_hint or 'no severity'}."
        return Outcome(still, AlertChange(still, ChangeKind.UPDATED, told))
    fresh = _fresh(alert, arrival, new_id)
    return held_or_opened(fresh, silences, began, arrival.at)


def late(arrival: Arrival) -> Arrival:
    """An arrival that seems to be over only by its sender's clock, as one that fires until that is clear."""
    signal = arrival.signal
    ended_at = signal.ends_at.isoformat() if signal.ends_at else ""
    noted = {**signal.annotations, LATE: ended_at}
    fires = replace(signal, status="firing", by_clock=False, ends_at=arrival.at + BELIEVED, annotations=noted)
    return replace(arrival, signal=fires)


def held_or_opened(alert: Alert, silences: Sequence[Silence], began: Sequence[datetime], now: datetime) -> Outcome:
    """Decide whether an alert that fires is held back, and say why."""
    if alert.labels.get(TEST_LABEL) == "true":
        return _held(alert, Hold.TEST, TEST_REASON)
    if silence := silencing(silences, alert, now):
        return _held(alert, Hold(silence.kind), silence.sentence(), silence.id)
    if reason := damping(began, now):
        return _held(alert, Hold.FLAPPING, reason)
    free = replace(alert, hold=Hold.NONE, hold_reason="", hold_ref=None)
    return Outcome(free, AlertChange(free, ChangeKind.OPENED, _why_it_fires(free)))


def _held(alert: Alert, hold: Hold, reason: str, ref: UUID | None = None) -> Outcome:
    held = replace(alert, hold=hold, hold_reason=reason, hold_ref=ref)
    return Outcome(held, AlertChange(held, ChangeKind.HELD, reason))


def _why_it_fires(alert: Alert) -> str:
    if LATE in alert.annotations:
        return "It arrived ended, which may be its sender's clock: it fires until that is clear."
    if OPENED_BY in alert.annotations:
        return "It may say that something is over, but nothing was open that could be: it fires."
    return "It fires."


def ended(alert: Alert, now: datetime, reason: str) -> Outcome:
    """The condition is over."""
    free = replace(alert, hold=Hold.NONE, hold_reason="", hold_ref=None)
    over = replace(free, status=AlertStatus.RESOLVED, resolved_at=now, changed_at=now)
    return Outcome(over, AlertChange(over, ChangeKind.RESOLVED, reason))


def _weighed(alert: Alert | None, arrival: Arrival) -> Arrival:
    """A guess as what it counts for here: itself where an alert is open that the same did not open, else a firing.

    A guess that only repeats the one by which the alert ended stays one, since senders send twice.
    """
    signal = arrival.signal
    said = alert.annotations if alert is not None else {}
    unlike = alert is not None and said.get(OPENED_BY) != signal.guess
    if signal.status != "firing" and alert is not None and unlike and (alert.active or _repeats(alert, signal)):
        return arrival
    noted = {**signal.annotations, OPENED_BY: signal.guess}
    return replace(arrival, signal=replace(signal, status="firing", ends_at=None, guess="", annotations=noted))


def _repeats(alert: Alert | None, signal: Signal) -> bool:
    """Whether a guess says again what ended the alert."""
    over = alert is not None and not alert.active
    return over and alert is not None and signal.guess != "" and alert.annotations.get(ENDED_BY) == signal.guess


def _resolved(alert: Alert | None, arrival: Arrival) -> Outcome:
    if alert is None or not alert.active:
        return Outcome(None)
    signal = arrival.signal
    kept = {OPENED_BY: alert.annotations[OPENED_BY]} if OPENED_BY in alert.annotations else {}
    by_guess = {ENDED_BY: signal.guess} if signal.guess else {}
    told = _seen(alert, arrival)
    told = replace(
        told,
        description=signal.description or alert.description,
        annotations={**(signal.annotations or alert.annotations), **kept, **by_guess},
        ends_at=signal.ends_at or arrival.at,
    )
    if signal.guess:
        return ended(told, arrival.at, f"Its source seems to report that it is over ({signal.guess}).")
    return ended(told, arrival.at, "Its source says that it is over.")


def _acknowledged(alert: Alert | None, arrival: Arrival) -> Outcome:
    if alert is None or alert.status is not AlertStatus.FIRING:
        return Outcome(None)
    taken = replace(_seen(alert, arrival), status=AlertStatus.ACKNOWLEDGED, changed_at=arrival.at)
    return Outcome(taken, AlertChange(taken, ChangeKind.ACKNOWLEDGED, "Its source says that somebody has it."))


def _seen(alert: Alert, arrival: Arrival) -> Alert:
    return replace(alert, last_seen_at=arrival.at, signal_count=alert.signal_count + 1, signal_id=arrival.signal_id)


def _described(alert: Alert, arrival: Arrival) -> Alert:
    """Still firing: take over what its source now says of it."""
    return replace(_seen(alert, arrival), **_said(arrival.signal))


def _said(signal: Signal) -> dict[str, Any]:
    """What an alert takes over from a signal."""
    return {
        "title": mask_text(signal.title),
        "description": mask_text(signal.description),
        "labels": signal.labels,
        "annotations": signal.annotations,
        "severity_hint": signal.severity_hint,
        "links": masked_links(signal.links),
        "next_step": mask_text(signal.next_step),
        "group_hint": signal.group_hint,
        "ends_at": signal.ends_at,
    }


def _fresh(alert: Alert | None, arrival: Arrival, new_id: UUID) -> Alert:
    return Alert(
        id=alert.id if alert else new_id,
        integration_id=arrival.integration_id,
        key=arrival.signal.key,
        status=AlertStatus.FIRING,
        **_said(arrival.signal),
        starts_at=arrival.signal.starts_at or arrival.at,
        first_seen_at=alert.first_seen_at if alert else arrival.at,
        last_seen_at=arrival.at,
        changed_at=arrival.at,
        resolved_at=None,
        episode=alert.episode + 1 if alert else 1,
        signal_count=alert.signal_count + 1 if alert else 1,
        hold=Hold.NONE,
        hold_reason="",
        hold_ref=None,
        verdict=None,
        signal_id=arrival.signal_id,
    )
