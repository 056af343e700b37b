"""Moves incidents through the table of states: one place writes the row, the ledger, the clocks and stops the pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from muster.alerts.actions import verdicts
from muster.alerts.store import alerts
from muster.alerts.verdict import Verdict
from muster.base.unit import Unit
from muster.clocks import actions as clocks
from muster.incidents.deadline import ACKNOWLEDGE, MITIGATE
from muster.incidents.happenings import IncidentMoved
from muster.incidents.incident import OPEN, Incident, State
from muster.incidents.lifecycle import Verb, move
from muster.incidents.store import incidents as store
from muster.incidents.store import lists
from muster.kit.errors import Conflict
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.paging.actions.stop import stop

_EVENTS = {
    Verb.ACKNOWLEDGE: "IncidentAcknowledged",
    Verb.MITIGATE: "IncidentMitigated",
    Verb.RESOLVE: "IncidentResolved",
    Verb.SELF_RESOLVE: "IncidentSelfResolved",
    Verb.FALSE_ALARM: "FalseAlarmDeclared",
    Verb.CLOSE: "IncidentClosed",
    Verb.MERGE: "IncidentMerged",
    Verb.REOPEN: "IncidentReopened",
}
_STEPS = (State.ACKNOWLEDGED, State.MITIGATED, State.RESOLVED, State.CLOSED)


async def transit(
    unit: Unit, incident: Incident, verb: Verb, *, reason: str = "", data: dict[str, Any] | None = None, **columns: Any
) -> Incident:
    """Move a locked incident; `columns` are set along with its state.

    Raises:
        Conflict: the state does not allow the verb; the detail says what would help.
    """
    moved = move(incident.state, verb, merged=incident.merged_into is not None)
    if moved.to is None:
        raise Conflict(f"{incident.ref} cannot be {_DONE[verb]}.", moved.reason)
    after = await store.update(unit.conn, incident.id, unit.now, **_columns(unit, moved.to), **columns)
    body = {"from": incident.state, "to": after.state, **(data or {})}
    await record_all(unit, [Event(incident.stream, _EVENTS[verb], body, reason)])
    if incident.state in OPEN:
        await stop(unit, [incident.id], f"{incident.ref} was {_DONE[verb]}.")
    await _end_clocks(unit, incident, after, verb)
    await _judge(unit, incident, verb)
    await unit.emit(IncidentMoved(incident, after, verb))
    unit.publish("incidents", incident.stream)
    return after


async def self_resolve(unit: Unit, ids: Sequence[UUID]) -> None:
    """Every alert of these incidents ended before anybody had acknowledged."""
    for incident in await store.lock_many(unit.conn, ids):
        if incident.state is State.TRIGGERED:
            await transit(unit, incident, Verb.SELF_RESOLVE, reason="Every alert ended before anybody acknowledged.")


async def taken_at_source(unit: Unit, ids: Sequence[UUID]) -> None:
    """The system that sent the alerts says that somebody has them."""
    for incident in await store.lock_many(unit.conn, ids):
        if incident.state is State.TRIGGERED:
            await transit(unit, incident, Verb.ACKNOWLEDGE, reason="Acknowledged in the system that sent the alert.")


async def _end_clocks(unit: Unit, before: Incident, after: Incident, verb: Verb) -> None:
    if before.state is State.TRIGGERED and verb in (Verb.ACKNOWLEDGE, Verb.FALSE_ALARM):
        await clocks.meet(unit, before.stream, ACKNOWLEDGE)
    if verb is Verb.MITIGATE:
        await clocks.meet(unit, before.stream, MITIGATE)
    if after.state in (State.RESOLVED, State.CLOSED) and before.state in OPEN:
        await clocks.cancel_all(unit, [before.stream], ACKNOWLEDGE if before.state is State.TRIGGERED else MITIGATE)


async def _judge(unit: Unit, before: Incident, verb: Verb) -> None:
    # What became of an incident is what its alerts are worth: their fidelity is counted from these verdicts.
    if verb not in (Verb.FALSE_ALARM, Verb.CLOSE, Verb.REOPEN):
        return
    false = verb is Verb.FALSE_ALARM or before.false_alarm
    verdict: Verdict | None = None if verb is Verb.REOPEN else "false" if false else "real"
    found = await alerts.by_ids(unit.conn, list(await lists.alerts_of(unit.conn, before.id)))
    if judged := [alert for alert in found if alert.verdict != verdict]:
        await verdicts.note(unit, judged, verdict, f"{before.ref} was {_DONE[verb]}.")


def _columns(unit: Unit, to: State) -> dict[str, Any]:
    if to is State.TRIGGERED:
        empty = {f"{step}_{part}": None for step in _STEPS for part in ("at", "by")}
        return {"state": str(to), "false_alarm": False, **empty}
    return {"state": str(to), f"{to}_at": unit.now, f"{to}_by": unit.principal.person_id}


_DONE = {
    Verb.ACKNOWLEDGE: "acknowledged",
    Verb.MITIGATE: "mitigated",
    Verb.RESOLVE: "resolved",
    Verb.SELF_RESOLVE: "resolved",
    Verb.FALSE_ALARM: "declared a false alarm",
    Verb.CLOSE: "closed",
    Verb.MERGE: "merged",
    Verb.REOPEN: "reopened",
}
