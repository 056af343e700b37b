"""The smallest application on the UI's ground: the styleguide, and one page that changes when it is told to."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from muster.base.access import Kind, Level, Principal
from muster.base.live import LiveHub
from muster.base.web.assets import serve_static
from muster.base.web.headers import Protect
from muster.base.web.render import Renderer, render
from muster.base.web.view import View
from muster.desk.pages.samples import samples

HUB = LiveHub()
NOTES: list[str] = []
SECONDS_OF_SILENCE = float(os.environ.get("GROUND_SILENCE", "2"))
PAGE = """{% extends "layout.html" %}{% set title = "Living" %}{% set topics = ["living"] %}{% block content %}
<p id="count">{{ notes|length }} notes</p>
{% call ui.why("Why so many?", "Because they were written.") %}<p>Because they were written.</p>{% endcall %}
<ol class="timeline">{% for note in notes|reverse %}<li id="note-{{ loop.revindex }}">{{ note }}</li>{% endfor %}</ol>
{% call ui.form("/living") %}{{ ui.field("text", "Note") }}{{ ui.button("Add note") }}{% endcall %}
{{ ui.act("Escalate", "/living", fields={"text": "escalated"}, key="e", confirm="Escalate now?") }}
{% endblock %}"""


def view_of(request: Request) -> View:
    cookies = request.cookies
    return View(
        datetime.now(UTC),
        Principal(Kind.PERSON, "Ana Sousa", Level.MANAGER),
        zone=cookies.get("muster_zone", "UTC"),
        theme=cookies.get("muster_theme", "auto"),
        csrf="token",
        path=request.url.path,
    )


async def styleguide(request: Request) -> Response:
    request.state.view = view_of(request)
    return render(request, "desk/styleguide.html", **samples(datetime(2026, 11, 22, 3, 7, tzinfo=UTC)))


async def living(request: Request) -> Response:
    request.state.view = view_of(request)
    if request.method == "DELETE":
        NOTES.clear()
    if request.method == "POST":
        NOTES.append(str((await request.form())["text"]))
        HUB.publish(["living"])
        return RedirectResponse("/living", 303)
    renderer: Renderer = request.app.state.renderer
    return Response(
        renderer.text(renderer.environment.from_string(PAGE), request.state.view, {"notes": NOTES}),
        media_type="text/html",
    )


async def live(request: Request) -> Response:
    async def events() -> AsyncIterator[str]:
        async with HUB.subscribe(request.query_params["topics"].split(",")) as queue:
            yield "event: hello\ndata: \n\n"
            while True:
                topic = None
                with contextlib.suppress(TimeoutError):
                    topic = await asyncio.wait_for(queue.get(), SECONDS_OF_SILENCE)
                yield f"event: changed\ndata: {topic}\n\n" if topic else "event: beat\ndata: \n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


async def palette(request: Request) -> Response:
    found = [{"label": "INC-142 Checkout fails", "hint": "incident", "url": "/styleguide"}]
    return JSONResponse({"actions": found if "inc" in request.query_params["q"] else []})


_routes = [
    Route("/styleguide", styleguide),
    Route("/living", living, methods=["GET", "POST", "DELETE"]),
    Route("/live", live),
    Route("/palette.json", palette),
    Route("/static/{hash}/{name:path}", serve_static),
]
_inner = Starlette(routes=_routes)
_inner.state.renderer = Renderer()
app = Protect(_inner, 100_000)
