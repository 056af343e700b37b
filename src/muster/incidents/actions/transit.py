"""Moves incidents through the table of states: one place writes the row, the ledger, the clocks and stops the pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from muster.alerts.actions import verdicts
from muster.alerts.verdict import Verdict
from muster.base.unit import Unit
from muster.clocks import actions as clocks
from muster.incidents.deadline import ACKNOWLEDGE, MITIGATE, remind_clock
from muster.incidents.happenings import IncidentMoved
from muster.incidents.incident import OPEN, Incident, State
from muster.incidents.lifecycle import Verb, move
from muster.incidents.store import hand_overs, joined
from muster.incidents.store import incidents as store
from muster.kit.errors import Conflict
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.paging.actions.stop import stop
from muster.paging.page import Purpose
from muster.plan import store as plans

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
JUDGED_AT_ONCE = 500
"""Alerts whose verdicts are written in one go, so that a closing incident of thousands lets others come in between."""
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
    (after,) = await _move(
        unit, [incident], moved.to, verb, f"{incident.ref} was {_DONE[verb]}.", reason, data, columns
    )
    return after


async def self_resolve(unit: Unit, ids: Sequence[UUID]) -> None:
    """Every alert of these incidents ended before anybody had acknowledged; thousands may end at once."""
    reason = "Every alert ended before anybody acknowledged."
    if found := [each for each in await store.lock_many(unit.conn, ids) if each.state is State.TRIGGERED]:
        await _move(unit, found, State.RESOLVED, Verb.SELF_RESOLVE, reason, reason)


async def taken_at_source(unit: Unit, ids: Sequence[UUID]) -> None:
    """The system that sent the alerts says that somebody has them."""
    reason = "Acknowledged in the system that sent the alert."
    if found := [each for each in await store.lock_many(unit.conn, ids) if each.state is State.TRIGGERED]:
        await _move(unit, found, State.ACKNOWLEDGED, Verb.ACKNOWLEDGE, reason, reason)


async def _move(
    unit: Unit,
    incidents: Sequence[Incident],
    to: State,
    verb: Verb,
    stopped: str,
    reason: str,
    data: dict[str, Any] | None = None,
    columns: dict[str, Any] | None = None,
) -> list[Incident]:
    """Move locked incidents that are all in one state, with a handful of statements for any number."""
    state = incidents[0].state
    changes = {**_columns(unit, to), **(columns or {})}
    after = await store.update_many(unit.conn, [each.id for each in incidents], unit.now, **changes)
    body = {"from": state, "to": to, **(data or {})}
    await record_all(unit, [Event(each.stream, _EVENTS[verb], body, reason) for each in incidents])
    if state in OPEN:
        # Who was asked to help is needed as long as the incident lasts.
        over = to not in OPEN
        await stop(unit, [each.id for each in incidents], stopped, tuple(Purpose) if over else [Purpose.INCIDENT])
        if over:
            await hand_overs.end_all(unit.conn, [each.id for each in incidents], stopped, unit.now)
    await _turn_clocks(unit, state, after, verb)
    for before, now in zip(incidents, after, strict=True):
        await _judge(unit, before, verb)
        await unit.emit(IncidentMoved(before, now, verb))
    unit.publish("incidents", *(each.stream for each in incidents))
    return after


async def _turn_clocks(unit: Unit, before: State, after: Sequence[Incident], verb: Verb) -> None:
    streams = [each.stream for each in after]
    if before is State.TRIGGERED and verb in (Verb.ACKNOWLEDGE, Verb.FALSE_ALARM):
        await clocks.meet_all(unit, streams, ACKNOWLEDGE)
    elif verb is Verb.MITIGATE:
        await clocks.meet_all(unit, streams, MITIGATE)
    elif before in OPEN:
        await clocks.cancel_all(unit, streams, ACKNOWLEDGE if before is State.TRIGGERED else MITIGATE)
    if verb is Verb.ACKNOWLEDGE:
        versions = {each: await plans.pinned(unit.conn, each) for each in {one.plan_version_id for one in after}}
        specs = (remind_clock(each, versions[each.plan_version_id].plan, unit.now) for each in after)
        await clocks.start(unit, [spec for spec in specs if spec])


async def _judge(unit: Unit, before: Incident, verb: Verb) -> None:
    # What became of an incident is what its alerts are worth: their fidelity is counted from these verdicts.
    if verb not in (Verb.FALSE_ALARM, Verb.CLOSE, Verb.REOPEN):
        return
    false = verb is Verb.FALSE_ALARM or before.false_alarm
    verdict: Verdict | None = None if verb is Verb.REOPEN else "false" if false else "real"
    while judged := await joined.unlike(unit.conn, before.id, verdict, JUDGED_AT_ONCE):
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
