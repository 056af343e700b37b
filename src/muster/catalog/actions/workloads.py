"""Creating, changing, reviewing and deleting a workload."""

from dataclasses import replace
from datetime import datetime

from muster.base.access import Permission
from muster.base.unit import Conn, Unit
from muster.catalog import store
from muster.catalog.actions.save import CHANGED, Saved, Unsaved, save
from muster.catalog.checks import dependents_outside
from muster.catalog.events import WORKLOAD_DELETED, WORKLOAD_REVIEWED
from muster.catalog.happenings import WorkloadDeleting
from muster.catalog.store import writing as rows
from muster.catalog.workload import Workload, WorkloadDraft
from muster.catalog.writing import document
from muster.kit.errors import Conflict, Invalid, Missing
from muster.kit.nearest import did_you_mean
from muster.ledger.actions import record
from muster.ledger.event import Event


async def existing(conn: Conn, name: str) -> Workload:
    """The workload of that name.

    Raises:
        Missing: there is none.
    """
    known = (await store.catalogue(conn)).by_name
    if name not in known:
        fix = did_you_mean(name, sorted(known)) or "The catalogue is empty: add it first."
        raise Missing(f"There is no workload `{name:.80}`.", fix)
    return known[name]


async def create_workload(unit: Unit, draft: WorkloadDraft) -> Workload:
    """Add a workload with its components.

    Raises:
        Invalid: with every fault of the draft.
        Conflict: the name is taken.
    """
    unit.allow(Permission.CATALOG_MANAGE)
    if draft.name in (await store.catalogue(unit.conn)).by_name:
        raise Conflict(f"There is a workload `{draft.name}` already.", "Choose another name, or change that one.")
    return (await _save(unit, draft)).workload


async def update_workload(unit: Unit, name: str, draft: WorkloadDraft, *, seen: datetime | None = None) -> Saved:
    """Bring a workload to what the draft says, whole; the name stays. `seen` is the `changed_at` that its
    editor began with.

    Raises:
        Missing; Invalid: with every fault. Conflict: somebody changed it after it was `seen`.
    """
    unit.allow(Permission.CATALOG_MANAGE)
    await rows.hold(unit.conn)
    stored = await existing(unit.conn, name)
    if seen is not None and seen != stored.changed_at:
        raise Conflict(f"{stored.label} was changed by somebody else meanwhile.", "Look at the changes, then edit it.")
    return await _save(unit, replace(draft, name=name))


async def review_workload(unit: Unit, name: str) -> Workload:
    """Confirm that a workload's entry still holds, so that it does not count as stale (R27).

    Raises:
        Missing.
    """
    unit.allow(Permission.CATALOG_MANAGE)
    await rows.hold(unit.conn)
    workload = await existing(unit.conn, name)
    await rows.reviewed(unit.conn, name, unit.now)
    await rows.renew(unit.conn)
    await record(unit, Event(workload.stream, WORKLOAD_REVIEWED, {"name": name}))
    unit.publish(CHANGED, workload.stream)
    return await existing(unit.conn, name)


async def delete_workload(unit: Unit, name: str, reason: str = "") -> None:
    """Remove a workload that nothing depends on.

    Raises:
        Missing; Conflict: with the names of what depends on it or still uses it.
    """
    unit.allow(Permission.CATALOG_MANAGE)
    await rows.hold(unit.conn)
    workload = await existing(unit.conn, name)
    others = (await store.catalogue(unit.conn)).workloads
    leaving = WorkloadDeleting(
        workload, [f"{who} depends on {needed}." for who, needed in dependents_outside(workload, others)]
    )
    await unit.emit(leaving)
    if leaving.objections:
        raise Conflict(f"{workload.label} is in use.", " ".join(leaving.objections))
    await rows.delete(unit.conn, name)
    await rows.renew(unit.conn)
    await record(unit, Event(workload.stream, WORKLOAD_DELETED, document(workload), reason))
    unit.publish(CHANGED, workload.stream)


async def _save(unit: Unit, draft: WorkloadDraft) -> Saved:
    done = await save(unit, [draft])
    if isinstance(done, Unsaved):
        raise Invalid(f"The workload `{draft.name:.80}` cannot be saved.", faults=done.faults[draft.name])
    return done[0]
