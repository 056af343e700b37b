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

from muster.base.access import Permission
from muster.incidents.authority import who_may
from muster.incidents.facts import MOST_NAMED, Facts
from muster.incidents.incident import State
from muster.plan.facts import AlertFacts
from muster.plan.hours import hours_at
from muster.plan.model.closure import USUAL_CLOSURE, Check
from muster.plan.model.plan import Plan
from muster.plan.permit import may, may_attest
from muster.plan.refusal import sentence
from muster.plan.words import listed, spaced
from muster.response.action import CLOSE
from muster.response.facts import ClosureFacts

UNKNOWN = "It is not known whether this is met."


class CheckState(StrEnum):
    """An item is met or open; or it is not asked of this incident; or a later version of Muster will check it."""

    MET = "met"
    OPEN = "open"
    NOT_ASKED = "not_asked"
    NOT_ENFORCED = "not_enforced"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One item. `reason` says why it is open, or why it is not asked; `who` who may meet it; `mine` whether the asker may.

    `by` and `at` tell who met it, where a person did. `place` is where it stands in the plan.
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
    kind, name = check.check, check.name or ""

    def result(state: CheckState, reason: str = "", who: str = "", *, mine: bool = False, by: str = "",
               at: datetime | None = None) -> CheckResult:  # fmt: skip
        return CheckResult(check.key, kind, name, title_of(check), state, reason, place, who, mine, by, at)

    if not check.enforced:
        return result(CheckState.NOT_ENFORCED, "This version of Muster does not check it yet.")
    if why := _not_asked(plan, facts, check, now):
        return result(CheckState.NOT_ASKED, why)
    if kind == "attest":
        verdict = may_attest(plan, check, facts.actor)
        denied = facts.denied.get(Permission.INCIDENT_CHECK, "")
        who = who_may(plan, verdict.level, facts.roles)
        known = facts.of(ClosureFacts)
        if known and (standing := known.attested.get(name)):
            return result(CheckState.MET, standing.note, who, mine=verdict.allowed, by=standing.by, at=standing.at)
        reason = f"Nobody has attested {spaced(name)}. {check.about}".strip() if known else UNKNOWN
        return result(CheckState.OPEN, reason, who, mine=verdict.allowed and not denied)
    lacking, by = _lacking(facts, check)
    mine = Permission.INCIDENT_EDIT not in facts.denied
    if lacking:
        return result(CheckState.OPEN, lacking, "Any responder.", mine=mine)
    return result(CheckState.MET, by=by)


def _lacking(facts: Facts, check: Check) -> tuple[str, str]:
    incident = facts.incident
    if check.check == "no_firing_alerts":
        if not facts.firing:
            return "", ""
        shown = listed(facts.firing[:MOST_NAMED])
        many = len(facts.firing) + facts.firing_besides
        more = f" and {many - MOST_NAMED:,} more" if many > MOST_NAMED else ""
        return f"{many:,} of its alerts still {'fires' if many == 1 else 'fire'}: {shown}{more}.", ""
    if check.check == "record_complete":
        empty = [name for name in check.fields if not _recorded(facts, name)]
        return (f"The record lacks {listed(empty)}." if empty else ""), ""
    if check.check == "note":
        known = facts.of(ClosureFacts)
        if known is None:
            return UNKNOWN, ""
        writer = known.notes.get(check.name or "", "")
        return ("" if writer else f"There is no note named {check.name}. {check.about}".strip()), writer
    # Mitigations are not tracked one by one yet: what stands for them is the declared state.
    return ("It is not mitigated yet." if incident.state in (State.TRIGGERED, State.ACKNOWLEDGED) else ""), ""


def _recorded(facts: Facts, name: str) -> bool:
    incident = facts.incident
    text = incident.summary if name == "summary" else incident.record.get(name, "")
    return bool(str(text).strip())


def _not_asked(plan: Plan, facts: Facts, check: Check, now: datetime) -> str:
    incident = facts.incident
    if check.severities and incident.severity not in check.severities:
        return f"It is asked at {listed(check.severities, 'or')}, not at {incident.severity}."
    if incident.false_alarm and check.check != "note":
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


_TITLES = {
    "no_firing_alerts": "No alert fires any more",
    "mitigations_complete": "Mitigations are complete",
    "metric": "A measure is back to normal",
    "users_recovered": "Affected users have recovered",
    "closing_notice_sent": "The closing notice is sent",
    "investigation_report": "The investigation report is written",
}


def title_of(check: Check) -> str:
    """An item in people's words."""
    if check.check == "attest":
        return f"Attest: {spaced(check.name or '')}"
    if check.check == "note":
        return f"Note: {spaced(check.name or '')}"
    if check.check == "record_complete":
        return f"Record: {listed(check.fields)}"
    return _TITLES[check.check]
