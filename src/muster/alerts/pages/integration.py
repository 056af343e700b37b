"""One integration under settings: its address, how its source is told, a test, what it sent, and its key."""

import json
from typing import Any

from fastapi import Request, Response

from muster.alerts.actions import heartbeats, samples
from muster.alerts.actions import integrations as actions
from muster.alerts.api.integrations import form_for
from muster.alerts.api.parts import address_of, forms_of, mail_address_of, parser_of, secrets_of, takes_mail
from muster.alerts.guide import curl, guides
from muster.alerts.integration import Integration
from muster.alerts.integration_draft import FormatForm, IntegrationDraft
from muster.alerts.manifest import HeartbeatDraft
from muster.alerts.pages.integrations import TOPICS, choices
from muster.alerts.pages.parts import settings_url
from muster.alerts.store import clock_skews, signals
from muster.alerts.store import heartbeats as heartbeat_rows
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Conflict, Fault, Invalid, Malformed, Problem

RECENT = 10
HIDDEN = "KEY"
router = page_router()


@router.get("/settings/integrations/{name}")
@needs(Permission.INTEGRATION_READ)
async def integration_page(unit: Uses, request: Request, name: str) -> Response:
    """Show an integration without its key."""
    return await _page(unit, request, await actions.existing(unit, name))


@router.post("/settings/integrations/{name}/key")
@needs(Permission.INTEGRATION_MANAGE, sensitive=True)
async def do_reveal(unit: Uses, request: Request, name: str) -> Response:
    """Show the address with the key; looking is recorded."""
    key = await actions.reveal(unit, name, secrets_of(request))
    return await _page(unit, request, await actions.existing(unit, name), key=key)


@router.post("/settings/integrations/{name}/rotate")
@needs(Permission.INTEGRATION_MANAGE, sensitive=True)
async def do_rotate(unit: Uses, request: Request, name: str, reason: Field = "", overlap: Field = "") -> Response:
    """Exchange the key and show the new one; `overlap` is `24h` where the old one is to be taken for another day."""
    key = await actions.rotate(unit, name, secrets_of(request), reason.strip()[:2000], "24h" if overlap else "")
    return await _page(unit, request, await actions.existing(unit, name), key=key, fresh=True)


@router.post("/settings/integrations/{name}/test")
@needs(Permission.SIGNAL_SEND)
async def do_test(unit: Uses, request: Request, name: str, format: Field = "", recovery: Field = "") -> Response:
    """Send the format's sample, or the recovery that ends it, through and show what became of it."""
    integration = await actions.existing(unit, name)
    form = form_for(forms_of(request), integration, format)
    try:
        again = recovery == "yes"
        result: Any = await samples.send_sample(unit, integration, form, parser_of(request), recovery=again)
    except (Malformed, Invalid) as problem:
        return await _page(unit, request, integration, problem=problem)
    return await _page(unit, request, integration, result=result, tested=form, recovered=again)


@router.post("/settings/integrations/{name}")
@needs(Permission.INTEGRATION_MANAGE)
async def do_change(
    unit: Uses,
    request: Request,
    name: str,
    title: Field = "",
    format: Field = "",
    options: Field = "",
    secret: Field = "",
) -> Response:
    """Change title, format, options and the sender's secret; an empty secret leaves the one that is there."""
    integration = await actions.existing(unit, name)
    draft = actions.draft_of(integration).model_copy(
        update={"title": title.strip(), "format": format, "secret": secret.strip() or None}
    )
    try:
        draft = draft.model_copy(update={"options": _read(options)})
        await actions.update(unit, name, draft, forms_of(request), secrets_of(request))
    except Invalid as problem:
        return await _page(unit, request, integration, draft=draft, typed=options, faults=by_field(problem))
    return see_other(settings_url(name))


@router.post("/settings/integrations/{name}/secret/forget")
@needs(Permission.INTEGRATION_MANAGE)
async def do_forget_secret(unit: Uses, request: Request, name: str) -> Response:
    """Take the sender's secret away."""
    draft = actions.draft_of(await actions.existing(unit, name)).model_copy(update={"secret": ""})
    await actions.update(unit, name, draft, forms_of(request), secrets_of(request))
    return see_other(settings_url(name))


@router.post("/settings/integrations/{name}/switch")
@needs(Permission.INTEGRATION_MANAGE)
async def do_switch(unit: Uses, request: Request, name: str, on: Field = "") -> Response:
    """Switch an integration on or off."""
    draft = actions.draft_of(await actions.existing(unit, name)).model_copy(update={"active": on == "yes"})
    await actions.update(unit, name, draft, forms_of(request), secrets_of(request))
    return see_other(settings_url(name))


