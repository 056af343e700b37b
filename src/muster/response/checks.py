"""The kinds of items of the closure checklist that people declare: attestations and notes."""

from datetime import datetime

from muster.base.access import Permission
from muster.incidents.authority import who_may
from muster.incidents.closure_check import RESPONDER, ClosureCheck, Judgement, may_edit
from muster.incidents.decision import Fulfilment
from muster.incidents.facts import Facts
from muster.plan.model.closure import Check
from muster.plan.model.plan import Plan
from muster.plan.permit import may_attest
from muster.plan.words import article, spaced
from muster.response.facts import ClosureFacts


def _attest(plan: Plan, check: Check, fields: object, facts: Facts, now: datetime) -> Judgement | None:
    closure, name = facts.of(ClosureFacts), check.name or ""
    if closure is None:
        return None
    verdict = may_attest(plan, check, facts.actor)
    who = who_may(plan, verdict.level, facts.roles)
    if attestation := closure.attested.get(name):
        return Judgement(
            met=True,
            reason=attestation.note,
            who=who,
            mine=verdict.allowed,
            by=attestation.by,
            at=attestation.at,
        )
    return Judgement(
        met=False,
        reason=f"Nobody has attested {spaced(name)}. {check.about}".strip(),
        who=who,
        mine=verdict.allowed and not facts.denied.get(Permission.INCIDENT_CHECK),
        action=Fulfilment(f"checks/{name}", "Attest"),
        help=f"`muster incident check {facts.incident.ref} {name}`, by: {who}",
    )


def _note(plan: Plan, check: Check, fields: object, facts: Facts, now: datetime) -> Judgement | None:
    closure, name = facts.of(ClosureFacts), check.name or ""
    if closure is None:
        return None
    if writer := closure.notes.get(name):
        return Judgement(met=True, by=writer)
    return Judgement(
        met=False,
        reason=f"There is no note named {name}. {check.about}".strip(),
        who=RESPONDER,
        mine=may_edit(facts),
        action=Fulfilment("notes", "Write the note", {"name": name}),
        help=f"`muster incident note {facts.incident.ref} … --name {name}`.",
    )


CHECKS = (
    ClosureCheck(
        name="attest",
        words=lambda check, fields: (
            f"{article(spaced(check.by or '')).capitalize()} attests: {spaced(check.name or '')}."
        ),
        title=lambda check: f"Attest: {spaced(check.name or '')}",
        judge=_attest,
    ),
    ClosureCheck(
        name="note",
        words=lambda check, fields: f"A note says: {spaced(check.name or '')}.",
        title=lambda check: f"Note: {spaced(check.name or '')}",
        judge=_note,
        of_false_alarms=True,
    ),
)
