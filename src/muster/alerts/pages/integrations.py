"""Integrations under settings: the list, and a new one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Request, Response

from muster.alerts.actions import integrations as actions
from muster.alerts.api.integrations import LATELY, IntegrationOut
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
from muster.base.web.typed import template
from muster.kit.errors import Conflict, Fault, Invalid, Problem

PROTOCOLS = "Protocols"
Asked = Annotated[str, Query(max_length=100)]
TOPICS = ("integrations", "integrations.malformed")
Options = Sequence[tuple[str, Sequence[tuple[str, str]]]]
"""Choices under headings, each with its value and its words."""
router = page_router()


@template("alerts/integrations.html")
@dataclass(frozen=True, slots=True)
class IntegrationList:
    """Every integration; `formats` are the titles of their formats."""

    rows: Sequence[IntegrationOut]
    formats: Mapping[str, str]
    topics: Sequence[str] = TOPICS


@template("alerts/integration_new.html")
@dataclass(frozen=True, slots=True)
class NewIntegrationPage:
    """The form for an integration; `groups` are the formats in whose names `q` stands."""

    draft: IntegrationDraft
    formats: Options
    groups: Options
    q: str
    faults: Mapping[str, Fault]


@router.get("/settings/integrations")
@needs(Permission.INTEGRATION_READ)
async def integrations_page(unit: Uses, request: Request) -> Response:
    """List the integrations and how they are."""
    forms = forms_of(request)
    counts = await signals.health(unit.conn, unit.now - LATELY)
    rows = [IntegrationOut.of(row, counts.get(row.id, (0, 0))) for row in await store.every(unit.conn)]
    return render(request, IntegrationList(rows, {name: form.title for name, form in forms.items()}))


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
    draft = IntegrationDraft(name=name, title=title, format=format, key=key)
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
    forms = forms_of(request)
    groups = grouped(form for form in forms.values() if q.lower() in f"{form.name} {form.title}".lower())
    page = NewIntegrationPage(draft, choices(forms), groups, q, faults)
    return render(request, page, status=problem.status if problem else 200)


def choices(forms: Forms) -> Options:
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
