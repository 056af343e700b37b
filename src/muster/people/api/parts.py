"""What the routes share: bodies that refuse unknown fields, answers that hold secrets, and the channels."""

from typing import Annotated

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from muster.base.web.services import services_of
from muster.people.actions.cookies import DEVICE, SESSION
from muster.people.password import LONGEST, SHORTEST
from muster.people.reach import Reach

Password = Annotated[str, Field(json_schema_extra={"format": "password", "minLength": SHORTEST, "maxLength": LONGEST})]


class Body(BaseModel):
    """What a client sends."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def reach_of(request: Request) -> Reach:
    """The channels of this installation."""
    return services_of(request).of(Reach)


def holds_secret(response: Response) -> None:
    """Mark an answer as one that is shown once and kept nowhere, also not for a repeat with the same Idempotency-Key."""
    response.headers["cache-control"] = "private, no-store"


def place_of(request: Request) -> tuple[str, str, str]:
    """Where a request comes from: its address, what the browser says of itself, and the cookie by which it is known."""
    device = DEVICE.read(request.cookies, secure=services_of(request).settings.secure)
    return request.client.host if request.client else "", request.headers.get("user-agent", ""), device


def session_cookie(request: Request) -> str:
    """The cookie of the browser's session, or nothing."""
    return SESSION.read(request.cookies, secure=services_of(request).settings.secure)
