"""Security headers on every answer, and bounds on every body: plain ASGI, so that streams stay streams.

A body above its bounds raises `TooLarge`, `TooSlow` or `Unavailable` in whoever reads it; the edge answers with it.
"""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from muster.base.web import rehearsal
from muster.base.web.inflow import SLICE, BodyBudget, Inflow, memory_for_bodies

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
UNNAMED = ("server", "muster")
"""Stands in the place of the server's own header, which names what answers behind Muster."""
HEADERS = {
    UNNAMED[0]: UNNAMED[1],
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
HSTS = {"strict-transport-security": "max-age=31536000"}
"""For a year. Without subdomains: they are not ours to speak for."""


class Protect:
    """Wraps the application; with `hsts`, browsers that came over https insist on it from then on.

    `rehearses` tells whether this Muster pages nobody.
    """

    def __init__(
        self, app: ASGIApp, max_body: int, *, hsts: bool = False, rehearses: Callable[[], bool] = lambda: False
    ) -> None:
        self.app, self.max_body, self._rehearses = app, max_body, rehearses
        self._headers = {**HEADERS, **(HSTS if hsts else {})}
        self.allowance = BodyBudget(memory_for_bodies() // 2)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        inflow = scope[SLICE] = Inflow(self.max_body, self.allowance)
        ended = False

        async def bounded() -> Message:
            nonlocal ended
            if ended:
                return await receive()
            message = await inflow.wait(receive())
            inflow.take(len(message.get("body", b"")))
            ended = not message.get("more_body", False)
            if ended and message["type"] == "http.request":
                inflow.check_whole()
            return message

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                if self._rehearses():
                    headers[rehearsal.HEADER] = "yes"
            await send(message)

        try:
            await self.app(scope, bounded, guarded)
        finally:
            inflow.release()
