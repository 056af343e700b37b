"""What the routes share: formats and addresses of this installation, filters as parameters, and bodies."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel, ConfigDict

from muster.alerts.actions.integrations import existing
from muster.alerts.formats import Formats, MailAddresses
from muster.alerts.integration import Integration
from muster.alerts.integration_draft import Forms
from muster.alerts.listing import HOLDS, SEVERITIES, STATUSES, AlertFilter, Held, Status, one_of, read_filters
from muster.alerts.port import Parser
from muster.alerts.store import integrations as store
from muster.base.access import Permission, refusal
from muster.base.secrets import Secrets
from muster.base.unit import Unit
from muster.base.web.services import services_of

Text = Annotated[str, Query(max_length=200)]
Matchers = Annotated[
    list[str] | None,
    Query(alias="filter", max_length=20, description='Matchers as Alertmanager writes them: `severity=~"crit.*"`.'),
]


class Body(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class FaultOut(BaseModel):
    """One thing wrong with a signal, or odd about it."""

    field: str = ""
    rule: str
    fix: str = ""


def forms_of(request: Request) -> Forms:
    """What settings know of the formats."""
    return services_of(request).of(Formats).forms


def parser_of(request: Request) -> Parser:
    """What reads requests."""
    return services_of(request).of(Formats).parser


def secrets_of(request: Request) -> Secrets:
    """What seals keys."""
    return services_of(request).of(Secrets)


def address_of(request: Request, key: str) -> str:
    """Where a sender posts to; `key` may be a placeholder."""
    return f"{services_of(request).settings.base_url}/i/{key}"


def takes_mail(request: Request) -> bool:
    """Whether mail is taken in at all."""
    return services_of(request).find(MailAddresses) is not None


async def mail_address_of(unit: Unit, request: Request, integration: Integration) -> str:
    """Where an integration takes alerts by mail. Whoever knows it may send, so it is empty for those who may not see keys."""
    addresses = services_of(request).find(MailAddresses)
    if addresses is None or refusal(unit.principal, Permission.INTEGRATION_MANAGE):
        return ""
    return addresses.of(integration.id, await store.digest_of(unit.conn, integration.id))


def holds_secret(response: Response) -> None:
    """Mark an answer that shows a key as one that is kept nowhere."""
    response.headers["cache-control"] = "private, no-store"


async def filter_of(
    unit: Unit, status: str, held: str, integration: str, severity: str, filters: list[str] | None, q: str
) -> AlertFilter:
    """The filter of a list from its parameters.

    Raises:
        Invalid: with what cannot be read. Missing: there is no such integration.
    """
    chosen_status: Status = one_of("status", status, STATUSES)  # type: ignore[assignment]
    chosen_held: Held = one_of("held", held, HOLDS)  # type: ignore[assignment]
    integration_id: UUID | None = (await existing(unit, integration)).id if integration else None
    return AlertFilter(
        status=chosen_status,
        held=chosen_held,
        integration_id=integration_id,
        severity=one_of("severity", severity, ("", *SEVERITIES)),
        matchers=read_filters(filters or []),
        text=q.strip(),
    )
