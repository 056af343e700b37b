"""The live stream: which of the topics that a page shows have changed, as server-sent events with a heartbeat.

It ends with the authority that it was opened with: when people, sessions or tokens change, and now and then since sessions
run out, whoever opened it is asked for again.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from muster.base.access import Permission, check
from muster.base.live import AUTHORITY
from muster.base.services import Services
from muster.base.web.edge import Asker, EdgeRoute
from muster.base.web.needs import needs
from muster.base.web.open_streams import OpenStreams
from muster.base.web.services import Caller, Visitors, services_of
from muster.kit.errors import Problem, Unavailable

HEARTBEAT = 2.0
REST = 0.25
"""Seconds between two tellings: a storm of changes is told a few times a second."""
ASKED_AGAIN_AFTER = 60.0
MOST_TOPICS = 32
AWHILE = "retry: 30000\n\n"
_open = OpenStreams()
# Not one of the pages: to a program, a refusal by its status, where a redirect to sign-in would be followed for ever.
router = APIRouter(route_class=EdgeRoute, include_in_schema=False)


@router.get("/live")
@needs(Permission.INCIDENT_READ, streams=True)
async def live(request: Request, caller: Asker, topics: str = Query("", max_length=2000)) -> StreamingResponse:
    """Stream `changed` events for the comma-separated topics; the data is the topic, "*" for all."""
    wanted = [topic for topic in topics.split(",") if topic][:MOST_TOPICS]
    services = services_of(request)
    hub = services.database.live

    async def events() -> AsyncIterator[str]:
        ended = asyncio.Event()
        async with hub.subscribe([*wanted, AUTHORITY]) as queue:

            def end() -> None:
                ended.set()
                hub.wake(queue)

            with _open.holding(f"{caller.principal.kind}:{caller.principal.name}", end):
                yield "retry: 1000\n\nevent: hello\ndata: x\n\n"
                asked = time.monotonic()
                while not ended.is_set() and not await request.is_disconnected():
                    changed = await _gathered(queue)
                    if changed & {AUTHORITY, "*"} or time.monotonic() - asked > ASKED_AGAIN_AFTER:
                        if not await _still(services, request, caller):
                            return
                        asked = time.monotonic()
                    shown = [topic for topic in (*dict.fromkeys(wanted), "*") if topic in changed]
                    for topic in shown:
                        yield f"event: changed\ndata: {topic}\n\n"
                    if shown:
                        await asyncio.sleep(REST)
                    else:
                        yield "event: beat\ndata: x\n\n"
                yield AWHILE

    return StreamingResponse(events(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


async def _gathered(queue: "asyncio.Queue[str]") -> set[str]:
    """What changed until now, each topic once; nothing after a heartbeat's time."""
    found = set[str]()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(HEARTBEAT):
            found.add(await queue.get())
    while not queue.empty():
        found.add(queue.get_nowait())
    return found


async def _still(services: Services, request: Request, before: Caller) -> bool:
    """Whether who opened the stream may still have it; while that cannot be looked up, it stays as it is."""
    try:
        async with services.database.unit(before.principal) as unit:
            now = await services.of(Visitors).authenticate(unit.conn, request)
            check(now.principal, Permission.INCIDENT_READ)
    except Unavailable:
        return True
    except Problem:
        return False
    return now.principal.person_id == before.principal.person_id
