"""What the callbacks of chats share: their router, refusals that leave no trace in the ledger, and what they look up."""

import hmac
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from muster.base.access import Permission
from muster.base.web import problems
from muster.base.web.edge import EdgeRoute
from muster.base.web.services import services_of
from muster.channels.callback_links import CallbackLinks
from muster.channels.registry import Channels
from muster.kit.errors import Denied
from muster.paging.channel import Channel


def callback_router(place: str) -> APIRouter:
    """A router below /callbacks that is no part of the API's description."""
    return APIRouter(prefix=f"/callbacks/{place}", route_class=EdgeRoute, include_in_schema=False)


def refuse(title: str, detail: str) -> Response:
    """A 403 with its reason. Not raised: the world may knock here, and each knock would be an entry in the ledger."""
    return problems.as_response(Denied(title, detail, permission=str(Permission.INCIDENT_ACKNOWLEDGE)))


def same(given: str, expected: str) -> bool:
    """Whether two texts are the same, in constant time."""
    return hmac.compare_digest(given.encode(), expected.encode())


def channels_of(request: Request) -> Mapping[str, Channel]:
    """The channels of this installation."""
    return services_of(request).of(Channels)


def links_of(request: Request) -> CallbackLinks:
    """The signed addresses of this installation."""
    return services_of(request).of(CallbackLinks)
