"""Why somebody was paged, and why somebody was not: told from recorded reasons and frozen steps, never decided anew. Pure.

The chain of an answer is that of the decision: alert, category, severity, route, policy, step, person, message, outcome.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.incidents.timeline import body_of
from muster.kit.localtime import to_local
from muster.ledger.entry import Entry
from muster.paging.delivery import Delivery
from muster.paging.history import PageHistory
from muster.paging.page import PageState
from muster.people.contact import masked
from muster.plan.matching import HasCondition
from muster.plan.model.plan import Plan
from muster.plan.reason import SECTIONS, About
from muster.plan.words import listed, rule_words

_RULE_AT = re.compile(r"(category_rules|severity_rules|routes)\.(\d+)")
_NAMES = {"category_rules": "category rule", "severity_rules": "severity rule", "routes": "route"}


@dataclass(frozen=True, slots=True)
class ExplanationLink:
    """One link of the chain: what it is about (`alert`, `severity`, `route`, `policy`, `step`, `person`, `message`,
    `outcome` …), the sentence, where in the plan it stands, and the people whom it speaks of."""

    about: str
    sentence: str
    at: str = ""
    when: datetime | None = None
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer in a sentence, then the chain that led there."""

    answer: str
    chain: tuple[ExplanationLink, ...]


def decided(plan: Plan, opened: Entry | None) -> list[ExplanationLink]:
    """How category, severity and route came about: what matched, what was looked at before it and did not."""
    if opened is None:
        return []
    found: list[ExplanationLink] = []
    data = body_of(opened)
    titles = [str(each.get("title", "")) for each in data.get("alerts") or () if isinstance(each, dict)]
    if titles:
        found.append(ExplanationLink("alert", f"It was opened by {listed(titles[:5])}.", when=opened.at))
    elif data.get("reporter"):
        found.append(ExplanationLink("alert", f"It was reported by {data['reporter']}.", when=opened.at))
    undecided = [reason for reason in data.get("reasons") or () if reason.get("because") == "undecided"]
    reasons = [reason for reason in data.get("reasons") or () if isinstance(reason, dict)]
    for reason, about in zip(reasons, subjects_of(reasons), strict=True):
        at, sentence = str(reason.get("at", "")), str(reason.get("sentence", ""))
        if (rule := _RULE_AT.fullmatch(at)) and reason.get("because") == "rule":
            found += _before(plan, rule[1], int(rule[2]), {str(each.get("at")) for each in undecided}, about)
        found.append(ExplanationLink(about, sentence, at))
    return found


def explain_incident(
    ref: str, found: Sequence[ExplanationLink], runs: Sequence[PageHistory], zone: str, person: str = "", over: str = ""
) -> Explanation:
    """Why these people were paged, or with a `person` why they were, or were not. `over` says how the incident ended."""
    chain = [*found, *(each for run in runs for each in _told(run, zone))]
    if person:
        return Explanation(_why(ref, runs, person, zone), tuple(each for each in chain if _touches(each, person)))
    woken = list(dict.fromkeys(sent.person for run in runs for sent in run.deliveries))
    if woken:
        return Explanation(f"{listed(woken)} {'was' if len(woken) == 1 else 'were'} paged for {ref}.", tuple(chain))
    if not runs:
        return Explanation(f"Nobody was paged for {ref}: no policy was run. {over}".strip(), tuple(chain))
    return Explanation(f"Nobody was paged for {ref}: no step reached anybody.", tuple(chain))


def explain_alert(
    title: str, hold: str, hold_reason: str, joined: Sequence[str], transitions: Iterable[ExplanationLink], noted: str
) -> Explanation:
    """Why an alert opened no incident, or which one it belongs to; `joined` are sentences, `noted` what the ledger says of it
    where nobody could be paged."""
    chain = tuple(transitions)
    if hold:
        held = {"silence": "it is silenced", "maintenance": "it is in a maintenance window", "test": "it is a test",
                "flapping": "it begins and ends too often to wake anybody"}.get(hold, f"it is held ({hold})")  # fmt: skip
        return Explanation(f"Nobody was paged for {title}: {held}. {hold_reason}".strip(), chain)
    if joined:
        return Explanation(" ".join(joined), chain)
    if noted:
        return Explanation(f"Nobody was paged for {title}: {noted}", chain)
    return Explanation(f"{title} opened no incident: it has never begun to fire freely.", chain)


def _before(plan: Plan, section: str, number: int, undecided: set[str], about: str) -> list[ExplanationLink]:
    every: dict[str, Sequence[HasCondition]] = {
        "routes": plan.routes,
        "severity_rules": plan.severity_rules,
        "category_rules": plan.category_rules,
    }
    name = _NAMES[section].capitalize()
    return [
        ExplanationLink(about, f"{name} {at + 1} did not match: {rule_words(rule.condition)}.", f"{section}.{at}")
        for at, rule in enumerate(every[section][:number])
        if f"{section}.{at}" not in undecided
    ]


