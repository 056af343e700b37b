"""What the routes share: bodies that refuse unknown fields, answers that hold secrets, and the channels."""

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict

from muster.base.web.services import services_of
from muster.people.reach import Reach

REACH = "reach"
"""Where the composition root puts the channels' `Reach` in `Services.extras`."""


class Body(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def reach_of(request: Request) -> Reach:
    """The channels of this installation."""
    found: Reach = services_of(request).extras[REACH]
    return found


def holds_secret(response: Response) -> None:
    """Mark an answer as one that is shown once and kept nowhere, also not for a repeat with the same Idempotency-Key."""
    response.headers["cache-control"] = "private, no-store"


def place_of(request: Request) -> tuple[str, str]:
    """The address and the browser of a request, as the session keeps them."""
    return request.client.host if request.client else "", request.headers.get("user-agent", "")
