"""Moves incidents through the table of states: one place writes the row, the ledger, the clocks and stops the pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from muster.alerts.actions import verdicts
from muster.alerts.alert import Verdict
from muster.base.unit import Unit
from muster.clocks import actions as clocks
from muster.incidents import deadline
from muster.incidents.actions import effects
from muster.incidents.happenings import IncidentMoved
from muster.incidents.incident import OPEN, Incident, State
from muster.incidents.lifecycle import (
    ACKNOWLEDGE,
    CLOSE,
    FALSE_ALARM,
    MITIGATE,
    REOPEN,
    SELF_RESOLVE,
    Transition,
    move,
)
from muster.incidents.store import hand_overs, joined
from muster.incidents.store import incidents as store
from muster.kit.errors import Conflict
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.paging.actions.stop import stop
from muster.paging.page import Purpose
from muster.plan import store as plans

JUDGED_AT_ONCE = 500
"""Alerts whose verdicts are written in one go, so that a closing incident of thousands lets others come in between."""
_STEPS = (State.ACKNOWLEDGED, State.MITIGATED, State.RESOLVED, State.CLOSED)


async def transit(
    unit: Unit,
    incident: Incident,
    transition: Transition,
    *,
    reason: str = "",
    data: dict[str, Any] | None = None,
    **columns: Any,
) -> Incident:
    """Move a locked incident; `columns` are set along with its state.

    Raises:
        Conflict: the state does not allow it; the detail says what would help.
    """
    moved = move(incident.state, transition, merged=incident.merged_into is not None)
    if moved.to is None:
        raise Conflict(f"{incident.ref} cannot be {transition.done}.", moved.reason)
    (after,) = await _move(
        unit, [incident], moved.to, transition, f"{incident.ref} was {transition.done}.", reason, data, columns
    )
    return after


async def self_resolve(unit: Unit, ids: Sequence[UUID]) -> None:
    """Every alert of these incidents ended before anybody had acknowledged; thousands may end at once."""
    reason = "Every alert ended before anybody acknowledged."
    if found := [each for each in await store.lock_many(unit.conn, ids) if each.state is State.TRIGGERED]:
        await _move(unit, found, State.RESOLVED, SELF_RESOLVE, reason, reason)


async def taken_at_source(unit: Unit, ids: Sequence[UUID]) -> None:
    """The system that sent the alerts says that somebody has them."""
    reason = "Acknowledged in the system that sent the alert."
    if found := [each for each in await store.lock_many(unit.conn, ids) if each.state is State.TRIGGERED]:
        await _move(unit, found, State.ACKNOWLEDGED, ACKNOWLEDGE, reason, reason)


async def _move(
    unit: Unit,
    incidents: Sequence[Incident],
    to: State,
    transition: Transition,
    stopped: str,
    reason: str,
    data: dict[str, Any] | None = None,
    columns: dict[str, Any] | None = None,
) -> list[Incident]:
    """Move locked incidents that are all in one state, with a handful of statements for any number."""
    state = incidents[0].state
    changes = {**_columns(unit, to), **(columns or {})}
    after = await store.update_many(unit.conn, [incident.id for incident in incidents], unit.now, **changes)
    body = {"from": state, "to": to, **(data or {})}
    await record_all(unit, [Event(incident.stream, transition.event, body, reason) for incident in incidents])
    if state in OPEN:
        # Who was asked to help is needed as long as the incident lasts.
        over = to not in OPEN
        await stop(
            unit, [incident.id for incident in incidents], stopped, tuple(Purpose) if over else [Purpose.INCIDENT]
        )
        if over:
            await hand_overs.end_all(unit.conn, [incident.id for incident in incidents], stopped, unit.now)
    await _turn_clocks(unit, state, after, transition)
    for before, now in zip(incidents, after, strict=True):
        await _judge(unit, before, transition)
        await unit.emit(IncidentMoved(before, now, transition))
    unit.publish("incidents", *(incident.stream for incident in incidents))
    effects.follow(unit, after)
    return after


async def _turn_clocks(unit: Unit, before: State, after: Sequence[Incident], transition: Transition) -> None:
    streams = [each.stream for each in after]
    if before is State.TRIGGERED and transition in (ACKNOWLEDGE, FALSE_ALARM):
        await clocks.meet(unit, streams, deadline.ACKNOWLEDGE)
    elif transition is MITIGATE:
        await clocks.meet(unit, streams, deadline.MITIGATE)
    elif before in OPEN:
        await clocks.drop(unit, streams, deadline.ACKNOWLEDGE if before is State.TRIGGERED else deadline.MITIGATE)
    if transition is ACKNOWLEDGE:
        versions = {each: await plans.pinned(unit.conn, each) for each in {one.plan_version_id for one in after}}
        specs = (deadline.remind_clock(each, versions[each.plan_version_id].plan, unit.now) for each in after)
        await clocks.start(unit, [spec for spec in specs if spec])


async def _judge(unit: Unit, before: Incident, transition: Transition) -> None:
    # What became of an incident is what its alerts are worth: their fidelity is counted from these verdicts.
    if transition not in (FALSE_ALARM, CLOSE, REOPEN):
        return
    false = transition is FALSE_ALARM or before.false_alarm
    verdict: Verdict | None = None if transition is REOPEN else "false" if false else "real"
    while judged := await joined.unlike(unit.conn, before.id, verdict, JUDGED_AT_ONCE):
        await verdicts.note(unit, judged, verdict, f"{before.ref} was {transition.done}.")


def _columns(unit: Unit, to: State) -> dict[str, Any]:
    if to is State.TRIGGERED:
        empty = {f"{step}_{part}": None for step in _STEPS for part in ("at", "by")}
        return {"state": str(to), "false_alarm": False, **empty}
    return {"state": str(to), f"{to}_at": unit.now, f"{to}_by": unit.principal.person_id}
