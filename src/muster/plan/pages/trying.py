"""The dry run in the browser: what would happen if this alert came at that time, and why."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Fault
from muster.kit.localtime import to_instant, to_local
from muster.plan.actions.foresee import foresee
from muster.plan.facts import Facts
from muster.plan.pages.parts import TOPICS, Asked, inline, newest_of, ranks

FIRST_YEAR, LAST_YEAR = 2000, 2199
Labels = Annotated[str, Query(max_length=20_000)]
router = page_router()


@router.get("/plan/simulate")
@needs(Permission.PLAN_READ)
async def simulate_page(
    unit: Uses,
    request: Request,
    title: Asked = "",
    severity: Asked = "",
    category: Asked = "",
    workload: Asked = "",
    labels: Labels = "",
    at: Asked = "",
    plan: Asked = "",
    run: Asked = "",
) -> Response:
    """Ask for an alert and a time; tell what the plan makes of it. Nothing is written and nobody is paged."""
    newest = await newest_of(unit.conn, plan)
    if newest is None:
        return render(request, "plan/first.html", topics=TOPICS)
    zone = request.state.view.zone
    instant, faults = _instant(at, zone, unit.now)
    pairs, wrong = read_labels(labels)
    faults |= wrong
    facts = Facts(
        now=instant, key="simulated", title=title, severity=severity, category=category, workload=workload, labels=pairs
    )
    local = to_local(instant, zone)
    return render(
        request,
        "plan/simulate.html",
        status=422 if faults else 200,
        version=newest,
        asked={
            "title": title,
            "severity": severity,
            "category": category,
            "workload": workload,
            "labels": labels,
            "at": at or f"{local:%Y-%m-%dT%H:%M}",
        },
        plan=plan,
        faults=faults,
        at=instant,
        ranks=ranks(newest.plan),
        done=await foresee(unit, newest.plan, facts) if run and not faults else None,
        inline=inline,
    )


def _instant(text: str, zone: str, now: datetime) -> tuple[datetime, dict[str, Fault]]:
    if not text:
        return now, {}
    try:
        local = datetime.fromisoformat(text)
        if local.tzinfo is not None:
            return local.astimezone(now.tzinfo), {}
        if FIRST_YEAR <= local.year <= LAST_YEAR:
            return to_instant(local, zone), {}
    except (ValueError, OverflowError):
        pass
    fault = Fault("at", f"{text!r} is not a time.", f"Write it as 2026-11-22T03:00, in {zone}.")
    return now, {"at": fault}


def read_labels(text: str) -> tuple[dict[str, str], dict[str, Fault]]:
    """Labels written one a line as `name=value`."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, sign, value = line.partition("=")
        if not line.strip():
            continue
        if not sign or not name.strip():
            rule = f"Line {number} is not a label: {line.strip()[:60]!r}."
            return found, {"labels": Fault("labels", rule, "Write one a line, such as severity=critical.")}
        found[name.strip()] = value.strip().strip('"')
    return found, {}
