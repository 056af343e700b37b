"""The one edge of all routes: authenticates, authorises, opens the transaction, answers repeats, commits, then answers."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any

import asyncpg
import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from muster.base.access import ANONYMOUS, check
from muster.base.services import Services
from muster.base.unit import Unit
from muster.base.web import csrf, idempotency, problems
from muster.base.web.budget import Budgets
from muster.base.web.inflow import SLICE
from muster.base.web.needs import Needs, needs_of
from muster.base.web.place import route_of
from muster.base.web.services import Caller, Visitors, services_of
from muster.base.web.shape import check_shape
from muster.kit.errors import Denied, Problem, SessionUnproven, Unfinished

log = structlog.get_logger("muster.web")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TRIES = 3


class _Refused(Exception):
    """Carries a refusal that a handler answered by itself out of the transaction, so that nothing of it is kept."""

    def __init__(self, response: Response, unit: Unit) -> None:
        self.response, self.unit = response, unit


class EdgeRoute(APIRoute):
    """A route of the API: refusals are RFC 9457 problem details, writes may carry an Idempotency-Key."""

    api = True

    def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:
        self.needs = needs_of(endpoint)
        super().__init__(path, endpoint, **kwargs)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            services = services_of(request)
            request.state.caller = Caller(ANONYMOUS)
            try:
                if request.method not in SAFE:
                    await self._read(request)
                if self.needs.streams:
                    return await self._stream(request, services, inner)
                return await self._insist(request, services, inner)
            except _Refused as refused:
                if refused.unit.denial is not None:
                    await services.of(Visitors).record_denial(refused.unit.principal, refused.unit.denial, request)
                return refused.response
            except (Problem, RequestValidationError, HTTPException, asyncpg.PostgresError, MemoryError) as error:
                return await self._refuse(request, services, problems.problem_of(error))

        return handle

    async def _read(self, request: Request) -> None:
        """Have the body here before a connection to the database is taken: whoever sends it may take their time."""
        if inflow := request.scope.get(SLICE):
            inflow.limit = min(inflow.limit, self.needs.largest or inflow.limit)
            inflow.declared(request.headers.get("content-length", ""))
        body = await request.body()
        check_shape(body, request.headers.get("content-type", ""), document=self.needs.largest is None)

    async def _insist(
        self, request: Request, services: Services, inner: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        """Do it again where another transaction was in the way: nothing of a failed one has left the house, and whoever
        acknowledges at 03:00 is not to be asked to try again."""
        for _ in range(TRIES - 1):
            try:
                return await self._transact(request, services, inner)
            except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as clash:
                # An upload can be read only once.
                if request.headers.get("content-type", "").startswith("multipart/"):
                    raise
                log.warning("edge.again", path=route_of(request), reason=str(clash))
        return await self._transact(request, services, inner)

    async def _transact(
        self, request: Request, services: Services, inner: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        async with services.database.unit(ANONYMOUS) as unit:
            await self._admit(request, services, unit)
            request.state.unit = unit
            if unproven := await self._unproven(request, services, unit):
                if not unit.keep:
                    raise _Refused(unproven, unit)
                return unproven
            repeat = await idempotency.begin(unit, request) if self.api and request.method not in SAFE else None
            if repeat and repeat.answer:
                return repeat.answer
            response = await inner(request)
            if response.status_code >= 400 and not unit.keep:
                raise _Refused(response, unit)
            if repeat:
                await repeat.keep(unit, response)
        if on_answer := request.state.caller.on_answer:
            on_answer(response)
        return response

    async def _unproven(self, request: Request, services: Services, unit: Unit) -> Response | None:
        """What asks for a fresh proof before a sensitive deed; None where it may be done."""
        caller: Caller = request.state.caller
        if not self.needs.sensitive or not caller.stale(unit.now):
            return None
        confirm = services.of(Visitors).confirm
        if self.api or confirm is None:
            raise SessionUnproven(
                "Confirm that it is you.",
                "POST your password or a code to /api/v1/me/reauthenticate, then repeat this within ten minutes.",
            )
        return await confirm(unit, request, caller)

    async def _stream(
        self, request: Request, services: Services, inner: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        async with services.database.unit(ANONYMOUS) as unit:
            await self._admit(request, services, unit)
        return await inner(request)

    async def _admit(self, request: Request, services: Services, unit: Unit) -> None:
        caller = await services.of(Visitors).authenticate(unit.conn, request)
        request.state.caller = caller
        unit.principal = caller.principal
        if request.method not in SAFE and caller.csrf is not None:
            await csrf.check(request, caller.csrf)
        if not self.api:
            request.state.view = await services.of(Visitors).view(unit.conn, request, caller)
        authorise(self.needs, caller)
        if self.needs.budget and caller.principal.person_id:
            state = request.app.state
            state.budgets = getattr(state, "budgets", None) or Budgets()
            state.budgets.take(str(caller.principal.person_id), self.needs.budget)

    async def _refuse(self, request: Request, services: Services, problem: Problem) -> Response:
        if isinstance(problem, Denied):
            await services.of(Visitors).record_denial(request.state.caller.principal, problem, request)
        if self.api:
            return problems.as_response(problem)
        return await services.of(Visitors).show_problem(request, problem)


class PageRoute(EdgeRoute):
    """A route of the web UI: refusals are pages."""

    api = False


def authorise(needed: Needs, caller: Caller) -> None:
    """Let pass or refuse by what the route declares."""
    if needed.permission is None:
        return
    check(caller.principal, needed.permission)
    if caller.must_enrol and not needed.unfinished:
        raise Unfinished("Set up a second factor first.", "Your organisation requires one. Open /me/factors.")


def _unit(request: Request) -> Unit:
    unit: Unit = request.state.unit
    return unit


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


Uses = Annotated[Unit, Depends(_unit)]
"""A handler's unit of work: already authorised, committed by the edge before the answer leaves."""

Asker = Annotated[Caller, Depends(_caller)]
"""Who is asking."""


def api_router(prefix: str, tag: str) -> APIRouter:
    """A router under /api/v1 whose routes must declare their permission."""
    return APIRouter(prefix=f"/api/v1{prefix}", tags=[tag], route_class=EdgeRoute, responses=problems.RESPONSES)


def page_router(prefix: str = "") -> APIRouter:
    """A router of HTML pages whose routes must declare their permission."""
    return APIRouter(prefix=prefix, route_class=PageRoute, include_in_schema=False, default_response_class=Response)
