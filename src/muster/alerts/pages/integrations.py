"""Integrations under settings: the list, and a new one."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query, Request, Response

from muster.alerts.actions import integrations as actions
from muster.alerts.api.parts import forms_of, secrets_of
from muster.alerts.integration_draft import AUTO, FormatForm, Forms, IntegrationDraft
from muster.alerts.pages.parts import settings_url
from muster.alerts.store import integrations as store
from muster.alerts.store import signals
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Conflict, Fault, Invalid, Problem

LATELY = timedelta(days=1)
PROTOCOLS = "Protocols"
Asked = Annotated[str, Query(max_length=100)]
TOPICS = ["integrations", "integrations.malformed"]
router = page_router()


@router.get("/settings/integrations")
@needs(Permission.INTEGRATION_READ)
async def integrations_page(unit: Uses, request: Request) -> Response:
    """List the integrations and how they are."""
    forms = forms_of(request)
    counts = await signals.health(unit.conn, unit.now - LATELY)
    rows = []
    for integration in await store.every(unit.conn):
        received, refused = counts.get(integration.id, (0, 0))
        rows.append(
            {
                "id": integration.id,
                "name": integration.name,
                "url": settings_url(integration.name),
                "title": integration.title,
                "format": forms[integration.format].title if integration.format in forms else "Recognised by itself",
                "active": integration.active,
                "last": integration.last_signal_at,
                "received": received,
                "refused": refused,
            }
        )
    return render(request, "alerts/integrations.html", rows=rows, topics=TOPICS)


@router.get("/settings/integrations/new")
@needs(Permission.INTEGRATION_MANAGE)
async def new_integration_page(unit: Uses, request: Request, q: Asked = "", format: Asked = "alertmanager") -> Response:
    """Ask for a new integration; `q` looks for a format, `format` chooses one."""
    return await new_form(unit, request, IntegrationDraft(name="", format=format), q=q.strip())


@router.post("/settings/integrations")
@needs(Permission.INTEGRATION_MANAGE)
async def do_create_integration(
    unit: Uses, request: Request, name: Field = "", title: Field = "", format: Field = AUTO, key: Field = ""
) -> Response:
    """Create an integration."""
    draft = IntegrationDraft(name=name, format=format, title=title, key=key)
    try:
        await actions.create(unit, draft, forms_of(request), secrets_of(request))
    except (Invalid, Conflict) as problem:
        return await new_form(unit, request, draft, problem)
    return see_other(settings_url(draft.name))


async def new_form(
    unit: Unit, request: Request, draft: IntegrationDraft, problem: Problem | None = None, q: str = ""
) -> Response:
    """The form for a new integration, with what was wrong with it."""
    faults = by_field(problem)
    if isinstance(problem, Conflict):
        faults = {"name": Fault("name", problem.title, problem.detail)}
    return render(
        request,
        "alerts/integration_new.html",
        status=problem.status if problem else 200,
        draft=draft,
        formats=choices(forms_of(request)),
        found=grouped(form for form in forms_of(request).values() if q.lower() in f"{form.name} {form.title}".lower()),
        q=q,
        faults=faults,
    )


def choices(forms: Forms) -> list[tuple[str, Any]]:
    """The formats to choose from, those of vendors under their headings."""
    plain = [(form.name, form.title) for form in forms.values() if not form.family]
    groups = [(family, listed) for family, listed in grouped(forms.values()) if family != PROTOCOLS]
    return [(PROTOCOLS, plain), *groups, ("Anything", [(AUTO, "Recognise each signal")])]


def grouped(forms: Iterable[FormatForm]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Formats by heading, each with its name and title, in the order of their titles."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for form in sorted(forms, key=lambda form: form.title.lower()):
        groups.setdefault(form.family or PROTOCOLS, []).append((form.name, form.title))
    return sorted(groups.items(), key=lambda group: (group[0] != PROTOCOLS, group[0]))
