"""The first steps, one tap each: a plan, a way to be reached, a test page, and where Prometheus sends its alerts."""

from urllib.parse import urlsplit

from fastapi import Request, Response

from muster.alerts.actions import integrations
from muster.alerts.formats import Formats
from muster.alerts.integration_draft import IntegrationDraft
from muster.alerts.store import integrations as sources
from muster.base.access import Permission
from muster.base.secrets import Secrets
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.channels.pages.channels import receipts, topics
from muster.desk.pages.steps import first_steps
from muster.kit.errors import Conflict, Invalid, Problem
from muster.oncall import store as oncall
from muster.people import store as people
from muster.plan.actions.publish import publish
from muster.plan.starter import starter_plan

HERE = "/welcome"
PROMETHEUS = "prometheus"

router = page_router(HERE)


@router.get("")
@needs(Permission.SETTINGS_READ)
async def welcome_page(unit: Uses, request: Request) -> Response:
    """Show the steps."""
    return await _page(unit, request)


@router.post("/plan")
@needs(Permission.PLAN_PUBLISH, largest=None)
async def do_load_plan(unit: Uses, request: Request) -> Response:
    """Publish the starter plan for whoever asks, and for the first team and schedule where there are any."""
    team = next(iter(await people.teams(unit.conn, limit=1)), None)
    schedule = next(iter(await oncall.schedules(unit.conn, limit=1)), None)
    text = starter_plan(
        unit.principal.name, team.name if team else None, schedule.name if schedule else None, request.state.view.zone
    )
    try:
        await publish(unit, text, "The starter plan.")
    except Invalid as problem:
        return await _page(unit, request, problem=problem)
    return see_other(HERE)


@router.post("/prometheus")
@needs(Permission.INTEGRATION_MANAGE)
async def do_connect(unit: Uses, request: Request) -> Response:
    """Make the integration for Prometheus, or show the address of the one that is there."""
    services = services_of(request)
    secrets = services.of(Secrets)
    try:
        if await sources.by_name(unit.conn, PROMETHEUS):
            key = await integrations.reveal(unit, PROMETHEUS, secrets)
        else:
            draft = IntegrationDraft(name=PROMETHEUS, format="alertmanager", title="Prometheus")
            _, key = await integrations.create(unit, draft, services.of(Formats).forms, secrets)
    except (Invalid, Conflict) as problem:
        return await _page(unit, request, problem=problem)
    return await _page(unit, request, key=key)


async def _page(unit: Unit, request: Request, *, key: str = "", problem: Problem | None = None) -> Response:
    base = services_of(request).settings.base_url
    place = urlsplit(base)
    return render(
        request,
        "desk/welcome.html",
        status=problem.status if problem else 200,
        steps=await first_steps(unit),
        receipts=await receipts(unit),
        address=f"{base}/i/{key}" if key else "",
        snippet=_snippet(place.scheme, place.netloc, key) if key else "",
        trial=_trial(base, key) if key else "",
        problem=problem,
        topics=[*topics(unit), "plan", "integrations", "incidents", "schedules"],
    )


def _snippet(scheme: str, host: str, key: str) -> str:
    return (
        "alerting:\n  alertmanagers:\n"
        f"    - scheme: {scheme}\n      path_prefix: /i/{key}\n"
        f'      static_configs: [{{targets: ["{host}"]}}]\n'
    )


def _trial(base: str, key: str) -> str:
    alert = '[{"labels": {"alertname": "Hello", "severity": "critical"}, "annotations": {"summary": "My first page"}}]'
    return f"curl {base}/i/{key}/api/v2/alerts \\\n  -H 'content-type: application/json' \\\n  -d '{alert}'"
