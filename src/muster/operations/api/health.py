"""Is this node alive, is it ready, and what does it measure: for load balancers, supervisors and Prometheus."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from muster.base.access import Permission, check
from muster.base.web import problems
from muster.base.web.needs import public
from muster.base.web.services import Visitors, services_of
from muster.kit.errors import Problem, Unauthenticated, Unavailable
from muster.kit.networks import networks, within
from muster.operations.actions.machine import Machine, measured_here
from muster.operations.actions.standing import NodeStanding
from muster.operations.actions.vitals import Vitals
from muster.operations.settings import OutsideSettings
from muster.operations.store.measures import measured

FIX = "Send an API token with the scope metrics.read (Authorization: Bearer mst_…), or name your address in MUSTER_METRICS_FROM."
HEARS = (
    "# HELP muster_hears_other_nodes Changes on other nodes are sure to be heard; else re-sent alerts take the slower way.\n"
    "# TYPE muster_hears_other_nodes gauge\n"
)
DEAF = (
    "This node does not hear the others: LISTEN gets nothing, as behind a PgBouncer that pools transactions. "
    "Re-sent alerts take the slower way. Set MUSTER_LISTEN_DATABASE_URL to an address of the database without a pooler."
)

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
@public("load balancers carry no credentials")
async def healthz(request: Request) -> Response:
    """The process can work; else 503 with what only a restart mends. A database that is away is not of that kind."""
    if sick := _vitals(request).sick():
        return PlainTextResponse("\n".join(sick) + "\n", 503)
    return PlainTextResponse("ok\n")


@router.get("/readyz")
@public("load balancers carry no credentials")
async def readyz(request: Request) -> Response:
    """The database answers too; else 503 with the reason."""
    services = services_of(request)
    machine = services.of(Machine)
    if reason := await _vitals(request).away() or machine.closed():
        return JSONResponse({"ready": False, "reason": reason}, 503)
    told = {
        "listening": DEAF if services.database.live.deaf else "",
        "rehearsal": services.of(NodeStanding).rehearsal,
    }
    return JSONResponse({"ready": True, **{name: words for name, words in told.items() if words}})


def _vitals(request: Request) -> Vitals:
    return services_of(request).of(Vitals)


async def _refused(request: Request) -> Problem | None:
    """Why the figures are not for this one; None where they are."""
    services = services_of(request)
    peer = request.client.host if request.client else ""
    # What a proxy brings comes from its clients, whatever the proxy's own address.
    brought = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))
    if not brought and within(
        peer, networks(services.settings.of(OutsideSettings).metrics_from, "MUSTER_METRICS_FROM")
    ):
        return None
    try:
        async with services.database.read() as conn:
            caller = await services.of(Visitors).authenticate(conn, request)
        check(caller.principal, Permission.METRICS_READ)
    except Unauthenticated:
        return Unauthenticated("Sign in first.", FIX)
    except Problem as problem:
        return problem
    return None


@router.get("/metrics")
@public("who may read is told by the address, or by a token, which cannot be looked up while the database is away")
async def metrics(request: Request) -> Response:
    """Prometheus' text format; `muster_database_up` tells whether the rest could be counted."""
    if refused := await _refused(request):
        return problems.as_response(refused)
    body, database = generate_latest(), services_of(request).database
    try:
        async with database.read() as conn:
            body += await measured(conn, database.clock.now())
        up = 1
    except (Unavailable, TimeoutError):
        up = 0
    head = "# HELP muster_database_up The database answers.\n# TYPE muster_database_up gauge\n"
    said = f"{head}muster_database_up {up}\n{HEARS}muster_hears_other_nodes {int(database.live.proven)}\n"
    services = services_of(request)
    body += measured_here(services.of(Machine), rehearses=bool(services.of(NodeStanding).rehearsal))
    return Response(body + said.encode(), media_type=CONTENT_TYPE_LATEST)
