"""A mapping made by looking: paste what a source sends, pick its fields, see the alert at once, keep it with its samples."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Form, Request, Response

from muster.alerts.actions import integrations as actions
from muster.alerts.actions.payload_trial import Attempt, try_payload
from muster.alerts.api.parts import forms_of, parser_of, secrets_of
from muster.alerts.integration import Integration
from muster.alerts.mapping_form import PICKED, MappingForm, form_of
from muster.alerts.pages.parts import settings_url
from muster.alerts.payload_tree import Leaf
from muster.alerts.port import Request as SignalRequest
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Invalid, Problem

FORMAT = "generic"
router = page_router()


@template("alerts/mapping.html")
@dataclass(frozen=True, slots=True)
class MappingPage:
    """The mapping of an integration, what its two samples become, and the `fields` of the newer one to pick from."""

    integration: Integration
    back: str
    form: MappingForm
    fired: Attempt | None
    over: Attempt | None
    fields: Sequence[Leaf]
    problem: Problem | None
    picked: Sequence[str] = PICKED

    @property
    def keys_differ(self) -> bool:
        """Whether what is over would not end what fires."""
        signals = [attempt.signals[0] for attempt in (self.fired, self.over) if attempt and attempt.signals]
        return len({signal.key for signal in signals}) > 1


@router.get("/settings/integrations/{name}/mapping")
@needs(Permission.INTEGRATION_MANAGE)
async def mapping_page(unit: Uses, request: Request, name: str) -> Response:
    """Show the mapping of an integration with what it makes of its samples."""
    integration = await actions.existing(unit, name)
    return await _page(unit, request, integration, form_of(integration.options))


@router.post("/settings/integrations/{name}/mapping")
@needs(Permission.INTEGRATION_MANAGE)
async def do_mapping(unit: Uses, request: Request, name: str, form: Annotated[MappingForm, Form()]) -> Response:
    """Pick a field, try the mapping, or save it with its samples."""
    integration = await actions.existing(unit, name)
    if form.pick or not form.save:
        return await _page(unit, request, integration, form.picked())
    try:
        options = {**form.options(integration.options), **_samples(unit, request, integration, form)}
        draft = actions.draft_of(integration).model_copy(update={"format": FORMAT, "options": options})
        await actions.update(unit, name, draft, forms_of(request), secrets_of(request))
    except Invalid as problem:
        return await _page(unit, request, integration, form, problem)
    return see_other(f"{settings_url(name)}/mapping")


def _samples(unit: Unit, request: Request, integration: Integration, form: MappingForm) -> dict[str, Any]:
    """The samples as they are to be kept, each with what it becomes now."""
    samples = []
    for name, body in (("fires", form.fired), ("recovers", form.over)):
        tried = _try(unit, request, integration, form, body)
        if tried is not None and tried.signals:
            signal = tried.signals[0]
            status = "firing" if signal.guess else signal.status
            expect = {"status": status, "key": signal.key, "title": signal.title, "severity": signal.severity_hint}
            samples.append({"name": name, "payload": json.loads(body), "expect": expect})
    return {"samples": samples} if samples else {}


def _try(unit: Unit, request: Request, integration: Integration, form: MappingForm, body: str) -> Attempt | None:
    if not body.strip():
        return None
    sent = SignalRequest(
        "/", "POST", {"content-type": "application/json"}, {}, body.encode("utf-8", "replace"), unit.now
    )
    read = replace(integration, format=FORMAT)
    return try_payload(unit, read, sent, parser_of(request), forms_of(request), form.options(integration.options))


async def _page(
    unit: Unit, request: Request, integration: Integration, form: MappingForm, problem: Problem | None = None
) -> Response:
    fired, over = (_try(unit, request, integration, form, body) for body in (form.fired, form.over))
    fields = (over or fired or Attempt()).fields
    page = MappingPage(integration, settings_url(integration.name), form, fired, over, fields, problem)
    return render(request, page, status=problem.status if problem else 200)
