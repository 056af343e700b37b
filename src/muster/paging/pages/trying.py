"""The dry run in the browser: what would happen if this alert came at that time, and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response

from muster.alerts.formats import Formats
from muster.base.access import Permission
from muster.base.web.budget import SIMULATIONS
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import by_field
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.kit.errors import Fault, Invalid, Problem
from muster.kit.localtime import to_instant, to_local
from muster.paging.actions.foresee import (
    Foreseen,
    foresee,
    foresee_payload,
    foresee_policy,
    payload_request,
    source_of,
)
from muster.plan.facts import Facts
from muster.plan.pages.parts import TOPICS, Asked, Field, Text, inline, newest_of, ranks
from muster.plan.version import Version

FIRST_YEAR, LAST_YEAR = 2000, 2199
Labels = Annotated[str, Query(max_length=20_000)]
_ASKED = ("title", "severity", "category", "workload", "labels", "policy", "payload", "integration")
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
    policy: Asked = "",
    at: Asked = "",
    plan: Asked = "",
    run: Asked = "",
) -> Response:
    """Ask for an alert, or a policy, and a time; tell what the plan makes of it. Nothing is written and nobody is paged."""
    newest = await newest_of(unit.conn, plan)
    if newest is None:
        return render(request, "plan/first.html", topics=TOPICS)
    instant, faults = _instant(at, request.state.view.zone, unit.now)
    pairs, wrong = read_labels(labels)
    faults |= wrong
    facts = Facts(
        now=instant, key="simulated", title=title, severity=severity, category=category, workload=workload, labels=pairs
    )
    asked = {"title": title, "severity": severity, "category": category, "workload": workload, "labels": labels,
             "policy": policy, "at": at}  # fmt: skip
    done: list[Foreseen] = []
    if run and not faults:
        try:
            tried = foresee_policy(unit, newest.plan, policy, instant, severity) if policy else None
            done = [await (tried or foresee(unit, newest.plan, facts))]
        except Invalid as refused:
            faults = by_field(refused)
    return _shown(request, newest, asked, plan, faults, instant, done)


@router.post("/plan/simulate")
@needs(Permission.PLAN_READ, largest=None, budget=SIMULATIONS)
async def simulate_payload_page(
    unit: Uses, request: Request, payload: Text = "", integration: Field = "", at: Field = "", plan: Field = ""
) -> Response:
    """Try out what a sender sends, as it stands; tell it alert by alert. Nothing is written and nobody is paged."""
    newest = await newest_of(unit.conn, plan)
    if newest is None:
        return render(request, "plan/first.html", topics=TOPICS)
    instant, faults = _instant(at, request.state.view.zone, unit.now)
    asked = {"payload": payload, "integration": integration, "at": at}
    done: list[Foreseen] = []
    if not faults:
        try:
            source = await source_of(unit, integration)
            sent = payload_request(payload, "", {}, instant)
            parser = services_of(request).of(Formats).parser
            done = await foresee_payload(unit, newest.plan, parser, source, sent, instant)
        except Problem as refused:
            named = by_field(refused)
            rule = " ".join([str(refused.title), *(each.rule for each in refused.faults), refused.detail])
            faults = named if "integration" in named else {"payload": Fault("payload", rule, "")}
    return _shown(request, newest, asked, plan, faults, instant, done)


def _shown(
    request: Request,
    version: Version,
    asked: dict[str, str],
    plan: str,
    faults: Mapping[str, Fault],
    instant: datetime,
    done: Sequence[Foreseen],
) -> Response:
    local = to_local(instant, request.state.view.zone)
    return render(
        request,
        "paging/simulate.html",
        status=422 if faults else 200,
        version=version,
        asked={**dict.fromkeys(_ASKED, ""), **asked, "at": asked["at"] or f"{local:%Y-%m-%dT%H:%M}"},
        plan=plan,
        faults=faults,
        at=instant,
        ranks=ranks(version.plan),
        done=done,
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
