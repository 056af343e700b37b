"""Addresses below Opsgenie's that do not exist here, refused in words."""

from fastapi import Response

from muster.base.web.needs import public
from muster.inbound.api.opsgenie.asking import REASON, Source
from muster.inbound.api.opsgenie.asking import router as make_router
from muster.kit.errors import Missing

router = make_router()


@router.api_route("/v2/alerts/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
@public(REASON)
async def nowhere(source: Source, rest: str) -> Response:
    """There is nothing."""
    raise Missing(
        "Nothing is served at this address.",
        "Create an alert with POST /v2/alerts; docs/how-to/connect-opsgenie-senders.md lists what else there is.",
    )
