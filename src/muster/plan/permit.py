"""Who may do what in an incident by the plan's authority; what cannot be decided is refused (R84, R192)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from muster.plan.model.authority import Verb, VerbRule
from muster.plan.model.closure import Check
from muster.plan.model.plan import Plan
from muster.plan.words import DEEDS, article, spaced

_RANKS = ("viewer", "responder", "manager", "administrator")
_DONE = {
    "reporter": "reported it",
    "acknowledger": "acknowledged it",
    "mitigator": "mitigated it",
    "resolver": "resolved it",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wants to act. `permission` is the level of sign-in; `roles` those held in this incident; names, not ids."""

    person: str
    permission: str
    roles: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the deed is allowed; `level` is what it needs, `reasons` why not, each a sentence."""

    allowed: bool
    level: str
    reasons: tuple[str, ...] = ()


def may(plan: Plan, verb: Verb, actor: Actor, severity: str, did: Mapping[str, str | None]) -> Verdict:
    """Whether `actor` may do `verb` in an incident of this severity.

    `did` tells who did what before (`resolver`: a person's name, or None when no person did). A doer that the plan asks
    about and `did` does not have is refused.
    """
    rule = plan.authority.rule(verb)
    applies = rule is not None and (not rule.severities or severity in rule.severities)
    level = _needed(plan, verb, rule, severity, applies)
    reasons = []
    if not holds(plan, actor, (level,)):
        reasons.append(
            f"To {DEEDS[verb]} at severity {severity} needs {article(spaced(level))}; {actor.person} is not."
        )
    for doer in rule.not_same_person_as if rule is not None and applies else ():
        if doer not in did:
            reasons.append(f"It is not known who {_DONE[doer]}, and that person may not {DEEDS[verb]}.")
        elif did[doer] == actor.person:
            reasons.append(f"{actor.person} {_DONE[doer]}: somebody else must {DEEDS[verb]}.")
    return Verdict(not reasons, level, tuple(reasons))


def may_attest(plan: Plan, check: Check, actor: Actor) -> Verdict:
    """Whether `actor` may declare an item of the closure checklist."""
    by = check.by or plan.authority.usual("close")
    if holds(plan, actor, (by,)) or by in actor.roles:
        return Verdict(True, by)
    return Verdict(False, by, (f"To attest {check.name} needs {article(spaced(by))}; {actor.person} is not.",))


def holds(plan: Plan, actor: Actor, wanted: Iterable[str]) -> bool:
    """Whether the actor holds one of the levels, or one above it. An unknown level is held by nobody."""
    levels = plan.authority.levels
    least = min((levels.index(level) for level in wanted if level in levels), default=None)
    return least is not None and any(_held(plan, actor, level) for level in levels[least:])


def _needed(plan: Plan, verb: Verb, rule: VerbRule | None, severity: str, applies: bool) -> str:
    usual = plan.authority.usual(verb)
    if rule is None:
        return usual
    if not applies:
        return rule.otherwise or usual
    return rule.by_severity.get(severity) or rule.only or rule.otherwise or usual


def _held(plan: Plan, actor: Actor, level: str) -> bool:
    mine = {
        "permission": set(_RANKS[: _RANKS.index(actor.permission) + 1]) if actor.permission in _RANKS else set(),
        "person": {actor.person},
        "role": actor.roles,
        "team": actor.teams,
    }
    holders = (holder.partition(":") for holder in plan.authority.holders_of(level))
    return any(name in mine.get(kind, ()) for kind, _, name in holders)
