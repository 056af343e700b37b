"""Integrations as JSON: where signals may come from and in which formats, their keys, and ways to try them out."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from muster.alerts.actions import integrations as actions
from muster.alerts.actions import samples
from muster.alerts.actions.payload_trial import Attempt, try_payload
from muster.alerts.api.parts import (
    address_of,
    forms_of,
    holds_secret,
    mail_address_of,
    names_of,
    parser_of,
    secrets_of,
)
from muster.alerts.api.shapes import AlertOut, Body, FaultOut, FromDomain
from muster.alerts.integration import Integration
from muster.alerts.integration_draft import FormatForm, FormatStep, Forms, IntegrationDraft
from muster.alerts.payload_tree import Leaf
from muster.alerts.port import Request as SignalRequest
from muster.alerts.store import clock_skews, signals
from muster.alerts.store import integrations as store
from muster.alerts.store.clock_skews import SeenClockSkew
from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.drafts import Change
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs

LATELY = timedelta(days=1)
router = api_router("/integrations", "integrations")
formats = api_router("/formats", "integrations")


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
        return cls(
            id=integration.id,
            name=integration.name,
            title=integration.title,
            format=integration.format,
            options=integration.options,
            active=integration.active,
            created_at=integration.created_at,
            last_signal_at=integration.last_signal_at,
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

    def request(self, now: datetime) -> SignalRequest:
        """What the source would have sent."""
        body = self.body.encode("utf-8", "replace")
        return SignalRequest(self.path, "POST", {"content-type": self.content_type}, {}, body, now)


class SentOut(BaseModel):
    """The alerts that a signal concerned."""

    alerts: list[AlertOut]


class TryIn(SignalIn):
    """A payload, as a source would post it. Without `options` it is read with those of the integration."""

    body: str = Field(max_length=256_000)
    options: dict[str, Any] | None = None


class WouldBeOut(FromDomain):
    """An alert that it would become. `guess` is set where its recovery is not certain: then it ends only what is open."""

    key: str
    status: str
    title: str
    severity: str = Field(validation_alias="severity_hint")
    guess: str
    description: str
    labels: dict[str, str]
    next_step: str


class TriedOut(FromDomain):
    """What the payload would become. `faults` say why it would be refused, or what is wrong with the options."""

    alerts: list[WouldBeOut] = Field(validation_alias="signals")
    changes: int
    warnings: list[FaultOut]
    faults: list[FaultOut]
    fields: list[Leaf]


Text = Annotated[str, BeforeValidator(lambda body: body.decode("utf-8", "replace"))]


class FormatOut(FromDomain):
    """A format. `secret` is what its sender calls that by which it proves itself; empty where it cannot."""

    name: str
    title: str
    family: str
    secret: str
    steps: list[FormatStep]
    sample: Text = Field(validation_alias="example")
    recovery: Text


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
async def create_integration(unit: Uses, request: Request, response: Response, body: IntegrationDraft) -> CreatedOut:
    """Create an integration; its key comes with the answer."""
    integration, key = await actions.create(unit, body, forms_of(request), secrets_of(request))
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
async def change_integration(unit: Uses, request: Request, name: str, body: Change[IntegrationDraft]) -> IntegrationOut:
    """Change an integration; the name stays, and the key too where none is given. An empty secret takes it away."""
    draft = body.on(actions.draft_of(await actions.existing(unit, name)))
    return IntegrationOut.of(await actions.update(unit, name, draft, forms_of(request), secrets_of(request)))


@router.delete("/{name}", status_code=204)
@needs(Permission.INTEGRATION_MANAGE, sensitive=True)
async def delete_integration(unit: Uses, name: str, reason: Annotated[str, Query(max_length=500)] = "") -> Response:
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
    asked = body or RotateIn()
    key = await actions.rotate(unit, name, secrets_of(request), asked.reason, asked.overlap)
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
        warnings=[FaultOut.model_validate(warning) for warning in result.warnings],
    )


@router.post("/{name}/signals", status_code=202)
@needs(Permission.SIGNAL_SEND, largest=None)
async def send_signal(unit: Uses, request: Request, name: str, body: SignalIn) -> SentOut:
    """Take a signal as if its source had sent it: it does page."""
    integration = await actions.existing(unit, name)
    alerts = await samples.send(unit, integration, body.request(unit.now), parser_of(request))
    names = await names_of(unit)
    return SentOut(alerts=[AlertOut.of(alert, names) for alert in alerts if alert is not None])


@router.post("/{name}:try", response_model=TriedOut)
@needs(Permission.SIGNAL_SEND)
async def try_signal(unit: Uses, request: Request, name: str, body: TryIn) -> Attempt:
    """Show what a payload would become, with other options where they are given; nothing is kept."""
    integration = await actions.existing(unit, name)
    sent = body.request(unit.now)
    return try_payload(unit, integration, sent, parser_of(request), forms_of(request), body.options)


@formats.get("", response_model=list[FormatOut])
@needs(Permission.INTEGRATION_READ)
async def list_formats(request: Request) -> Sequence[FormatForm]:
    """List the formats."""
    return list(forms_of(request).values())


def form_for(forms: Forms, integration: Integration, wanted: str = "") -> FormatForm:
    """The format whose sample to send: the wanted one, else the integration's own, else the plainest."""
    for name in (wanted, integration.format, "generic"):
        if name in forms:
            return forms[name]
    return next(iter(forms.values()))
