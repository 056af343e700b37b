"""Requests of Opsgenie's clients: whose they are, which alert they mean, and refusals as Opsgenie words them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from muster.alerts.alert import Alert
from muster.alerts.integration import Integration, key_digest
from muster.alerts.store import alerts as store
from muster.alerts.store import integrations
from muster.base.access import Kind, Permission, Principal
from muster.base.services import Services
from muster.base.unit import Unit
from muster.base.web.edge import EdgeRoute, Uses
from muster.inbound.opsgenie import ALLOWED, named_by, said_no
from muster.inbound.opsgenie_address import ANY_KEY, genie_key
from muster.kit.errors import Missing, Problem, Unauthenticated

REASON = "the key in the address, or in the GenieKey header, is the credential"
SCOPES = frozenset({str(Permission.ALERT_READ), str(Permission.INCIDENT_READ), str(Permission.INCIDENT_EDIT)})
DECIDING = frozenset({str(Permission.ALERT_SILENCE), str(Permission.PAGE_ESCALATE)})
"""What an integration's senders may do beside, where a manager set the option `senders_decide`."""
Identifier = Annotated[str, Path(max_length=1000)]


class OpsgenieRoute(EdgeRoute):
    """Refusals are what the clients of Opsgenie can read."""

    async def _admit(self, request: Request, services: Services, unit: Unit) -> None:
        """The GenieKey is no token of a person: the integration's key is looked at by `Source`."""

    async def _refuse(self, request: Request, services: Services, problem: Problem) -> Response:
        refused = await super()._refuse(request, services, problem)
        return JSONResponse(said_no(problem), refused.status_code)


async def _integration(unit: Uses, request: Request, key: Annotated[str, Path(max_length=500)]) -> Integration:
    given = genie_key(request.headers.get("authorization", ""))
    found = await integrations.by_digest(unit.conn, key_digest(given if key == ANY_KEY else key))
    if found is None or not found.active:
        raise Missing(
            "No integration has this key.", "Copy the integration's address anew from Settings, Integrations."
        )
    other = await integrations.by_digest(unit.conn, key_digest(given)) if given else None
    if other is not None and other.id != found.id:
        raise Unauthenticated("The key in the header is another integration's than the one in the address.")
    scopes = SCOPES | DECIDING if decides(found) else SCOPES
    unit.principal = Principal(Kind.INTEGRATION, f"Opsgenie API of {found.name}", scopes=scopes, via="Opsgenie API")
    return found


Source = Annotated[Integration, Depends(_integration)]
"""The integration that is asked or acted for; from then on it is the unit's actor."""


def decides(source: Integration) -> bool:
    """Whether a manager lets this integration's senders do what keeps people from being paged."""
    return source.options.get(ALLOWED) is True


async def named(unit: Unit, source: Integration, request: Request, identifier: str) -> Alert | None:
    """The alert of this integration that an address names; those of others do not exist for it."""
    kind = named_by(dict(request.query_params))
    return await store.named(unit.conn, source.id, kind, identifier.replace("\x00", ""))


async def existing(unit: Unit, source: Integration, request: Request, identifier: str) -> Alert:
    """The alert that an address names.

    Raises:
        Missing: this integration has none of that name.
    """
    unit.allow(Permission.ALERT_READ)
    found = await named(unit, source, request, identifier)
    if found is None:
        raise Missing("There is no such alert.", "identifierType says what the identifier is: id, alias or tiny.")
    return found


def told(data: Any, **more: Any) -> Response:
    """An answer with data."""
    return JSONResponse({"data": data, "took": 0.001, "requestId": "-", **more})


def router() -> APIRouter:
    """A router below an integration's address."""
    return APIRouter(prefix="/i/{key}", route_class=OpsgenieRoute, include_in_schema=False)
