"""The closure gate: every item of the plan's checklist and the authority to close, each refusal with its reason (R188-R192).

Two kinds of incident are not asked the whole checklist:

- A false alarm: there was no disruption, so nothing was mitigated, nobody had to recover, and its alerts may fire on, being
  false. Only the notes that the plan asks for remain, and the authority to close. Declaring it takes the plan's authority
  over false alarms and a reason, and both stay in the ledger.
- A merged incident is closed by the merge; what the plan asks is asked of the one that goes on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pydantic import ValidationError

from muster.incidents.closure_check import ClosureCheck
from muster.incidents.decision import Fulfilment
from muster.incidents.facts import Facts
from muster.plan.facts import AlertFacts
from muster.plan.hours import hours_at
from muster.plan.model.closure import LATER_CHECKS, USUAL_CLOSURE, Check
from muster.plan.model.plan import Plan
from muster.plan.permit import may
from muster.plan.refusal import sentence
from muster.plan.words import listed, spaced
from muster.response.action import CLOSE
from muster.response.facts import ClosureFacts

UNKNOWN = "It is not known whether this is met."
UNREADABLE = (
    "The plan asks for this in words that cannot be read. Publish the plan again: what is wrong is listed then."
)


class CheckState(StrEnum):
    """An item is met or open; or it is not asked of this incident; or a later version of Muster will check it."""

    MET = "met"
    OPEN = "open"
    NOT_ASKED = "not_asked"
    NOT_ENFORCED = "not_enforced"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One item. `reason` says why it is open, or why it is not asked; `who` who may meet it; `mine` whether the asker may.

    `by` and `at` tell who met it, where a person did; `action` and `help` how it is met. `place` is where it stands in the plan.
    """

    key: str
    kind: str
    name: str
    title: str
    state: CheckState
    reason: str
    place: str
    who: str = ""
    mine: bool = False
    by: str = ""
    at: datetime | None = None
    action: Fulfilment | None = None
    help: str = ""

    @property
    def blocks(self) -> bool:
        """It keeps the incident from being closed."""
        return self.state is CheckState.OPEN


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the incident may be closed now by the asker: `state`, `authority` and open `checks` say why not."""

    checks: tuple[CheckResult, ...]
    state: str
    authority: tuple[str, ...]
    level: str

    @property
    def open(self) -> bool:
        """Nothing is in the way."""
        return not self.reasons

    @property
    def reasons(self) -> tuple[str, ...]:
        """Everything in the way, each a sentence."""
        state = (self.state,) if self.state else ()
        return (*state, *(check.reason for check in self.checks if check.blocks), *self.authority)


def gate(plan: Plan, facts: Facts, now: datetime) -> Gate:
    """Decide whether the incident may be closed. Total and deterministic; what cannot be decided keeps it open."""
    incident = facts.incident
    verdict = may(plan, CLOSE, facts.actor, facts.question)
    denied = facts.denied.get(CLOSE.permission, "")
    checks = [_item(plan, facts, index, check, now) for index, check in enumerate(plan.closure)]
    authority = (*((denied,) if denied else ()), *map(sentence, verdict.reasons))
    return Gate(tuple(_distinct(checks)), CLOSE.hindrance(incident), authority, verdict.level)


def find_check(plan: Plan, name: str) -> Check | None:
    """The item of the checklist that is attested under that name."""
    return next((check for check in plan.closure if check.check == "attest" and check.name == name), None)


def _distinct(checks: Sequence[CheckResult]) -> Iterator[CheckResult]:
    seen: set[str] = set()
    for check in checks:
        # A plan may ask for two records of different fields: their keys still have to differ.
        yield replace(check, key=check.place) if check.key in seen else check
        seen.add(check.key)


def _item(plan: Plan, facts: Facts, index: int, check: Check, now: datetime) -> CheckResult:
    place = f"closure.{index}" if plan.closure is not USUAL_CLOSURE else ""
    closure = facts.of(ClosureFacts)
    kind = closure.kinds.get(check.check) if closure else None
    title = kind.title(check) if kind else LATER_CHECKS.get(check.check, spaced(check.check).capitalize())
    result = CheckResult(check.key, check.check, check.name or "", title, CheckState.OPEN, UNKNOWN, place)
    if closure is None:
        return result
    if kind is None:
        return replace(result, state=CheckState.NOT_ENFORCED, reason="This version of Muster does not check it yet.")
    if why := _not_asked(plan, facts, check, kind, now):
        return replace(result, state=CheckState.NOT_ASKED, reason=why)
    try:
        judgement = kind.judge(plan, check, kind.read(check), facts, now)
    except ValidationError:
        return replace(result, reason=UNREADABLE)
    if judgement is None:
        return result
    return replace(
        result,
        state=CheckState.MET if judgement.met else CheckState.OPEN,
        reason=judgement.reason,
        who=judgement.who,
        mine=judgement.mine,
        by=judgement.by,
        at=judgement.at,
        action=judgement.action,
        help=judgement.help,
    )


def _not_asked(plan: Plan, facts: Facts, check: Check, kind: ClosureCheck, now: datetime) -> str:
    incident = facts.incident
    if check.severities and incident.severity not in check.severities:
        return f"It is asked at {listed(check.severities, 'or')}, not at {incident.severity}."
    if incident.false_alarm and not kind.of_false_alarms:
        return "It was a false alarm: there was no disruption."
    if check.when is not None:
        outcome = check.when.evaluate(_rule_facts(plan, facts, now).prepared(plan.time_zone))
        # A rule that cannot be decided asks: closing is never made easier by a mistake in the plan.
        if outcome.error is None and not outcome.matched:
            return f"It is asked only when {check.when.text.strip()}."
    return ""


def _rule_facts(plan: Plan, facts: Facts, now: datetime) -> AlertFacts:
    incident = facts.incident
    labels: Mapping[str, str] = facts.labels
    return AlertFacts(
        now=now,
        key=incident.group_key,
        name=labels.get("alertname", ""),
        status="firing" if facts.firing else "resolved",
        title=incident.title,
        description=incident.summary,
        source=incident.source,
        category=incident.category,
        severity=incident.severity,
        workload=incident.workload,
        component=incident.component,
        labels=labels,
        hours=hours_at(plan, now, facts.days_off),
    )
