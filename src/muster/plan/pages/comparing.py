"""Two versions of a plan side by side, by what they mean."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.plan import store
from muster.plan.diff import PlanDifference, diff, shown
from muster.plan.model.plan import Plan
from muster.plan.pages.parts import TOPICS, Asked, newest_of, numbered_of
from muster.plan.prose import prose
from muster.plan.section import PlanSection

MOST = 500
_ABOUT = "About the plan"
_WITH = {
    "categories": "severity_rules",
    "category_rules": "severity_rules",
    "grouping": "routes",
    "paging": "escalation",
}
Wanted = Annotated[str, Query(max_length=20)]
router = page_router()


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """The differences in one section of the plan."""

    title: str
    changes: tuple[PlanDifference, ...]


@router.get("/plan/diff")
@needs(Permission.PLAN_READ)
async def diff_page(
    unit: Uses,
    request: Request,
    old: Annotated[Wanted, Query(alias="from")] = "",
    new: Annotated[Wanted, Query(alias="to")] = "",
    plan: Asked = "",
) -> Response:
    """Compare two versions; the newest with the one before it unless said otherwise."""
    newest = await newest_of(unit.conn, plan)
    if newest is None:
        return render(request, "plan/first.html", topics=TOPICS)
    later = await numbered_of(unit.conn, newest.name, int(new)) if new.isdecimal() else newest
    earlier_number = int(old) if old.isdecimal() else max(1, later.number - 1)
    earlier = await numbered_of(unit.conn, newest.name, earlier_number)
    return render(
        request,
        "plan/diff.html",
        old=earlier,
        new=later,
        plan=plan,
        sections=sections(earlier.plan, later.plan, unit.ports.of(PlanSection)),
        shown=shown,
        versions=await store.history(unit.conn, newest.name, MOST),
        topics=TOPICS,
    )


def sections(old: Plan, new: Plan, brought: tuple[PlanSection, ...] = ()) -> list[ComparedSection]:
    """The differences under the titles under which people read the plan, in its order; `brought` are features' sections."""
    parts = (*prose(old, brought), *prose(new, brought))
    titles = {part.anchor: part.title for part in parts if part.anchor != "name"}
    for head, part in _WITH.items():
        titles[head] = titles[part]
    changes_of: dict[str, list[PlanDifference]] = {_ABOUT: [], **{title: [] for title in titles.values()}}
    for change in diff(old, new):
        head = change.path.partition(".")[0].partition("[")[0]
        changes_of.setdefault(titles.get(head, _ABOUT), []).append(change)
    return [ComparedSection(title, tuple(changes)) for title, changes in changes_of.items() if changes]
