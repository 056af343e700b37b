"""What people do to an incident in the browser. What is refused comes back with its reasons, and with what was typed."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import see_other
from muster.base.web.needs import needs
from muster.incidents.action import IncidentAction, by_slug
from muster.incidents.actions.guard import existing
from muster.incidents.actions.run import run_of
from muster.incidents.incident import Incident
from muster.incidents.pages.incident import RefusedForm, incident_shown
from muster.incidents.pages.rows import Ref, url_of
from muster.kit.errors import Conflict, Denied, Invalid

MOST_TYPED = 20_000


async def done(
    unit: Unit, request: Request, ref: str, form: str, deed: Awaitable[Any], typed: Mapping[str, str] | None = None
) -> Response:
    """Do it and go back to the incident, or show the page with the refusal beside the form."""
    try:
        result = await deed
    except (Invalid, Conflict, Denied) as problem:
        if isinstance(problem, Denied):
            unit.denial = problem
        return await incident_shown(unit, request, ref, refused=RefusedForm(form, problem, typed or {}))
    return see_other(url_of(result if isinstance(result, Incident) else await existing(unit.conn, ref)))


def action_pages(actions: Iterable[IncidentAction]) -> APIRouter:
    """POST of a form below an incident for each action; actions of one address share a route."""
    router = page_router("/incidents/{ref}")
    for action in by_slug(actions):
        router.add_api_route(f"/{action.slug}", _endpoint(action), methods=["POST"])
    return router


def _endpoint(action: IncidentAction) -> Callable[..., Awaitable[Response]]:
    run = run_of(action)

    @needs(action.permission)
    async def endpoint(unit: Uses, request: Request, ref: Ref) -> Response:
        form = await request.form()
        typed = {field.name: str(form.get(field.name, ""))[:MOST_TYPED] for field in action.fields}
        words = {name: text.strip() for name, text in typed.items()}
        return await done(unit, request, ref, action.slug, run(unit, ref, **words), typed)

    endpoint.__doc__ = action.help
    endpoint.__name__ = f"do_{action.slug.replace('-', '_')}"
    return endpoint
