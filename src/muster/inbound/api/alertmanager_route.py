"""Requests below an integration's address that its key authorises, and refusals as Alertmanager words them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse

from muster.alerts.integration import Integration, key_digest
from muster.alerts.store import integrations
from muster.base.access import Kind, Permission, Principal
from muster.base.services import Services
from muster.base.web.edge import EdgeRoute, Uses
from muster.kit.errors import Missing, Problem

SCOPES = frozenset({str(Permission.ALERT_READ), str(Permission.ALERT_SILENCE)})
REASON = "the key in the address is the credential"


class AlertmanagerRoute(EdgeRoute):
    """Refusals are a JSON string with status 400 or 404: what the clients of Alertmanager can read."""

    async def _refuse(self, request: Request, services: Services, problem: Problem) -> Response:
        refused = await super()._refuse(request, services, problem)
        status = 400 if 400 <= refused.status_code < 500 and refused.status_code != 404 else refused.status_code
        return JSONResponse(str(problem), status)


async def _integration(unit: Uses, key: Annotated[str, Path(max_length=500)]) -> Integration:
    found = await integrations.by_digest(unit.conn, key_digest(key))
    if found is None or not found.active:
        raise Missing(
            "No integration has this key.", "Copy the integration's address anew from Settings, Integrations."
        )
    unit.principal = Principal(Kind.INTEGRATION, found.name, scopes=SCOPES, via="Alertmanager API")
    return found


Source = Annotated[Integration, Depends(_integration)]
"""The integration whose key stands in the address; from then on it is the unit's actor."""


def router() -> APIRouter:
    """A router below an integration's address."""
    return APIRouter(prefix="/i/{key}", route_class=AlertmanagerRoute, include_in_schema=False)
