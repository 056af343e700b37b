"""Declaring items of the closure checklist, and taking that back (R189, R192)."""

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.incidents.actions.guard import Held, hold, refused
from muster.incidents.happenings import IncidentMoved
from muster.incidents.incident import State
from muster.incidents.lifecycle import REOPEN
from muster.kit.errors import Conflict, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.kit.nearest import did_you_mean
from muster.ledger.actions import record, record_all
from muster.ledger.event import Event
from muster.plan.model.closure import Check
from muster.plan.permit import may_attest
from muster.plan.refusal import sentence
from muster.response import store
from muster.response.closure import find_check
from muster.response.events import ATTESTATION_WITHDRAWN, CHECK_ATTESTED
from muster.response.facts import Attestation


async def attest(unit: Unit, ref: str, name: str, note: str = "") -> None:
    """Declare that an item of the checklist holds, such as `users_recovered`.

    Raises:
        Missing; Invalid: no such item; Denied: by the plan; Conflict: it is attested already, or the incident is closed.
    """
    unit.allow(Permission.INCIDENT_CHECK)
    held = await hold(unit, ref)
    check = _check(held, name)
    _authorise(held, check)
    if held.incident.state is State.CLOSED:
        raise Conflict(f"{held.incident.ref} is closed.", "Reopen it first.")
    if standing := (await store.attested(unit.conn, held.incident.id)).get(name):
        raise Conflict(f"{standing.by} has attested {name} already.", f"At {standing.at:%Y-%m-%d %H:%M} UTC.")
    made = Attestation(name, unit.principal.name, unit.now, note)
    await store.attest(unit.conn, new_id(unit.now), held.incident.id, made, unit.principal.person_id)
    told = {"name": name, "about": check.about, "note": note}
    await record(unit, Event(held.incident.stream, CHECK_ATTESTED, told))
    unit.publish("incidents", held.incident.stream)


async def withdraw(unit: Unit, ref: str, name: str, note: str = "") -> None:
    """Take an attestation back; whoever made it may, and whoever could make it.

    Raises:
        Missing; Denied: by the plan; Conflict: nobody has attested it, or the incident is closed.
    """
    unit.allow(Permission.INCIDENT_CHECK)
    held = await hold(unit, ref)
    check = _check(held, name)
    standing = (await store.attested(unit.conn, held.incident.id)).get(name)
    if standing is None or standing.by != unit.principal.name:
        _authorise(held, check)
    if held.incident.state is State.CLOSED:
        raise Conflict(f"{held.incident.ref} is closed.", "Reopen it first.")
    if standing is None:
        raise Conflict(f"Nobody has attested {name}.", "There is nothing to take back.")
    await store.withdraw(unit.conn, held.incident.id, name, unit.principal.name, unit.now)
    await record(unit, Event(held.incident.stream, ATTESTATION_WITHDRAWN, {"name": name, "by": standing.by}, note))
    unit.publish("incidents", held.incident.stream)


async def on_incident_moved(unit: Unit, moved: IncidentMoved) -> None:
    """A reopened incident was not over: what was attested of its end counts no more."""
    if moved.transition is not REOPEN:
        return
    names = await store.withdraw(unit.conn, moved.after.id, None, unit.principal.name, unit.now)
    reason = "The incident was reopened."
    await record_all(unit, [Event(moved.after.stream, ATTESTATION_WITHDRAWN, {"name": name}, reason) for name in names])


def _check(held: Held, name: str) -> Check:
    found = find_check(held.version.plan, name)
    if found:
        return found
    known = [check.name for check in held.version.plan.closure if check.check == "attest" and check.name]
    if not known:
        raise Missing(
            "The plan's checklist has nothing to attest.", f"{held.incident.ref} follows {held.version.label}."
        )
    fault = Fault("name", f"The plan's checklist has no item `{name:.64}` to attest.", did_you_mean(name, known))
    raise Invalid("There is no such item.", faults=[fault])


def _authorise(held: Held, check: Check) -> None:
    verdict = may_attest(held.version.plan, check, held.actor)
    if not verdict.allowed:
        title = f"You may not attest {check.name}: {held.incident.ref}."
        raise refused(title, held, verdict.level, map(sentence, verdict.reasons), Permission.INCIDENT_CHECK)
