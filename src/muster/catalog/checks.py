"""What must hold of workloads among all others: owners and dependencies exist, nothing is cut off, no circle (pure)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from muster.catalog.graph import find_circle
from muster.catalog.workload import Catalogue, Component, Ref, WorkloadDraft
from muster.kit.errors import Fault
from muster.kit.nearest import did_you_mean

Faults = Mapping[str, Sequence[Fault]]
Edge = tuple[Ref, Ref]
MOST_CIRCLES = 10


def check(
    drafts: Sequence[WorkloadDraft], catalogue: Catalogue, teams: Collection[str], unread: Collection[str] = ()
) -> Faults:
    """Everything wrong with these drafts, by workload, once all of them have taken their place in the catalogue.

    `teams` are the names of all teams; `unread` names workloads that could not be read and are not judged upon.
    """
    future: dict[str, WorkloadDraft] = {**catalogue.by_name, **{draft.name: draft for draft in drafts}}
    faults: defaultdict[str, list[Fault]] = defaultdict(list)
    known = {*unread, *(draft.name for draft in drafts)}
    stored = [workload for workload in catalogue.workloads if workload.name not in known]
    for draft in drafts:
        faults[draft.name] += [*_owners(draft, teams), *_needs(draft, future, unread), *_cut_off(draft, stored)]
    for name, fault in _circles(drafts, future):
        faults[name].append(fault)
    return {name: found for name, found in faults.items() if found}


def dependents_outside(workload: WorkloadDraft, everything: Iterable[WorkloadDraft]) -> list[Edge]:
    """Who in other workloads depends on a component of this one, as (who, on what)."""
    return [
        (Ref(other.name, component.name), needed)
        for other in everything
        if other.name != workload.name
        for component in other.components
        for need in component.needs
        for needed in need
        if needed.workload == workload.name
    ]


def _owners(draft: WorkloadDraft, teams: Collection[str]) -> list[Fault]:
    named = [("owner", draft.owner)]
    named += [
        (f"components.{at}.owner", component.owner) for at, component in enumerate(draft.components) if component.owner
    ]
    return [
        Fault(field, f"There is no team `{name:.80}`.", did_you_mean(name, sorted(teams)) or "Create a team first.")
        for field, name in named
        if name not in teams
    ]


def _needs(draft: WorkloadDraft, future: Mapping[str, WorkloadDraft], unread: Collection[str]) -> list[Fault]:
    faults = []
    for at, component in enumerate(draft.components):
        seen: set[Ref] = set()
        for number, need in enumerate(component.needs):
            field = f"components.{at}.depends_on.{number}"
            for ref in need:
                if ref in seen:
                    faults.append(Fault(field, f"`{_said(ref, draft)}` is listed twice.", "Keep one."))
                elif ref.workload not in unread and (fault := _unknown(field, ref, draft, component, future)):
                    faults.append(fault)
                seen.add(ref)
    return faults


def _unknown(
    field: str, ref: Ref, draft: WorkloadDraft, component: Component, future: Mapping[str, WorkloadDraft]
) -> Fault | None:
    if ref == (draft.name, component.name):
        return Fault(field, f"`{component.name}` depends on itself.", "Remove that.")
    workload = future.get(ref.workload)
    if workload is None:
        return Fault(field, f"There is no workload `{ref.workload}`.", did_you_mean(ref.workload, sorted(future)))
    if workload.component(ref.component):
        return None
    names = [_said(Ref(workload.name, component.name), draft) for component in workload.components]
    fix = did_you_mean(_said(ref, draft), names) or f"Give `{workload.name}` a component of that name first."
    return Fault(field, f"There is no component `{_said(ref, draft)}`.", fix)


def _cut_off(draft: WorkloadDraft, others: Iterable[WorkloadDraft]) -> list[Fault]:
    """What stored workloads depend on must stay; drafts are told of what is missing at their own place."""
    return [
        Fault(
            "components",
            f"`{needed.component}` is gone, but {who} depends on it.",
            f"Keep `{needed.component}`, or change {who} first.",
        )
        for who, needed in dependents_outside(draft, others)
        if draft.component(needed.component) is None
    ]


def _circles(drafts: Sequence[WorkloadDraft], future: Mapping[str, WorkloadDraft]) -> list[tuple[str, Fault]]:
    edges: dict[Ref, dict[Ref, int]] = {
        Ref(workload.name, component.name): {
            ref: number for number, need in reversed(list(enumerate(component.needs))) for ref in need
        }
        for workload in future.values()
        for component in workload.components
    }
    for ref, own in edges.items():
        own.pop(ref, None)
    names = [draft.name for draft in drafts]
    found: list[tuple[str, Fault]] = []
    while len(found) < MOST_CIRCLES and (circle := find_circle(edges)):
        closing = _closing(circle, names)
        if closing is None:
            break
        ref, needed = closing
        number = edges[ref].pop(needed)
        at = next(i for i, component in enumerate(future[ref.workload].components) if component.name == ref.component)
        shown = " → ".join(map(str, [*circle, circle[0]]))
        rule = f"These depend on each other in a circle: {shown}."
        fix = "Remove one of these dependencies; what can do without the other for a while does not depend on it."
        found.append((ref.workload, Fault(f"components.{at}.depends_on.{number}", rule, fix)))
    return found


def _closing(circle: Sequence[Ref], names: Sequence[str]) -> Edge | None:
    """The last step of the circle that one of the drafts takes."""
    steps = list(zip(circle, (*circle[1:], circle[0]), strict=True))
    return next((step for step in reversed(steps) if step[0].workload in names), None)


def _said(ref: Ref, draft: WorkloadDraft) -> str:
    return ref.component if ref.workload == draft.name else str(ref)