def subjects_of(reasons: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which decision each recorded reason belongs to. Entries of 0.1 do not say so: there the place in the plan does, and a
    reason without one is of the category until that is decided, and of the severity afterwards."""
    found, category_decided = [], False
    for reason in reasons:
        section = str(reason.get("at", "")).partition(".")[0]
        about = reason.get("about") or SECTIONS.get(section) or (About.SEVERITY if category_decided else About.CATEGORY)
        found.append(str(about))
        category_decided = category_decided or about != About.CATEGORY or reason.get("because") != "undecided"
    return found


def _told(run: PageHistory, zone: str) -> list[ExplanationLink]:
    page = run.page
    many = f"{len(page.steps)} steps were frozen" if len(page.steps) != 1 else "One step was frozen"
    found = [
        ExplanationLink("policy", f"{page.why} {many} when paging began.", f"escalation.{page.policy}", page.started_at)
    ]
    for step in run.steps:
        at = _clock(step.at, zone)
        if step.skipped:
            found.append(
                ExplanationLink("step", f"Step {step.number} was skipped at {at}. {step.skipped}", "", step.at)
            )
            continue
        found.append(ExplanationLink("step", f"Step {step.number} was taken at {at}. {step.why}", "", step.at))
        for target in step.targets:
            people = listed(target.people) or "nobody"
            words = " ".join([f"{target.target} meant {people}.", target.reason, *target.sentences])
            if target.waiting:
                words += f" {listed(target.waiting)} {'was' if len(target.waiting) == 1 else 'were'} not in turn."
            absent = tuple(each.person for each in target.unreached)
            named = (*target.people, *absent, *target.waiting, *target.shadows)
            found.append(ExplanationLink("person", words, "", step.at, named))
        found += [_message(each, zone) for each in run.deliveries if each.step == step.number]
    return [*found, _outcome(run, zone)]


def _message(each: Delivery, zone: str) -> ExplanationLink:
    at = each.sent_at or each.send_at or each.ended_at or each.created_at
    state = str(each.state).replace("_", " ")
    instead = " in place of a contact that failed" if each.failover_of else ""
    to = masked(each.channel, each.address)
    sentence = f"{each.person} by {each.channel} ({to}){instead}, {_clock(at, zone)}: {state}. {each.reason}"
    return ExplanationLink("message", sentence.strip(), when=at, people=(each.person,))


def _outcome(run: PageHistory, zone: str) -> ExplanationLink:
    page = run.page
    if page.state is PageState.RUNNING:
        due = f"the next step is due at {_clock(page.next_at, zone)}" if page.next_at else "it goes on"
        return ExplanationLink("outcome", f"Nobody has answered yet; {due}.")
    how = "stopped" if page.state is PageState.STOPPED else "ended without an answer"
    return ExplanationLink("outcome", f"Paging by {page.policy} {how}. {page.ended_reason}", when=page.ended_at)


def _why(ref: str, runs: Sequence[PageHistory], person: str, zone: str) -> str:
    for run in runs:
        for each in run.deliveries:
            if each.person == person:
                at = _clock(each.created_at, zone)
                return f"{person} was paged for {ref} at {at} by step {each.step} of {run.page.policy}. {each.why}"
    for run in runs:
        for step in run.steps:
            for target in step.targets:
                for absent in target.unreached:
                    if absent.person == person:
                        return (
                            f"{person} was meant by step {step.number} of {run.page.policy}, but: {absent.sentence()}"
                        )
                if person in target.waiting:
                    return f"{person} was not in turn at step {step.number} of {run.page.policy}. {target.reason}"
                if person in target.shadows:
                    return f"{person} is in the shadow of {listed(target.people)}: told, but not paged."
    for run in runs:
        for number, frozen in enumerate(run.page.steps, 1):
            if any(each.kind == "person" and each.name == person for each in frozen.targets):
                skipped = next((step.skipped for step in run.steps if step.number == number and step.skipped), "")
                if skipped:
                    return f"Step {number} of {run.page.policy} names {person}, and was skipped. {skipped}"
                if number > run.page.step:
                    ended = run.page.ended_reason or "It has not come to that yet."
                    return f"Step {number} of {run.page.policy} would have paged {person}. {ended}"
    if not runs:
        return f"{person} was not paged for {ref}: nobody was, no policy was run."
    named = dict.fromkeys(str(target) for run in runs for step in run.page.steps for target in step.targets)
    return f"{person} was not paged for {ref}: what its steps name ({listed(named)}) did not mean {person} at the time."


def _touches(link: ExplanationLink, person: str) -> bool:
    return link.about not in ("person", "message") or person in link.people


def _clock(at: datetime, zone: str) -> str:
    local = to_local(at, zone)
    return f"{local:%Y-%m-%d %H:%M:%S} {zone}"
