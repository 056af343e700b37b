"""Is this node alive, is it ready, and what does it measure: for load balancers, supervisors and Prometheus."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from muster.app.measures import measured
from muster.app.vitals import Vitals
from muster.base.web.needs import public
from muster.base.web.services import services_of
from muster.kit.errors import Unavailable

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
    if reason := await _vitals(request).away():
        return JSONResponse({"ready": False, "reason": reason}, 503)
    return JSONResponse({"ready": True, **({"listening": DEAF} if services_of(request).database.live.deaf else {})})


def _vitals(request: Request) -> Vitals:
    vitals: Vitals = services_of(request).extras["vitals"]
    return vitals


@router.get("/metrics")
@public("Prometheus carries no credentials; the figures name nobody")
async def metrics(request: Request) -> Response:
    """Prometheus' text format; `muster_database_up` tells whether the rest could be counted."""
    body, database = generate_latest(), services_of(request).database
    try:
        async with database.read() as conn:
            body += await measured(conn, database.clock.now())
        up = 1
    except (Unavailable, TimeoutError):
        up = 0
    head = "# HELP muster_database_up The database answers.\n# TYPE muster_database_up gauge\n"
    said = f"{head}muster_database_up {up}\n{HEARS}muster_hears_other_nodes {int(database.live.proven)}\n"
    return Response(body + said.encode(), media_type=CONTENT_TYPE_LATEST)
