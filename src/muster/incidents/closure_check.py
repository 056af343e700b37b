"""The port by which features judge items of the closure checklist, and the kinds that incidents judge themselves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.base.access import Permission
from muster.incidents.decision import Fulfilment
from muster.incidents.facts import MOST_NAMED, Facts
from muster.incidents.incident import State
from muster.plan.check_kind import CheckKind
from muster.plan.model.closure import Check
from muster.plan.model.plan import Plan
from muster.plan.words import listed

RESPONDER = "Any responder."


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether an item is met; `reason` says why it is open, or what was said to it. `who` may meet it, `mine` whether the
    asker may, and how: by `action`, or as `help` says. `by` and `at` tell who met it, where a person did."""

    met: bool
    reason: str = ""
    who: str = ""
    mine: bool = False
    by: str = ""
    at: datetime | None = None
    action: Fulfilment | None = None
    help: str = ""


MET = Judgement(met=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureCheck(CheckKind):
    """A kind of item with its judge; a port (`base/ports.py`), provided for `CheckKind` as well.

    `title` says in people's words what must be true. `judge` takes the plan, the item, its fields, the facts and the instant;
    None: it is not known, and then the item is open. Only kinds `of_false_alarms` are asked of a false alarm.
    """

    title: Callable[[Check], str]
    judge: Callable[[Plan, Check, Any, Facts, datetime], Judgement | None]
    of_false_alarms: bool = False


def may_edit(facts: Facts) -> bool:
    """Whether the asker may change what is known of the incident."""
    return Permission.INCIDENT_EDIT not in facts.denied


def _no_firing_alerts(plan: Plan, check: Check, fields: object, facts: Facts, now: datetime) -> Judgement:
    if not facts.firing:
        return MET
    shown = listed(facts.firing[:MOST_NAMED])
    many = len(facts.firing) + facts.firing_besides
    more = f" and {many - MOST_NAMED:,} more" if many > MOST_NAMED else ""
    reason = f"{many:,} of its alerts still {'fires' if many == 1 else 'fire'}: {shown}{more}."
    return Judgement(
        met=False,
        reason=reason,
        who=RESPONDER,
        mine=may_edit(facts),
        help="Wait until they end, or resolve them where they come from.",
    )


def _record_complete(plan: Plan, check: Check, fields: object, facts: Facts, now: datetime) -> Judgement:
    record = {**facts.incident.record, "summary": facts.incident.summary}
    empty = [name for name in check.fields if not str(record.get(name, "")).strip()]
    if not empty:
        return MET
    return Judgement(
        met=False,
        reason=f"The record lacks {listed(empty)}.",
        who=RESPONDER,
        mine=may_edit(facts),
        action=Fulfilment("edit", "Complete the record"),
        help=f"`muster incident edit {facts.incident.ref}`.",
    )


def _mitigations_complete(plan: Plan, check: Check, fields: object, facts: Facts, now: datetime) -> Judgement:
    # Mitigations are not tracked one by one yet: what stands for them is the declared state.
    if facts.incident.state not in (State.TRIGGERED, State.ACKNOWLEDGED):
        return MET
    return Judgement(met=False, reason="It is not mitigated yet.", who=RESPONDER, mine=may_edit(facts))


CHECKS = (
    ClosureCheck(
        name="no_firing_alerts",
        words=lambda check, fields: "No alert of the incident is firing.",
        title=lambda check: "No alert fires any more",
        judge=_no_firing_alerts,
    ),
    ClosureCheck(
        name="record_complete",
        words=lambda check, fields: f"The record says its {listed(check.fields)}.",
        title=lambda check: f"Record: {listed(check.fields)}",
        judge=_record_complete,
    ),
    ClosureCheck(
        name="mitigations_complete",
        words=lambda check, fields: "No mitigation is left open.",
        title=lambda check: "Mitigations are complete",
        judge=_mitigations_complete,
    ),
)
