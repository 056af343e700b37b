"""Making, changing and ending silences and maintenance windows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from muster.alerts.actions import holds
from muster.alerts.events import SILENCE_CHANGED, SILENCE_CREATED, SILENCE_ENDED, SILENCE_EXPIRED
from muster.alerts.silence import Silence
from muster.alerts.silence_draft import SilenceDraft
from muster.alerts.store import integrations
from muster.alerts.store import silences as store
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.work import Job, cancel, enqueue
from muster.kit.errors import Conflict, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event

BEGAN, ENDED = "silence.began", "silence.ended"
SECOND_LOOK = timedelta(seconds=2)
"""An alert that came in while the silence was being made may have missed it: looked for once more after this."""


async def create(unit: Unit, draft: SilenceDraft, *, comment_needed: bool = True) -> Silence:
    """Add a silence; what fires and matches is held back at once, incidents that run keep going.

    Raises:
        Invalid: with every fault of the draft.
    """
    unit.allow(Permission.ALERT_SILENCE)
    integration_id = await _check(unit, draft, comment_needed)
    silence = Silence(
        id=new_id(unit.now),
        kind=draft.kind,
        integration_id=integration_id,
        matchers=draft.matchers,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        created_by=draft.author or unit.principal.name,
        comment=draft.comment.strip(),
        created_at=unit.now,
        updated_at=unit.now,
    )
    await store.save(unit.conn, silence)
    held = await _arrange(unit, silence)
    data = {**described(silence), "held": held}
    await record(unit, Event(stream(silence), SILENCE_CREATED, data, silence.comment))
    return silence


async def change(unit: Unit, silence_id: UUID, draft: SilenceDraft, *, comment_needed: bool = True) -> Silence:
    """Change a silence that is not over; where it comes from stays.

    Raises:
        Missing; Conflict: it is over; Invalid: with every fault of the draft.
    """
    unit.allow(Permission.ALERT_SILENCE)
    before = await existing(unit, silence_id)
    _refuse_over(unit, before)
    await _check(unit, draft, comment_needed)
    after = replace(
        before,
        kind=draft.kind,
        matchers=draft.matchers,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        comment=draft.comment.strip(),
        updated_at=unit.now,
    )
    await store.save(unit.conn, after)
    await _arrange(unit, after)
    old, new = described(before), described(after)
    changed = {key: {"from": old[key], "to": new[key]} for key in new if old[key] != new[key]}
    await record(unit, Event(stream(after), SILENCE_CHANGED, {"changed": changed}, after.comment))
    return after


async def expire(unit: Unit, silence_id: UUID, reason: str = "") -> Silence:
    """End a silence now; what it held and still fires pages.

    Raises:
        Missing; Conflict: it is over.
    """
    unit.allow(Permission.ALERT_SILENCE)
    before = await existing(unit, silence_id)
    _refuse_over(unit, before)
    after = replace(before, starts_at=min(before.starts_at, unit.now), ends_at=unit.now, updated_at=unit.now)
    await store.save(unit.conn, after)
    await _cancel(unit, after)
    released = await holds.reconsider(unit, after.id)
    await record(unit, Event(stream(after), SILENCE_EXPIRED, {**described(before), "released": released}, reason))
    unit.publish("silences")
    return after


async def end(unit: Unit, silence_id: UUID) -> None:
    """A silence has run out: let go what nothing else holds; nothing happens where it was prolonged meanwhile."""
    silence = await store.by_id(unit.conn, silence_id)
    if silence is None or silence.state(unit.now) != "expired":
        return
    released = await holds.reconsider(unit, silence.id)
    await record(unit, Event(stream(silence), SILENCE_ENDED, {**described(silence), "released": released}))
    unit.publish("silences")


async def existing(unit: Unit, silence_id: UUID) -> Silence:
    """The silence of that id, locked.

    Raises:
        Missing: there is none.
    """
    silence = await store.by_id(unit.conn, silence_id)
    if silence is None:
        raise Missing("There is no such silence.", "`muster silence list` shows them all.")
    return silence


def described(silence: Silence) -> dict[str, Any]:
    """A silence as the ledger keeps it."""
    return {
        "kind": silence.kind,
        "matchers": [matcher.text() for matcher in silence.matchers],
        "starts_at": silence.starts_at,
        "ends_at": silence.ends_at,
        "created_by": silence.created_by,
        "comment": silence.comment,
    }


def stream(silence: Silence) -> str:
    """The ledger stream of a silence."""
    return f"silence:{silence.id}"


async def _check(unit: Unit, draft: SilenceDraft, comment_needed: bool) -> UUID | None:
    faults = draft.faults(unit.now, comment_needed=comment_needed)
    integration = await integrations.by_name(unit.conn, draft.integration) if draft.integration else None
    if draft.integration and integration is None:
        rule = f"There is no integration `{draft.integration:.80}`."
        faults.append(Fault("integration", rule, "`muster integration list` names them all."))
    if faults:
        raise Invalid("This silence cannot be made.", faults=faults)
    return integration.id if integration else None


async def _arrange(unit: Unit, silence: Silence) -> int:
    """Let go what it no longer covers, hold what it covers now, and set its alarms; returns how many it began to hold."""
    await _cancel(unit, silence)
    await holds.reconsider(unit, silence.id)
    held = await holds.hold_matching(unit, silence)
    begins = max(silence.starts_at, unit.now + SECOND_LOOK)
    jobs = [Job(ENDED, str(silence.id), run_at=silence.ends_at)]
    if begins < silence.ends_at:
        jobs.append(Job(BEGAN, str(silence.id), run_at=begins))
    await enqueue(unit, jobs)
    unit.publish("silences")
    return held


async def _cancel(unit: Unit, silence: Silence) -> None:
    for kind in (BEGAN, ENDED):
        await cancel(unit, kind, [str(silence.id)])


def _refuse_over(unit: Unit, silence: Silence) -> None:
    if silence.state(unit.now) == "expired":
        raise Conflict("This silence is over.", "Make a new one like it.")
