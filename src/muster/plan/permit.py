"""Who may do what in an incident by the plan's authority; what cannot be decided is refused (R84, R192)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from muster.plan.action import Action
from muster.plan.model.authority import ActionRule, RuleField, Scope
from muster.plan.model.closure import Check
from muster.plan.model.plan import Plan
from muster.plan.refusal import Lacking, LevelNeeded, SamePerson, UnknownDoer

_RANKS = ("viewer", "responder", "manager", "administrator")
_RULE: TypeAdapter[ActionRule] = TypeAdapter(RuleField)
_UNREADABLE = ActionRule(only="nobody-until-the-plan-can-be-read")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wants to act. `permission` is the level of sign-in; `roles` those held in this incident; names, not ids."""

    person: str
    permission: str
    roles: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Extent:
    """How many are affected; None where nobody knows."""

    users: int | None = None
    regions: int | None = None
    workloads: int | None = None
    components: int | None = None


UNKNOWN = Extent()


@dataclass(frozen=True, slots=True)
class Question:
    """What a rule may look at. `did` tells who did what before (`resolver`: a name, or None when no person did).

    What is not known counts as the gravest: then the rule and what holds elsewhere must both be satisfied. A doer that the
    plan asks about and `did` does not have is refused.
    """

    severity: str
    did: Mapping[str, str | None] = field(default_factory=dict)
    criticality: str | None = None
    extent: Extent = UNKNOWN


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the action is allowed; `level` is what it needs, `reasons` why not."""

    allowed: bool
    level: str
    reasons: tuple[Lacking, ...] = ()


def may(plan: Plan, action: Action, actor: Actor, question: Question) -> Verdict:
    """Whether `actor` may do it in an incident of which `question` tells what is known."""
    rule = rule_of(plan, action.name)
    demands = list(_demands(plan, action, rule, question))
    level = max((level for level, _ in demands), key=lambda level: _height(plan, level))
    reasons: list[Lacking] = []
    if not holds(plan, actor, (level,)):
        severity = question.severity if rule and (rule.by_severity or rule.severities) else ""
        reasons.append(LevelNeeded(action.words, level, actor.person, level_of(plan, actor), severity))
    for doer in dict.fromkeys(doer for _, doers in demands for doer in doers):
        if doer not in question.did:
            reasons.append(UnknownDoer(action.words, doer))
        elif question.did[doer] == actor.person:
            reasons.append(SamePerson(action.words, actor.person, doer))
    return Verdict(not reasons, level, tuple(reasons))


def may_attest(plan: Plan, check: Check, actor: Actor) -> Verdict:
    """Whether `actor` may declare an item of the closure checklist."""
    by = check.by or plan.authority.usual(careful=True)
    if holds(plan, actor, (by,)) or by in actor.roles:
        return Verdict(True, by)
    return Verdict(False, by, (LevelNeeded(f"attest {check.name}", by, actor.person, level_of(plan, actor)),))


def rule_of(plan: Plan, action: str) -> ActionRule | None:
    """What the plan says about an action, also where it was written before Muster knew the action: if such a rule cannot be
    read, nobody may."""
    if rule := plan.authority.rule(action):
        return rule
    kept = plan.kept.get("authority", {}).get(action)
    if kept is None:
        return None
    try:
        rule = _RULE.validate_python(kept)
    except ValidationError:
        return _UNREADABLE
    return rule if rule.by_severity.keys() <= plan.severities.keys() else _UNREADABLE


def holds(plan: Plan, actor: Actor, wanted: Iterable[str]) -> bool:
    """Whether the actor holds one of the levels, or one above it. An unknown level is held by nobody."""
    levels = plan.authority.levels
    least = min((levels.index(level) for level in wanted if level in levels), default=None)
    return least is not None and any(_held(plan, actor, level) for level in levels[least:])


def level_of(plan: Plan, actor: Actor) -> str:
    """The highest level that the actor holds; empty for none."""
    return next((level for level in reversed(plan.authority.levels) if _held(plan, actor, level)), "")


def _demands(
    plan: Plan, action: Action, rule: ActionRule | None, question: Question
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The level that is needed and who may not be the same; two where it is not known whether the rule holds."""
    usual = plan.authority.usual(careful=action.careful)
    if rule is None:
        yield usual, ()
        return
    applies = _applies(rule, question)
    if applies is not False:
        yield (
            rule.by_severity.get(question.severity) or rule.only or rule.otherwise or usual,
            rule.not_same_person_as,
        )
    if applies is not True:
        yield rule.otherwise or usual, ()


def _applies(rule: ActionRule, question: Question) -> bool | None:
    """Whether the rule's conditions hold; None: not known."""
    conditions = [
        not rule.severities or question.severity in rule.severities,
        not rule.criticality or (None if question.criticality is None else question.criticality in rule.criticality),
        _reached(rule.scope, question.extent),
    ]
    return False if False in conditions else None if None in conditions else True


def _reached(scope: Scope | None, extent: Extent) -> bool | None:
    if scope is None:
        return True
    numbers = [
        None if (known := getattr(extent, name)) is None else known >= threshold
        for name, threshold in scope.model_dump(exclude_none=True).items()
    ]
    return True if True in numbers else None if None in numbers else False


def _height(plan: Plan, level: str) -> int:
    levels = plan.authority.levels
    return levels.index(level) if level in levels else len(levels)


def _held(plan: Plan, actor: Actor, level: str) -> bool:
    mine = {
        "permission": set(_RANKS[: _RANKS.index(actor.permission) + 1]) if actor.permission in _RANKS else set(),
        "person": {actor.person},
        "role": actor.roles,
        "team": actor.teams,
    }
    holders = (holder.partition(":") for holder in plan.authority.holders_of(level))
    return any(name in mine.get(kind, ()) for kind, _, name in holders)
