"""What every verb begins with: find the incident and hold it, know who asks, let the pinned plan's authority decide."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Conn, Unit
from muster.catalog import store as catalog
from muster.catalog.workload import Ref
from muster.incidents.action import IncidentAction
from muster.incidents.authority import who_may
from muster.incidents.incident import Incident, parse_ref
from muster.incidents.store import incidents as store
from muster.incidents.store import joined
from muster.incidents.store import roles as role_rows
from muster.kit.errors import Denied, Missing
from muster.people import store as people
from muster.plan import store as plans
from muster.plan.permit import UNKNOWN, Actor, Extent, Question, may
from muster.plan.refusal import sentence
from muster.plan.version import Version


@dataclass(frozen=True, slots=True)
class Held:
    """An incident with what authority looks at; `roles` are role → person, `did` doer → person, all by name."""

    incident: Incident
    version: Version
    roles: Mapping[str, str]
    did: Mapping[str, str | None]
    actor: Actor
    question: Question


@dataclass(frozen=True, slots=True)
class ExtentSource:
    """How many an incident affects, as a feature knows it; a port (`base/ports.py`). What it does not know is None."""

    load: Callable[[Unit, Incident], Awaitable[Extent]]


async def existing(conn: Conn, ref: str | int | UUID, *, hold: bool = False) -> Incident:
    """The incident of that reference (`INC-142`, `142` or its id), locked where it is to change.

    Raises:
        Missing: there is none.
    """
    known = parse_ref(ref) if isinstance(ref, str) else ref
    found = await store.find(conn, known, lock=hold) if known is not None else None
    if found is None:
        raise Missing(
            f"There is no incident `{ref!s:.40}`.",
            "Write it as INC-142, or 142; `muster incident list` shows them all.",
        )
    return found


async def hold(unit: Unit, ref: str | int | UUID) -> Held:
    """Lock an incident and load what its authority looks at."""
    return await look(unit, await existing(unit.conn, ref, hold=True))


async def hold_with_alerts(unit: Unit, ref: str | int | UUID) -> Held:
    """The same for a verb that judges the alerts: they are locked first, as intake does, so that neither waits for the
    other in a circle."""
    seen = await existing(unit.conn, ref)
    await joined.lock(unit.conn, seen.id)
    return await hold(unit, seen.id)


async def look(unit: Unit, incident: Incident) -> Held:
    """What authority looks at, of an incident at hand."""
    version = await plans.pinned(unit.conn, incident.plan_version_id)
    holdings = (await role_rows.held(unit.conn, [incident.id])).get(incident.id, [])
    roles = {holding.role: holding.person for holding in holdings}
    did = await doers(unit.conn, incident)
    question = Question(incident.severity, did, *await _affected(unit, incident, version))
    return Held(incident, version, roles, did, await actor_of(unit, roles), question)


async def _affected(unit: Unit, incident: Incident, version: Version) -> tuple[str | None, Extent]:
    """How critical what it touches is, and how far it reaches; loaded only where the plan asks for it."""
    rules = version.plan.authority.rules.values()
    criticality: str | None = None
    extent = UNKNOWN
    if any(rule.criticality for rule in rules):
        known = await catalog.catalogue(unit.conn)
        if workload := known.by_name.get(incident.workload):
            part = known.parts.get(Ref(incident.workload, incident.component))
            criticality = str(workload.criticality_of(part[1]) if part else workload.criticality)
    if any(rule.scope for rule in rules):
        for source in unit.ports.of(ExtentSource):
            extent = await source.load(unit, incident)
    return criticality, extent


async def actor_of(unit: Unit, roles: Mapping[str, str]) -> Actor:
    """The principal as the plan's authority sees them: level of sign-in, roles in this incident, teams."""
    principal = unit.principal
    teams = await people.teams_of(unit.conn, principal.person_id) if principal.person_id else []
    mine = frozenset(role for role, person in roles.items() if person == principal.name) if principal.person_id else ()
    return Actor(principal.name, principal.level.label, frozenset(mine), frozenset(team.name for team in teams))


async def doers(conn: Conn, incident: Incident) -> dict[str, str | None]:
    """Who reported, acknowledged, mitigated and resolved it, by name; None where no person did."""
    ids = {
        "reporter": incident.reporter_id,
        "acknowledger": incident.acknowledged_by,
        "mitigator": incident.mitigated_by,
        "resolver": incident.resolved_by,
    }
    known = await people.persons_by_id(conn, {each for each in ids.values() if each})
    return {doer: known[each].name if each in known else None for doer, each in ids.items()}


async def begin(unit: Unit, action: IncidentAction, ref: str | int | UUID, *, alerts: bool = False) -> Held:
    """The first line of an action: the permission, the incident locked (with its `alerts` where it judges them), and the
    plan's authority.

    Raises:
        Missing; Denied: by the level of sign-in or by the plan.
    """
    unit.allow(action.permission)
    held = await (hold_with_alerts if alerts else hold)(unit, ref)
    if action.decided:
        authorise(held, action)
    return held


def authorise(held: Held, action: IncidentAction) -> None:
    """Let the plan decide.

    Raises:
        Denied: with every reason, and who may.
    """
    incident, plan = held.incident, held.version.plan
    verdict = may(plan, action, held.actor, held.question)
    if not verdict.allowed:
        title = f"You may not {action.words}: {incident.ref}."
        raise refused(title, held, verdict.level, map(sentence, verdict.reasons), action.permission)


def refused(title: str, held: Held, level: str, reasons: Iterable[str], permission: Permission) -> Denied:
    """A refusal by the plan, with who may instead."""
    who = f"Who may, by the plan ({held.version.label}): {who_may(held.version.plan, level, held.roles)}"
    return Denied(title, " ".join((*reasons, who)), permission=str(permission))