@router.post("/settings/integrations/{name}/delete")
@needs(Permission.INTEGRATION_MANAGE, sensitive=True)
async def do_delete(unit: Uses, request: Request, name: str, reason: Field = "") -> Response:
    """Delete an integration."""
    try:
        await actions.delete(unit, name, reason.strip()[:500])
    except Conflict as problem:
        return await _page(unit, request, await actions.existing(unit, name), problem=problem)
    return see_other("/settings/integrations")


@router.post("/settings/integrations/{name}/heartbeats")
@needs(Permission.INTEGRATION_MANAGE)
async def do_declare(
    unit: Uses, request: Request, name: str, heartbeat: Field = "", every: Field = "", grace: Field = ""
) -> Response:
    """Declare a heartbeat."""
    try:
        rhythm = HeartbeatDraft(every=every, grace=grace).rhythm
        await heartbeats.declare(unit, name, heartbeat.strip(), rhythm)
    except (Conflict, Invalid) as problem:
        return await _page(unit, request, await actions.existing(unit, name), problem=problem)
    return see_other(f"{settings_url(name)}#heartbeats")


@router.post("/settings/integrations/{name}/heartbeats/{heartbeat}/forget")
@needs(Permission.INTEGRATION_MANAGE)
async def do_forget(unit: Uses, name: str, heartbeat: str) -> Response:
    """Expect a heartbeat no longer."""
    await heartbeats.forget(unit, name, heartbeat)
    return see_other(f"{settings_url(name)}#heartbeats")


async def _page(
    unit: Unit,
    request: Request,
    integration: Integration,
    *,
    key: str = "",
    fresh: bool = False,
    result: Any = None,
    problem: Problem | None = None,
    draft: IntegrationDraft | None = None,
    typed: str | None = None,
    faults: dict[str, Fault] | None = None,
    tested: FormatForm | None = None,
    recovered: bool = False,
) -> Response:
    forms = forms_of(request)
    form = form_for(forms, integration)
    address = address_of(request, key or HIDDEN)
    draft = draft or actions.draft_of(integration)
    refused = await signals.newest(unit.conn, integration.id, "malformed", RECENT)
    recent = await signals.newest(unit.conn, integration.id, "", RECENT)
    return render(
        request,
        "alerts/integration.html",
        status=problem.status if problem else (422 if faults else 200),
        integration=integration,
        here=settings_url(integration.name),
        format_title=forms[integration.format].title if integration.format in forms else "Recognised by itself",
        formats=choices(forms),
        samples=[(form.name, form.title) for form in forms.values()] if integration.format not in forms else [],
        address=address,
        key=key,
        fresh=fresh,
        form=form,
        tested=tested or form,
        recovered=recovered,
        mail_address=await mail_address_of(unit, request, integration),
        takes_mail=takes_mail(request),
        guides=guides(forms.get(integration.format), address),
        curl=curl(form, address),
        result=result,
        problem=problem,
        draft=draft,
        options=typed if typed is not None else _written(draft.options),
        faults=faults or {},
        clock=(await clock_skews.lately(unit.conn, unit.now)).get(integration.id),
        heartbeats=await heartbeat_rows.of_integrations(unit.conn, [integration.id]),
        recent=[_brief(signal) for signal in recent],
        refused=[_brief(signal) for signal in refused],
        topics=[] if key or result or problem else [*TOPICS, f"integration:{integration.id}"],
    )


def _brief(signal: signals.RawSignal) -> dict[str, Any]:
    return {
        "id": signal.id,
        "url": f"/signals/{signal.id}",
        "received_at": signal.received_at,
        "path": signal.path or "/",
        "outcome": signal.outcome,
        "size": signal.size or 0,
        "said": [_sentence(fault) for fault in signal.faults[:3]],
    }


def _sentence(fault: dict[str, Any]) -> str:
    place = f"{fault['field']}: " if fault.get("field") else ""
    return f"{place}{fault.get('rule', '')} {fault.get('fix', '')}".strip()


def _written(options: dict[str, Any]) -> str:
    return json.dumps(options, indent=2, ensure_ascii=False) if options else ""


def _read(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text.strip() else {}
    except ValueError as error:
        fault = Fault("options", f"It is not JSON: {error}.", 'Write it as {"resolve_timeout": "10m"}.')
        raise Invalid("The options cannot be read.", faults=[fault]) from None
    if not isinstance(found, dict):
        fault = Fault("options", "Options are a JSON object.", 'Write it as {"resolve_timeout": "10m"}.')
        raise Invalid("The options cannot be read.", faults=[fault])
    return found
