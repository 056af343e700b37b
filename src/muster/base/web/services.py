"""What the edge is given by the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request, Response

from muster.base.access import Principal
from muster.base.db.database import Database
from muster.base.settings import Settings
from muster.base.unit import Conn
from muster.base.web.view import View
from muster.base.work.nodes import Node
from muster.kit.errors import Denied, Problem


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is asking. `csrf` is set for a browser's session: unsafe requests must bring it back.

    `on_answer` writes to the answer what the browser is to keep once the unit is done.
    """

    principal: Principal
    csrf: str | None = None
    on_answer: Callable[[Response], None] | None = None


@dataclass(frozen=True, slots=True)
class Services:
    """Stands in `app.state.services`."""

    database: Database
    settings: Settings
    authenticate: Callable[[Conn, Request], Awaitable[Caller]]
    view: Callable[[Conn, Request, Caller], Awaitable[View]]
    record_denial: Callable[[Principal, Denied, Request], Awaitable[None]]
    show_problem: Callable[[Request, Problem], Awaitable[Response]]
    extras: dict[str, Any]
    node: Node = field(default_factory=lambda: Node(""))


def services_of(request: Request) -> Services:
    """The services of the application that serves this request."""
    found: Services = request.app.state.services
    return found
