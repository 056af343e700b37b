"""Writing any number of workloads at once, checked together, so that they may refer to each other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muster.base.unit import Unit
from muster.catalog import store
from muster.catalog.checks import Faults, check
from muster.catalog.events import WORKLOAD_CHANGED, WORKLOAD_CREATED
from muster.catalog.store import writing as rows
from muster.catalog.workload import Workload, WorkloadDraft
from muster.catalog.writing import changes, document
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.people import store as people

CHANGED = "catalog"
"""The live topic of everything here."""
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of one draft; `changed` holds what differs, by field, and is empty for a new workload."""

    workload: Workload
    created: bool
    changed: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Why nothing was written: the faults of each workload."""

    faults: Faults


async def save(unit: Unit, drafts: Sequence[WorkloadDraft], unread: Collection[str] = ()) -> list[Saved] | Unsaved:
    """Bring workloads to what the drafts say, all of them or none; the caller has checked the permission.

    `unread` names workloads that were declared too but could not be read: the caller refuses in the end, but the drafts are
    not blamed for referring to them.
    """
    await rows.hold(unit.conn)
    before = await store.catalogue(unit.conn)
    owners = [owner for draft in drafts for owner in draft.owners]
    await rows.hold_teams(unit.conn, owners)
    teams = set(await people.teams_named(unit.conn, owners))
    if not teams.issuperset(owners):
        # Only a refusal needs all names, to offer the near ones.
        teams = {team.name for team in await people.teams(unit.conn, limit=_ALL)}
    if faults := check(drafts, before, teams, unread):
        return Unsaved(faults)
    differing = {draft.name: _difference(before.by_name.get(draft.name), draft) for draft in drafts}
    wanted = [draft for draft in drafts if differing[draft.name] != {}]
    if wanted:
        await rows.save(unit.conn, wanted, unit.now)
        await rows.renew(unit.conn)
    after = (await store.catalogue(unit.conn)).by_name
    await record_all(unit, [_event(after[draft.name], differing[draft.name]) for draft in wanted])
    unit.publish(*([CHANGED, *(after[draft.name].stream for draft in wanted)] if wanted else []))
    return [Saved(after[draft.name], draft.name not in before.by_name, differing[draft.name] or {}) for draft in drafts]


def _difference(stored: Workload | None, draft: WorkloadDraft) -> dict[str, dict[str, Any]] | None:
    """None for a new one."""
    return changes(stored, draft) if stored else None


def _event(workload: Workload, changed: Mapping[str, Any] | None) -> Event:
    if changed is None:
        return Event(workload.stream, WORKLOAD_CREATED, document(workload))
    return Event(workload.stream, WORKLOAD_CHANGED, {"name": workload.name, "changed": changed})
