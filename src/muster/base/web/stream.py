"""The live stream: which of the topics that a page shows have changed, as server-sent events with a heartbeat."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from muster.base.access import Permission
from muster.base.web.edge import page_router
from muster.base.web.needs import needs
from muster.base.web.services import services_of

HEARTBEAT = 2.0
MOST_TOPICS = 32
router = page_router()


@router.get("/live")
@needs(Permission.INCIDENT_READ, streams=True)
async def live(request: Request, topics: str = Query("", max_length=2000)) -> StreamingResponse:
    """Stream `changed` events for the comma-separated topics; the data is the topic, "*" for all."""
    wanted = [topic for topic in topics.split(",") if topic][:MOST_TOPICS]
    hub = services_of(request).database.live

    async def events() -> AsyncIterator[str]:
        async with hub.subscribe(wanted) as queue:
            yield "retry: 1000\n\nevent: hello\ndata: x\n\n"
            while not await request.is_disconnected():
                topic = None
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(HEARTBEAT):
                        topic = await queue.get()
                yield f"event: changed\ndata: {topic}\n\n" if topic else "event: beat\ndata: x\n\n"

    return StreamingResponse(events(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})
