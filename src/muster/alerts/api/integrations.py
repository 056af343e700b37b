"""Integrations as JSON: where signals may come from, their keys, and a test of each."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from muster.alerts.actions import integrations as actions
from muster.alerts.actions import samples
from muster.alerts.api.alerts import names_of
from muster.alerts.api.parts import (
    Body,
    FaultOut,
    address_of,
    forms_of,
    holds_secret,
    mail_address_of,
    parser_of,
    secrets_of,
)
from muster.alerts.api.shapes import AlertOut
from muster.alerts.integration import Integration
from muster.alerts.integration_draft import AUTO, FormatForm, Forms, IntegrationDraft
from muster.alerts.port import Request as SignalRequest
from muster.alerts.store import clock_skews, signals
from muster.alerts.store import integrations as store
from muster.alerts.store.clock_skews import SeenClockSkew
from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs

LATELY = timedelta(days=1)
router = api_router("/integrations", "integrations")


class IntegrationOut(BaseModel):
    """A source of signals, without its key and secret. The counts are of the last 24 hours.

    `clock` says how its sender's clock differs from this one; it is empty where it does not. `email_address` takes alerts by
    mail; it stands in the answer about one integration only, for whoever may see its key, where MUSTER_MAIL_IN is set.
    """

    id: UUID
    name: str
    title: str
    format: str
    options: dict[str, Any]
    active: bool
    created_at: datetime
    last_signal_at: datetime | None
    has_secret: bool
    email_address: str = ""
    received: int
    refused: int
    clock: str = ""

    @classmethod
    def of(
        cls, integration: Integration, counts: tuple[int, int] = (0, 0), seen: SeenClockSkew | None = None
    ) -> "IntegrationOut":
        """From the domain value."""
        plain = ("id", "name", "title", "format", "options", "active", "created_at", "last_signal_at")
        return cls(
            **{name: getattr(integration, name) for name in plain},
            has_secret=bool(integration.secret_sealed),
            received=counts[0],
            refused=counts[1],
            clock=seen.skew.sentence() if seen else "",
        )


class KeyOut(BaseModel):
    """A key and the address that holds it: whoever has it may send signals."""

    key: str
    address: str


class CreatedOut(IntegrationOut, KeyOut):
    """A new integration with its key."""


class IntegrationIn(Body):
    """A new integration. Without `key` it gets a random one; `format` is `auto` or a format's name. `secret` is what its
    sender proves itself with, where the format knows such a thing."""

    name: str
    format: str = AUTO
    title: str = ""
    options: dict[str, Any] = Field(default_factory=dict)
    active: bool = True
    key: str = ""
    secret: str | None = None


class IntegrationChange(Body):
    """What is to change; what is left out stays. An empty `secret` takes it away."""

    format: str | None = None
    title: str | None = None
    options: dict[str, Any] | None = None
    active: bool | None = None
    key: str = ""
    secret: str | None = None


class RotateIn(Body):
    """Why the key is exchanged; `overlap` is for how long the old one is taken too, such as `24h`."""

    reason: str = Field(default="", max_length=2000)
    overlap: str = Field(default="", max_length=50)


class TestIn(Body):
    """Which format's sample to send, where the integration takes any; or the `recovery` that ends it."""

    format: str = ""
    recovery: bool = False


class TestOut(BaseModel):
    """What the sample became. Nobody is paged by it, and it is over by itself."""

    format: str
    alerts: list[AlertOut]
    changes: int
    warnings: list[FaultOut]


class SignalIn(Body):
    """A signal to take as if its source had sent it; `path` is what would follow the key in the address."""

    body: str = Field(max_length=1_000_000)
    path: str = Field(default="/", max_length=500, pattern="^/")
    content_type: str = Field(default="application/json", max_length=200)


class SentOut(BaseModel):
    """The alerts that a signal concerned."""

    alerts: list[AlertOut]


@router.get("")
@needs(Permission.INTEGRATION_READ)
async def list_integrations(unit: Uses, after: After = None, limit: Limit = 50) -> Page[IntegrationOut]:
    """List the integrations by name."""
    cursor = decode(after, str)
    rows = [row for row in await store.every(unit.conn) if not cursor or row.name > cursor[0]]
    kept, following = page_of(rows[: limit + 1], limit, lambda row: (row.name,))
    counts = await signals.health(unit.conn, unit.now - LATELY)
    seen = await clock_skews.lately(unit.conn, unit.now)
    items = [IntegrationOut.of(row, counts.get(row.id, (0, 0)), seen.get(row.id)) for row in kept]
    return Page(items=items, next=following)


