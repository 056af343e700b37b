"""Importing an export: what there is, what it becomes, applied as manifests are, with overrides and the ledger's event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.alerts.store import integrations as integration_rows
from muster.base.access import Permission
from muster.base.aside import aside
from muster.base.db.database import take_time
from muster.base.manifests import Applied
from muster.base.services import Services
from muster.base.unit import Unit
from muster.catalog.store import reading as catalog
from muster.importing.current_state import CurrentPerson, CurrentState, CurrentTeam
from muster.importing.events import IMPORT_APPLIED
from muster.importing.import_draft import ImportDraft, compose
from muster.importing.mapped_overrides import MappedOverride
from muster.importing.refusal import tell_loss, without
from muster.kit.errors import Conflict, Invalid, Missing
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.manifests.actions.apply import ManifestFile, apply
from muster.oncall.actions.overrides import add_override
from muster.oncall.schedules.override import OverrideDraft
from muster.oncall.store import override_rows, schedule_rows
from muster.people.reach import Reach
from muster.people.store import contact_rows, notify_rows, person_rows, team_rows
from muster.plan import store as plans
from muster.plan.model.severities import usual_severities

_ALL = 1_000_000
_MOST_ROUNDS = 12
"""What is refused may have been named by something else, which is then refused in the next round."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an import did, or would do."""

    made: ImportDraft
    applied: tuple[Applied, ...]
    dry_run: bool

    def as_json(self) -> dict[str, Any]:
        """The report with what became of each manifest."""
        rows = [
            {"kind": item.kind, "name": item.name, "outcome": item.outcome, "changes": item.changes}
            for item in self.applied
        ]
        return {"dry_run": self.dry_run, **self.made.report(), "applied": rows, "manifests": self.made.text()}


async def try_import(unit: Unit, source: str, files: Mapping[str, str], services: Services) -> Done:
    """Do all of an import, and keep nothing of it.

    Raises:
        as `run_import` does.
    """
    unit.allow(Permission.APPLY)
    async with unit.trial() as trial:
        return await run_import(trial, source, files, services, dry_run=True)


async def run_import(
    unit: Unit, source: str, files: Mapping[str, str], services: Services, *, dry_run: bool = False
) -> Done:
    """Bring about what an export becomes; importing the same again changes nothing.

    Raises:
        Missing: there is no such source.
        Invalid: files that cannot be read. What Muster refuses of the rest is left out, and told as a loss.
    """
    unit.allow(Permission.APPLY)
    await take_time(unit.conn)
    # Aside, so that a large export holds up nobody else.
    made = await aside(compose, source, files, await present(unit, services.of(Reach)), unit.now)
    sources = await fitting(unit, made, services)
    applied = await apply(unit, sources, services) if sources else []
    applied += [done for override in made.overrides if (done := await _tried(unit, made, override))]
    counts = {**made.export.report.counts(), **_counted(applied)}
    await record(
        unit, Event("imports", IMPORT_APPLIED, {"source": source, **counts}, f"Imported from {made.export.vendor}.")
    )
    return Done(made, tuple(applied), dry_run)


def _counted(applied: list[Applied]) -> dict[str, int]:
    outcomes = [item.outcome for item in applied]
    return {outcome: outcomes.count(outcome) for outcome in ("created", "changed", "unchanged")}


async def fitting(unit: Unit, made: ImportDraft, services: Services) -> list[ManifestFile]:
    """The manifests that Muster accepts, tried until nothing is refused any more; what is refused is told as a loss.

    Raises:
        Invalid: something is refused that cannot be taken out.
    """
    for _ in range(_MOST_ROUNDS):
        sources = [ManifestFile(file, text) for file, text in made.manifests.items()]
        if not sources:
            return []
        try:
            async with unit.trial() as trial:
                await apply(trial, sources, services)
        except Invalid as refused:
            if not await aside(without, made, refused.faults):
                raise
        else:
            return sources
    raise Invalid(
        "The export cannot be imported.", "Too much of it is refused one after the other; import it in parts."
    )


async def _tried(unit: Unit, made: ImportDraft, wanted: MappedOverride) -> Applied | None:
    """Make an override, or tell why Muster refuses it."""
    try:
        # It refuses before it writes, so nothing has to be undone.
        return await _overridden(unit, wanted)
    except (Conflict, Invalid, Missing) as refused:
        why = " ".join(fault.rule for fault in refused.faults) or refused.title
        start = f"{wanted.start:%Y-%m-%d %H:%M}"
        tell_loss(made, f"Schedule {wanted.schedule}", f"The override from {start} UTC is left out: {why}")
        return None


async def _overridden(unit: Unit, wanted: MappedOverride) -> Applied:
    """Make the override unless it is there; one that has begun holds from now, and is known by its end."""
    there = await override_rows.overrides_of(unit.conn, [wanted.schedule], unit.now, wanted.end)
    name = f"{wanted.schedule} {wanted.start:%Y-%m-%d %H:%M}"
    if any(
        item.person == wanted.person and item.end == wanted.end and _begins_alike(item.start, wanted.start, unit.now)
        for item in there
    ):
        return Applied("Override", name, "unchanged")
    await add_override(unit, wanted.schedule, OverrideDraft(wanted.person, wanted.start, wanted.end, wanted.note))
    return Applied("Override", name, "created")


def _begins_alike(one: datetime, other: datetime, now: datetime) -> bool:
    return one == other or max(one, other) <= now


async def present(unit: Unit, reach: Reach) -> CurrentState:
    """The organisation as this transaction sees it."""
    persons = await person_rows.persons(unit.conn, inactive=True, limit=_ALL)
    ids = [person.id for person in persons]
    contacts = await contact_rows.contacts_of(unit.conn, ids)
    rules = await notify_rows.notify_of(unit.conn, ids)
    schedules = await schedule_rows.schedules(unit.conn, limit=_ALL)
    plan = await plans.in_force(unit.conn)
    known = {kind.kind for kind in reach.kinds}
    return CurrentState(
        persons=tuple(
            CurrentPerson(
                person,
                tuple((contact.kind, contact.address) for contact in contacts[person.id]),
                person.id in rules and bool(rules[person.id].notify),
            )
            for person in persons
        ),
        teams={
            team.name: CurrentTeam(team.title, tuple(team.members), team.lead or "")
            for team in await team_rows.teams(unit.conn, limit=_ALL)
        },
        schedules={schedule.name: schedule.schedule.description for schedule in schedules},
        workloads=frozenset(workload.name for workload in (await catalog.catalogue(unit.conn)).workloads),
        integrations=frozenset(item.name for item in await integration_rows.every(unit.conn)),
        plan=plan.text if plan else None,
        plan_name=plan.name if plan else "main",
        severities=tuple(plan.plan.severities if plan else usual_severities()),
        contact_kinds=frozenset(known),
        check=reach.check_address,
    )
