"""What the edge is given by the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request, Response

from muster.base.access import Principal
from muster.base.services import Services
from muster.base.unit import Conn, Unit
from muster.base.web.view import View
from muster.kit.errors import Denied, Problem

PROVEN_FOR = timedelta(minutes=10)
"""So long after a proof sensitive deeds ask for none."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking. `csrf` is set for a browser's session: unsafe requests must bring it back.

    `proven_at` is when password or factor was last proven in it; `must_enrol` holds somebody who has yet to set a second
    factor up. `on_answer` writes to the answer what the browser is to keep once the unit is done.
    """

    principal: Principal
    csrf: str | None = None
    on_answer: Callable[[Response], None] | None = None
    proven_at: datetime | None = None
    must_enrol: bool = False

    def stale(self, now: datetime) -> bool:
        """Whether this is a browser's session that was not proven lately. Tokens are judged by their scopes instead."""
        return self.csrf is not None and (self.proven_at is None or now - self.proven_at >= PROVEN_FOR)


@dataclass(frozen=True, slots=True)
class Visitors:
    """How the edge meets those who ask: who they are, what their pages look like, what becomes of a refusal.

    `confirm` asks whoever sent a form for a sensitive action to prove again who they are: None once it is proven, else the page
    that asks.
    """

    authenticate: Callable[[Conn, Request], Awaitable[Caller]]
    view: Callable[[Conn, Request, Caller], Awaitable[View]]
    record_denial: Callable[[Principal, Denied, Request], Awaitable[None]]
    show_problem: Callable[[Request, Problem], Awaitable[Response]]
    confirm: Callable[[Unit, Request, Caller], Awaitable[Response | None]] | None = None


def services_of(request: Request) -> Services:
    """The services of the application that serves this request."""
    services: Services = request.app.state.services
    return services
