"""What the routes share: formats and addresses of this installation, and filters as parameters."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from muster.alerts.actions.integrations import existing
from muster.alerts.api.shapes import Text
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

Matchers = Annotated[
    list[str] | None,
    Query(alias="filter", max_length=20, description='Matchers as Alertmanager writes them: `severity=~"crit.*"`.'),
]


@dataclass(frozen=True, slots=True)
class AlertQuery:
    """Which alerts are asked for, as parameters."""

    status: Text = "active"
    held: Text = ""
    integration: Text = ""
    severity: Text = ""
    matchers: Matchers = None
    q: Text = ""

    async def filter(self, unit: Unit) -> AlertFilter:
        """The filter of a list.

        Raises:
            Invalid: with what cannot be read. Missing: there is no such integration.
        """
        status: Status = one_of("status", self.status, STATUSES)  # type: ignore[assignment]
        held: Held = one_of("held", self.held, HOLDS)  # type: ignore[assignment]
        integration_id = (await existing(unit, self.integration)).id if self.integration else None
        severity = one_of("severity", self.severity, ("", *SEVERITIES))
        return AlertFilter(status, held, integration_id, severity, read_filters(self.matchers or []), self.q.strip())


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


async def names_of(unit: Unit) -> dict[UUID, str]:
    """The integrations' names."""
    return {row.id: row.name for row in await store.every(unit.conn)}
