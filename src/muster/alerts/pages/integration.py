"""One integration under settings: its address, how its source is told, a test, what it sent, and its key."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response

from muster.alerts.actions import heartbeats
from muster.alerts.actions import integrations as actions
from muster.alerts.actions.samples import TestResult, send_sample
from muster.alerts.api.integrations import form_for
from muster.alerts.api.parts import address_of, forms_of, mail_address_of, parser_of, secrets_of, takes_mail
from muster.alerts.guide import curl, guides
from muster.alerts.heartbeat import Heartbeat
from muster.alerts.integration import Integration
from muster.alerts.integration_draft import FormatForm, FormatStep, IntegrationDraft
from muster.alerts.manifest import HeartbeatDraft
from muster.alerts.pages.integrations import TOPICS, Options, choices
from muster.alerts.pages.parts import settings_url
from muster.alerts.store import clock_skews, signals
from muster.alerts.store import heartbeats as heartbeat_rows
from muster.alerts.store.clock_skews import SeenClockSkew
from muster.alerts.store.signals import RawSignal
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Conflict, Fault, Invalid, Malformed, Problem

RECENT = 10
HIDDEN = "KEY"
router = page_router()


@template("alerts/integration.html")
@dataclass(frozen=True, slots=True)
class IntegrationPage:
    """One integration. `address` has the word KEY unless `key` is shown, `samples` are there where it takes any format.

    `result` is what became of a test, `recovers` the format whose recovery can be sent after it. `options` are as typed.
    """

    integration: Integration
    here: str
    format_title: str
    formats: Options
    samples: Sequence[tuple[str, str]]
    address: str
    key: str
    fresh: bool
    secret: str
    secret_hint: str
    mail_address: str
    takes_mail: bool
    guides: Sequence[FormatStep]
    curl: str
    result: TestResult | None
    recovered: bool
    recovers: str
    problem: Problem | None
    draft: IntegrationDraft
    options: str
    faults: Mapping[str, Fault]
    clock: SeenClockSkew | None
    heartbeats: Sequence[Heartbeat]
    recent: Sequence[RawSignal]
    refused: Sequence[RawSignal]
    topics: Sequence[str]


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
        result = await send_sample(unit, integration, form, parser_of(request), recovery=again)
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
        return await _page(unit, request, integration, draft=draft, options=options, faults=by_field(problem))
    return see_other(settings_url(name))


@router.post("/settings/integrations/{name}/secret/forget")
@needs(Permission.INTEGRATION_MANAGE)
async def do_forget_secret(unit: Uses, request: Request, name: str) -> Response:
    """Take the sender's secret away."""
    return await _changed(unit, request, name, secret="")


@router.post("/settings/integrations/{name}/switch")
@needs(Permission.INTEGRATION_MANAGE)
async def do_switch(unit: Uses, request: Request, name: str, on: Field = "") -> Response:
    """Switch an integration on or off."""
    return await _changed(unit, request, name, active=on == "yes")


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


async def _changed(unit: Unit, request: Request, name: str, **changes: Any) -> Response:
    draft = actions.draft_of(await actions.existing(unit, name)).model_copy(update=changes)
    await actions.update(unit, name, draft, forms_of(request), secrets_of(request))
    return see_other(settings_url(name))


async def _page(
    unit: Unit,
    request: Request,
    integration: Integration,
    *,
    key: str = "",
    fresh: bool = False,
    result: TestResult | None = None,
    problem: Problem | None = None,
    draft: IntegrationDraft | None = None,
    options: str | None = None,
    faults: Mapping[str, Fault] | None = None,
    tested: FormatForm | None = None,
    recovered: bool = False,
) -> Response:
    forms = forms_of(request)
    form, own = form_for(forms, integration), forms.get(integration.format)
    address = address_of(request, key or HIDDEN)
    draft = draft or actions.draft_of(integration)
    page = IntegrationPage(
        integration=integration,
        here=settings_url(integration.name),
        format_title=own.title if own else "Recognised by itself",
        formats=choices(forms),
        samples=[] if own else [(format.name, format.title) for format in forms.values()],
        address=address,
        key=key,
        fresh=fresh,
        secret=form.secret,
        secret_hint=form.secret_hint,
        mail_address=await mail_address_of(unit, request, integration),
        takes_mail=takes_mail(request),
        guides=guides(own, address),
        curl=curl(form, address),
        result=result,
        recovered=recovered,
        recovers=tested.name if tested and tested.recovery and not recovered else "",
        problem=problem,
        draft=draft,
        options=_written(draft.options) if options is None else options,
        faults=faults or {},
        clock=(await clock_skews.lately(unit.conn, unit.now)).get(integration.id),
        heartbeats=await heartbeat_rows.of_integrations(unit.conn, [integration.id]),
        recent=await signals.newest(unit.conn, integration.id, "", RECENT),
        refused=await signals.newest(unit.conn, integration.id, "malformed", RECENT),
        topics=[] if key or result or problem else [*TOPICS, f"integration:{integration.id}"],
    )
    return render(request, page, status=problem.status if problem else (422 if faults else 200))


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
