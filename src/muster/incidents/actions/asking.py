"""What hand-overs, added responders and calls for help have in common: a page of its own, by which people ask people."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from muster.base.unit import Unit
from muster.incidents.actions.guard import Held
from muster.incidents.actions.paging_of import spec_of
from muster.kit.errors import Broken, Conflict, Fault, Invalid
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.start import start
from muster.paging.page import Page, Purpose
from muster.paging.targets import resolve
from muster.plan.model.fields import Target, read_target
from muster.plan.steps import BY_HAND, FrozenStep, frozen_steps

MOST_TARGETS = 20
ROUNDS, EVERY = 3, timedelta(minutes=5)
"""How often, and how far apart, people who were asked are paged until they answer."""

POLICIES = {Purpose.HAND_OVER: "hand-over", Purpose.RESPONDERS: "responders", Purpose.HELP: "help"}
"""What such a page stands under in place of a policy of the plan."""


def still_open(held: Held) -> None:
    """Refuse where nobody needs to be asked any more.

    Raises:
        Conflict: the incident is over.
    """
    if not held.incident.open:
        raise Conflict(f"{held.incident.ref} is over: it is {held.incident.state}.", "Reopen it first.")


def read_targets(given: Sequence[str]) -> list[Target]:
    """Whom to ask, each once, written as in the plan (`person:ana`, `team:web`); a bare name is a person.

    Raises:
        Invalid: nobody, too many, or something that cannot be notified; with every fault.
    """
    faults, found = [], []
    for number, text in enumerate(given):
        try:
            found.append(read_target(text if ":" in text else f"person:{text}"))
        except Broken as broken:
            faults.append(Fault(f"targets.{number}", broken.rule, broken.fix))
    if not given:
        faults.append(Fault("targets", "Nobody is named.", "Name somebody, such as person:ana or team:web."))
    if len(given) > MOST_TARGETS:
        faults.append(Fault("targets", f"At most {MOST_TARGETS} can be asked at once.", "Ask a team."))
    if faults:
        raise Invalid("They cannot be asked.", faults=faults)
    return list(dict.fromkeys(found))


async def reachable(unit: Unit, held: Held, targets: Sequence[Target], field: str = "targets") -> None:
    """Refuse whom no page would reach, before anything is written.

    Raises:
        Invalid: with the reason for each.
    """
    plan = held.version.plan
    faults = [
        Fault(field, f"The plan has no policy {target.name}.", f"Policies: {', '.join(plan.escalation)}.")
        for target in targets
        if target.kind == "policy" and target.name not in plan.escalation
    ]
    people = [target for target in targets if target.kind != "policy"]
    snapshot = await snapshots.load(unit, people, plan, held.roles.values())
    for target in people:
        meant = resolve([target], snapshot, held.roles)
        if not any(each.people or each.deferred for each in meant):
            why = " ".join(text for each in meant for text in (each.reason, *each.sentences))
            faults.append(Fault(field, f"Asking {target} reaches nobody. {why}", "Ask somebody else."))
    if faults:
        raise Invalid("They cannot be asked.", faults=faults)


def steps_for(held: Held, target: Target) -> tuple[FrozenStep, ...]:
    """The steps by which a target is asked: again and again for a while, or as a policy of the plan says."""
    if target.kind == "policy":
        return frozen_steps(held.version.plan, target.name)
    return (FrozenStep((target,), EVERY, BY_HAND),) * ROUNDS


async def ask(
    unit: Unit, held: Held, purpose: Purpose, runs: Sequence[tuple[FrozenStep, ...]], why: str, note: str
) -> list[Page]:
    """Start a page for each run of steps; `note` are the asker's words, which stand first in the message."""
    spec = spec_of(held.version, held.incident, None, POLICIES[purpose])
    said = f"{unit.principal.name}: {note}" if note else ""
    summary = "\n\n".join(filter(None, (said, held.incident.summary)))
    specs = [
        replace(
            spec,
            steps=steps,
            summary=summary,
            why=why,
            roles=dict(held.roles),
            purpose=purpose,
            asked_by=unit.principal.name,
        )
        for steps in runs
    ]
    return await start(unit, specs)
