"""The plan as people read it: sections of sentences and tables, which a page or a terminal lays out."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import timedelta

from pydantic import ValidationError

from muster.kit.duration import format_duration
from muster.kit.rules import Condition
from muster.plan.action import Action, decided_in_order
from muster.plan.check_kind import CheckKind
from muster.plan.model.authority import ActionRule
from muster.plan.model.closure import Check
from muster.plan.model.hours import Hours
from muster.plan.model.plan import Plan
from muster.plan.model.routing import CategoryRule, SeverityRule
from muster.plan.part import Part, Table
from muster.plan.permit import rule_of
from muster.plan.section import PlanSection, section_of
from muster.plan.steps import FINAL, frozen_steps
from muster.plan.words import article, duration_words, listed, rule_words, spaced, target_words


def prose(
    plan: Plan,
    sections: Iterable[PlanSection] = (),
    actions: Iterable[Action] = (),
    checks: Iterable[CheckKind] = (),
) -> tuple[Part, ...]:
    """The whole plan, in the order in which an incident meets it, then the sections that features bring; who may do what is
    told of these `actions`, and these kinds of `checks` are enforced."""
    return (
        _about(plan),
        _severities(plan),
        _deciding(plan),
        _routes(plan),
        _escalation(plan),
        _roles(plan),
        _authority(plan, actions),
        _closure(plan, {kind.name: kind for kind in checks}),
        *_brought(plan, sections),
        *_kept(plan, {section.name for section in sections}),
    )


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Table:
    """A table without the columns in which nothing stands."""
    filled = tuple(rows)
    columns = [at for at in range(len(head)) if not filled or any(row[at] for row in filled)]
    return Table(title, tuple(head[at] for at in columns), tuple(tuple(row[at] for at in columns) for row in filled))


def _about(plan: Plan) -> Part:
    sentences = [plan.description] if plan.description else []
    if plan.owner:
        sentences.append(f"{target_words(plan, plan.owner).capitalize()} keeps this plan right.")
    if plan.review_every:
        sentences.append(f"It is reviewed every {duration_words(plan.review_every)}.")
    sentences.append(f"Times of day in its rules are those of {plan.time_zone}.")
    sentences += [_hours(name, hours) for name, hours in plan.hours.items()]
    return Part("name", plan.name, tuple(sentences), ())


def _hours(name: str, hours: Hours) -> str:
    off = f", without the days of the calendar {hours.holidays}" if hours.holidays else ""
    return f"Its {spaced(name)} hours are {listed(hours.days)} from {hours.start} to {hours.end}{off}."


def _severities(plan: Plan) -> Part:
    sentences = [
        f"{article(name).capitalize()} incident must be acknowledged within {duration_words(severity.acknowledge_within)}."
        for name, severity in plan.severities.items()
    ]
    rows = tuple(
        (
            name,
            duration_words(severity.acknowledge_within),
            f"within {duration_words(severity.rca_within)} of resolution" if severity.rca_within else "not asked for",
            severity.retrospective,
            severity.escalate or "",
            severity.description,
        )
        for name, severity in plan.severities.items()
    )
    head = ("Severity", "Acknowledge within", "RCA report", "Retrospective", "Also page", "Meaning")
    return Part("severities", "Severities", tuple(sentences), (_table("From the worst to the mildest", head, rows),))


def _deciding(plan: Plan) -> Part:
    tables = []
    deciding: tuple[tuple[str, tuple[CategoryRule | SeverityRule, ...]], ...] = (
        ("Category", plan.category_rules),
        ("Severity", plan.severity_rules),
    )
    for title, rules in deciding:
        sender = f"the sender's {title.lower()}"
        rows = tuple(
            (str(number + 1), _when(number, rule.condition).replace(f"the {title.lower()}", sender), rule.then)
            for number, rule in enumerate(rules)
        )
        if rows:
            tables.append(_table(title, ("", "When", title), rows))
    sentences = [
        f"An incident is {listed(map(spaced, plan.categories), 'or')}.",
        "Of the rules below, the first that matches wins.",
    ]
    if not plan.severity_rules or not plan.severity_rules[-1].condition.always:
        sentences.append(f"What no rule matches keeps its sender's severity, or is {plan.worst}.")
    return Part("severity_rules", "How category and severity are decided", tuple(sentences), tuple(tables))


def _when(number: int, rule: Condition) -> str:
    return "always" if rule.always and not number else rule_words(rule)


def _routes(plan: Plan) -> Part:
    rows = tuple(
        (str(number + 1), _when(number, route.condition), route.to, ", ".join(route.also))
        for number, route in enumerate(plan.routes)
    )
    by = listed(spaced(name) for name in plan.grouping.by)
    window = duration_words(plan.grouping.window)
    sentences = (
        "Every alert takes the first route that matches.",
        f"Alerts that agree in {by} join one incident while its last alert is at most {window} old.",
    )
    return Part("routes", "Where alerts go", sentences, (_table("Routes", ("", "When", "Page", "Also page"), rows),))


def _escalation(plan: Plan) -> Part:
    tables = tuple(
        _table(policy, ("After", "Notify", "When", "Then wait"), _policy_rows(plan, policy))
        for policy in plan.escalation
    )
    sentences = ["Each step is taken unless somebody has acknowledged by then."]
    if not plan.paging.final:
        sentences.append("After the last step, paging stops even if nobody has acknowledged.")
    for number, final in enumerate(plan.paging.final):
        whom = listed(target_words(plan, target) for target in final.notify) or "the last step's people"
        every = duration_words(final.every)
        are = "are" if len(final.notify) != 1 else "is"
        until = f"until somebody acknowledges, {final.times} times"
        first = "Then" if number else "After the last step"
        sentences.append(f"{first}, {whom} {are} paged every {every} {until}.")
    for severity, after in plan.paging.remind_acknowledged.items():
        silence = f"acknowledged but not mitigated for {duration_words(after)}"
        sentences.append(f"{article(severity).capitalize()} incident that is {silence} is paged anew.")
    sentences += _again(plan)
    within = duration_words(plan.paging.hand_over_within)
    sentences.append(
        f"Whoever is asked to take an incident over must accept within {within}; else it stays where it is."
    )
    return Part("escalation", "Who is paged, and when", tuple(sentences), tables)


def _policy_rows(plan: Plan, policy: str) -> Iterator[tuple[str, ...]]:
    after = timedelta()
    for step in frozen_steps(plan, policy):
        if step.policy == FINAL:
            break
        whom = listed(target_words(plan, target) for target in step.targets)
        whom = f"in turn, one of {whom}" if step.mode == "round_robin" else whom
        when = " and ".join(rule_words(condition) for condition in step.conditions)
        yield ("at once" if not after else format_duration(after), whom, when, format_duration(step.wait))
        after += step.wait


def _again(plan: Plan) -> Iterator[str]:
    again = plan.paging.fires_again
    does = {"page": "is paged again", "notice": "sends its owner a notice", "note": "is noted in its timeline only"}
    every = f", at most every {duration_words(again.every)}"
    for state, deed in (("mitigated", again.mitigated), ("acknowledged", again.acknowledged)):
        yield f"{article(state).capitalize()} incident whose alert fires again {does[deed]}{every * (deed != 'note')}."


def _roles(plan: Plan) -> Part:
    rows = tuple(
        (role.title or spaced(name), role.duties, listed(target_words(plan, target) for target in role.held_by))
        for name, role in plan.every_role().items()
    )
    sentence = "Each incident has these roles; who holds one before it is assigned is named here."
    return Part("roles", "Roles", (sentence,), (_table("Roles", ("Role", "Duties", "Held by"), rows),))


def _authority(plan: Plan, actions: Iterable[Action]) -> Part:
    levels = tuple(
        (spaced(level), listed(map(_holder, plan.authority.holders_of(level)), "or")) for level in plan.authority.levels
    )
    rows = tuple((action.words, _who(plan, action)) for action in decided_in_order(actions))
    tables = (
        _table("Levels, each including those before it", ("Level", "Held by"), levels),
        _table("Actions", ("Action", "Who may"), rows),
    )
    return Part("authority", "Who may decide", (), tables)


def _holder(holder: str) -> str:
    kind, _, name = holder.partition(":")
    words = {"permission": f"everybody who signs in as {name} or above", "role": f"the incident's {spaced(name)}"}
    return words.get(kind, f"the team {name}" if kind == "team" else name)


def _who(plan: Plan, action: Action) -> str:
    rule, usual = rule_of(plan, action.name), plan.authority.usual(careful=action.careful)
    if rule is None:
        return article(spaced(usual))
    parts = [f"at {severity}: {article(spaced(level))}" for severity, level in rule.by_severity.items()]
    least = article(spaced(rule.only or (rule.otherwise if rule.by_severity else None) or usual))
    others = "".join(f", but not the {doer}" for doer in rule.not_same_person_as)
    if conditions := _conditions(rule):
        rest = article(spaced(rule.otherwise or usual))
        return f"{listed(conditions)}: {least}{others}; otherwise {rest}"
    return "; ".join([*parts, f"otherwise {least}{others}" if parts else f"{least}{others}"])


def _conditions(rule: ActionRule) -> list[str]:
    conditions = [f"at {listed(rule.severities, 'or')}"] if rule.severities else []
    if rule.criticality:
        conditions.append(f"where something {listed(map(spaced, rule.criticality), 'or')} is affected")
    if rule.scope:
        numbers = rule.scope.model_dump(exclude_none=True).items()
        conditions.append(f"from {listed((f'{number:,} {name}' for name, number in numbers), 'or')} on")
    return conditions


def _closure(plan: Plan, kinds: Mapping[str, CheckKind]) -> Part:
    sentences = tuple(_check(check, kinds.get(check.check)) for check in plan.closure)
    return Part("closure", "Before an incident may be closed", sentences or ("Nothing is checked.",), ())


def _check(check: Check, kind: CheckKind | None) -> str:
    only = [f"at {listed(check.severities, 'or')}"] if check.severities else []
    only += [f"when {rule_words(check.when)}"] if check.when else []
    return f"{_asked(check, kind)} {check.about}".strip() + (f" (Only {listed(only)}.)" if only else "")


def _asked(check: Check, kind: CheckKind | None) -> str:
    name = spaced(check.check).capitalize()
    if kind is None:
        return f"{name} (kept, not yet enforced)."
    try:
        return kind.words(check, kind.read(check))
    except ValidationError:
        return f"{name} (cannot be read, so it stays open: publish the plan again)."


def _brought(plan: Plan, sections: Iterable[PlanSection]) -> Iterator[Part]:
    for section in sections:
        try:
            contents = section_of(plan, section.name, section.model)
        except ValidationError:
            sentence = "It was written before this version could read it. Publish the plan again: what is wrong is listed then."
            yield Part(section.name, spaced(section.name).capitalize(), (sentence,), ())
        else:
            if contents is not None:
                yield section.prose(plan, contents)


def _kept(plan: Plan, brought: Container[str]) -> tuple[Part, ...]:
    names = [name for name in plan.kept if name not in brought]
    if not names:
        return ()
    sentence = f"Kept as written, and not yet enforced: {listed(map(spaced, names))}."
    return (Part("kept", "For later", (sentence,), ()),)
