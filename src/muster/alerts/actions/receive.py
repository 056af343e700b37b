"""Applies a batch of requests in one transaction: raw signals kept, alerts upserted, higher features told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from muster.alerts import transition
from muster.alerts.alert import Alert, Hold
from muster.alerts.clock_skew import VOUCHED, ClockSkew, may_be_firing, skew_of, vouches
from muster.alerts.flapping import STAYS, WITHIN
from muster.alerts.happenings import AlertChange, AlertsChanged, ChangeKind
from muster.alerts.integration import Integration
from muster.alerts.port import Parsed, Request, kept_headers
from muster.alerts.store import alerts as store
from muster.alerts.store import clock_skews as skew_rows
from muster.alerts.store import signals, silences
from muster.alerts.store.signals import RawSignal, raw_id_of
from muster.alerts.transition import Arrival, Outcome, late
from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.changes import actions as changes
from muster.kit.errors import Fault
from muster.kit.ids import new_id

CONFIRM = "sender.confirm"
MOST_UNHEARD = 20
UNDAMP, TELL_SKEW = "alert.undamp", "integration.tell_clock"


class LostRace(Exception):
    """Another node stored the same new alert first: do the batch again."""


@dataclass(frozen=True, slots=True)
class Item:
    """A request that was understood; `signal_id` is set when its raw form is stored already, `raw_id` where it is to be."""

    integration: Integration
    request: Request
    parsed: Parsed
    signal_id: UUID | None = None
    raw_id: UUID | None = None


async def receive(unit: Unit, items: Sequence[Item]) -> list[list[Alert | None]]:
    """Store a batch; for each item the alerts of its signals (None where a signal concerned nothing known).

    Raises:
        LostRace: run the batch again in a new unit.
    """
    items = [await _named(unit, item) for item in items]
    ids = [item.signal_id or item.raw_id or _raw_id(item) or new_id(unit.now) for item in items]
    raw = [
        raw_signal(id_, item.integration, item.request, "accepted", (*item.parsed.faults, *item.parsed.warnings))
        for item, id_ in zip(items, ids, strict=True)
        if item.signal_id is None
    ]
    if raw:
        await signals.insert(unit.conn, raw)
    await signals.seen(unit.conn, list({item.integration.id for item in items}), unit.now)
    for item in items:
        if item.parsed.changes:
            await changes.report(unit, item.integration.id, item.parsed.changes)
        if item.parsed.confirmation is not None:
            payload = {"integration": item.integration.name, "message": dict(item.parsed.confirmation)}
            await enqueue(unit, [Job(CONFIRM, str(new_id(unit.now)), payload, urgent=True)])
    arrivals = [
        Arrival(item.integration.id, signal, id_, item.request.received_at)
        for item, id_ in zip(items, ids, strict=True)
        for signal in item.parsed.signals
    ]
    final = await _apply(unit, arrivals) if arrivals else {}
    return [[final.get((item.integration.id, signal.key)) for signal in item.parsed.signals] for item in items]


async def settle(unit: Unit, outcomes: Sequence[Outcome]) -> None:
    """Write alerts that are locked already, with their transitions, and tell higher features.

    What is held back or let go here began before: its transitions must not count as beginnings (flapping, noise).
    """
    changed = [outcome.change for outcome in outcomes if outcome.change]
    written = {outcome.alert.id: outcome.alert for outcome in outcomes if outcome.alert}
    if written:
        await store.update(unit.conn, list(written.values()))
    await _tell(unit, changed, {ChangeKind.OPENED: "released", ChangeKind.HELD: "muted"})


async def _apply(unit: Unit, arrivals: Sequence[Arrival]) -> dict[tuple[UUID, str], Alert]:
    keys = list(dict.fromkeys((arrival.integration_id, arrival.signal.key) for arrival in arrivals))
    current = await store.lock_keys(unit.conn, keys)
    quiet = await silences.unexpired(unit.conn, unit.now)
    ended = [alert.id for alert in current.values() if not alert.active]
    began = defaultdict(list, await store.beginnings(unit.conn, ended, unit.now - WITHIN) if ended else {})
    stored = set(current)
    touched: dict[tuple[UUID, str], None] = {}
    alert_changes: list[AlertChange] = []
    unheard: list[Arrival] = []
    trusted, clock_skews = await _trusted(unit, arrivals), dict[UUID, ClockSkew]()
    for arrival in arrivals:
        key = (arrival.integration_id, arrival.signal.key)
        before = current.get(key)
        vouched = arrival.integration_id in trusted
        doubted = may_be_firing(before, arrival.signal, arrival.at, vouched)
        if skew := skew_of(arrival.integration_id, arrival.signal, arrival.at, doubted):
            clock_skews[arrival.integration_id] = skew
        taken = late(arrival) if doubted else arrival
        past = began[before.id] if before else []
        outcome = transition.receive(before, taken, new_id(unit.now), quiet, past)
        if outcome.alert is None:
            if before is None:
                unheard.append(arrival)
            continue
        current[key] = outcome.alert
        touched[key] = None
        if outcome.change:
            alert_changes.append(outcome.change)
            if outcome.change.kind in (ChangeKind.OPENED, ChangeKind.HELD):
                began[outcome.alert.id].append(arrival.at)
    fresh = [current[key] for key in touched if key not in stored]
    if fresh and len(await store.insert(unit.conn, fresh)) < len(fresh):
        raise LostRace
    if changed := [current[key] for key in touched if key in stored]:
        await store.update(unit.conn, changed)
    if unheard:
        await _say_unheard(unit, unheard)
    for integration_id, skew in clock_skews.items():
        if await skew_rows.note(unit.conn, skew, unit.now):
            await enqueue(unit, [Job(TELL_SKEW, str(integration_id), urgent=True)])
            unit.publish("integrations.clocks")
    await _tell(unit, alert_changes, {})
    return current


async def _trusted(unit: Unit, arrivals: Sequence[Arrival]) -> set[UUID]:
    """The integrations whose clocks are known to be right, as far as the arrivals ask for it."""
    asked = {arrival.integration_id for arrival in arrivals if arrival.signal.by_clock}
    if not asked:
        return set()
    beside = {arrival.integration_id for arrival in arrivals if vouches(arrival.signal, arrival.at)}
    return (asked & beside) | await skew_rows.vouched(unit.conn, list(asked - beside), unit.now - VOUCHED)


async def _say_unheard(unit: Unit, unheard: Sequence[Arrival]) -> None:
    """Say on the raw signals that they end or take what was never heard of: nothing becomes of that."""
    remarks: dict[UUID, list[dict[str, Any]]] = {}
    for arrival in unheard:
        over = "over" if arrival.signal.status == "resolved" else "taken"
        rule = (
            f"It says that `{arrival.signal.key:.200}` is {over}, but Muster had never heard of it, so nothing changed."
        )
        fault = Fault("", rule, "If this was trouble, map the fields that tell a recovery.")
        if len(noted := remarks.setdefault(arrival.signal_id, [])) < MOST_UNHEARD:
            noted.append(fault.as_json())
    await signals.remark(unit.conn, remarks)


async def _tell(unit: Unit, changed: Sequence[AlertChange], words: Mapping[ChangeKind, str]) -> None:
    if not changed:
        return
    await store.add_transitions(
        unit.conn,
        [
            (change.alert.id, unit.now, words.get(change.kind, str(change.kind)), change.reason, change.alert.signal_id)
            for change in changed
        ],
    )
    due = unit.now + STAYS + timedelta(seconds=1)
    flapping = [change.alert for change in changed if change.alert.hold is Hold.FLAPPING]
    await enqueue(unit, [Job(UNDAMP, f"{alert.id}/{alert.episode}", run_at=due) for alert in flapping])
    unit.publish("alerts", *(f"alert:{change.alert.id}" for change in changed))
    await unit.emit(AlertsChanged(tuple(changed)))


async def _named(unit: Unit, item: Item) -> Item:
    """A request whose alerts are named by Muster's own ids, with their keys instead; unknown ones stay unheard of."""
    if all(signal.named_by == "key" for signal in item.parsed.signals):
        return item
    named = []
    for signal in item.parsed.signals:
        found = await store.named(unit.conn, item.integration.id, signal.named_by, signal.key)
        named.append(replace(signal, key=found.key if found else signal.key, named_by="key"))
    return replace(item, parsed=replace(item.parsed, signals=tuple(named)))


def _raw_id(item: Item) -> UUID | None:
    asked = item.parsed.request_id
    return raw_id_of(item.integration.id, asked) if asked else None


def raw_signal(
    id_: UUID, integration: Integration, request: Request, outcome: str, faults: Iterable[Fault] = ()
) -> RawSignal:
    """A request as it is kept, whatever became of it."""
    headers, remarks = kept_headers(request.headers), [fault.as_json() for fault in faults]
    return RawSignal(id_, integration.id, request.received_at, request.path, headers, request.body, outcome, remarks)