@router.post("", status_code=201)
@needs(Permission.INTEGRATION_MANAGE)
async def create_integration(unit: Uses, request: Request, response: Response, body: IntegrationIn) -> CreatedOut:
    """Create an integration; its key comes with the answer."""
    draft = IntegrationDraft(**body.model_dump())
    integration, key = await actions.create(unit, draft, forms_of(request), secrets_of(request))
    holds_secret(response)
    return CreatedOut(**dict(IntegrationOut.of(integration)), key=key, address=address_of(request, key))


@router.get("/{name}")
@needs(Permission.INTEGRATION_READ)
async def show_integration(unit: Uses, request: Request, response: Response, name: str) -> IntegrationOut:
    """Show an integration."""
    integration = await actions.existing(unit, name)
    counts = await signals.health(unit.conn, unit.now - LATELY)
    seen = (await clock_skews.lately(unit.conn, unit.now)).get(integration.id)
    shown = IntegrationOut.of(integration, counts.get(integration.id, (0, 0)), seen)
    shown.email_address = await mail_address_of(unit, request, integration)
    holds_secret(response)
    return shown


@router.patch("/{name}")
@needs(Permission.INTEGRATION_MANAGE)
async def change_integration(unit: Uses, request: Request, name: str, body: IntegrationChange) -> IntegrationOut:
    """Change an integration; the name stays, and the key too where none is given."""
    now = await actions.existing(unit, name)
    given = body.model_dump(exclude_none=True)
    draft = IntegrationDraft(
        name=name,
        format=given.get("format", now.format),
        title=given.get("title", now.title),
        options=given.get("options", now.options),
        active=given.get("active", now.active),
        key=body.key,
        secret=body.secret,
    )
    return IntegrationOut.of(await actions.update(unit, name, draft, forms_of(request), secrets_of(request)))


@router.delete("/{name}", status_code=204)
@needs(Permission.INTEGRATION_MANAGE, sensitive=True)
async def delete_integration(
    unit: Uses, name: str, reason: Annotated[str, Query(max_length=500)] = ""
) -> Response:  # fmt: skip
    """Delete an integration with its alerts and signals, once nothing of it fires and nothing uses it."""
    await actions.delete(unit, name, reason)
    return Response(status_code=204)


@router.get("/{name}/key")
@needs(Permission.INTEGRATION_MANAGE)
async def show_key(unit: Uses, request: Request, response: Response, name: str) -> KeyOut:
    """Show an integration's key; looking is recorded."""
    key = await actions.reveal(unit, name, secrets_of(request))
    holds_secret(response)
    return KeyOut(key=key, address=address_of(request, key))


@router.post("/{name}/key:rotate")
@needs(Permission.INTEGRATION_MANAGE, sensitive=True)
async def rotate_key(
    unit: Uses, request: Request, response: Response, name: str, body: RotateIn | None = None
) -> KeyOut:
    """Give an integration a new key; the old one is refused at once, or after an overlap."""
    told = body or RotateIn()
    key = await actions.rotate(unit, name, secrets_of(request), told.reason, told.overlap)
    holds_secret(response)
    return KeyOut(key=key, address=address_of(request, key))


@router.post("/{name}/test")
@needs(Permission.SIGNAL_SEND, largest=None)
async def try_integration(unit: Uses, request: Request, name: str, body: TestIn | None = None) -> TestOut:
    """Send the format's sample, or its recovery, through an integration; nobody is paged."""
    integration = await actions.existing(unit, name)
    form = form_for(forms_of(request), integration, body.format if body else "")
    again = body is not None and body.recovery
    result = await samples.send_sample(unit, integration, form, parser_of(request), recovery=again)
    names = await names_of(unit)
    return TestOut(
        format=form.name,
        alerts=[AlertOut.of(alert, names) for alert in result.alerts],
        changes=result.changes,
        warnings=[FaultOut(field=warning.field, rule=warning.rule, fix=warning.fix) for warning in result.warnings],
    )


@router.post("/{name}/signals", status_code=202)
@needs(Permission.SIGNAL_SEND, largest=None)
async def send_signal(unit: Uses, request: Request, name: str, body: SignalIn) -> SentOut:
    """Take a signal as if its source had sent it: it does page."""
    integration = await actions.existing(unit, name)
    sent = SignalRequest(
        body.path, "POST", {"content-type": body.content_type}, {}, body.body.encode(), unit.now
    )  # fmt: skip
    found = await samples.send(unit, integration, sent, parser_of(request))
    names = await names_of(unit)
    return SentOut(alerts=[AlertOut.of(alert, names) for alert in found if alert is not None])


def form_for(forms: Forms, integration: Integration, wanted: str = "") -> FormatForm:
    """The format whose sample to send: the wanted one, else the integration's own, else the plainest."""
    for name in (wanted, integration.format, "generic"):
        if name in forms:
            return forms[name]
    return next(iter(forms.values()))
