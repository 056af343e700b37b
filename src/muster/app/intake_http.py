"""Intake over HTTP: from Granian's native request to `Intake.accept` and back, with nothing in between.

The key is looked at before the body: whoever has none is refused before Muster holds a byte of what they send.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import structlog
from granian._granian import RSGIProtocolClosed

from muster.alerts.actions.intake import Intake, Reply
from muster.alerts.actions.pulse import PLACE, Pulse
from muster.alerts.integration import Integration
from muster.alerts.port import Request
from muster.base.web.headers import UNNAMED
from muster.base.web.inflow import BodyBudget, Gone, Inflow, memory_for_bodies
from muster.inbound.opsgenie_address import ANY_KEY, genie_key
from muster.kit.clock import Clock
from muster.kit.errors import Problem
from muster.kit.masking import mask_path

log = structlog.get_logger("muster.intake")
JSON = [("content-type", "application/json"), UNNAMED]
PROBLEM = [("content-type", "application/problem+json"), UNNAMED]
WRITES = frozenset({"POST", "PUT"})
CALLS = WRITES | {"GET", "HEAD"}
RESENT = Reply(200)
SMALL = 64 * 1024
"""A body that says it is no larger is read in one go."""
STRANGE = 256 * 1024
"""The largest body of a key that cannot be looked up while the database is away."""

Other = Callable[[Any, Any], Awaitable[None]]


class IntakeDoor:
    """Answers requests below /i/{key}/. What does not send signals (reading, silences) goes to `other`."""

    def __init__(
        self,
        intake: Intake,
        pulse: Pulse,
        clock: Clock,
        max_body: int,
        is_other: Callable[[str, str], bool],
        answer: Callable[[Integration, Mapping[str, str]], Any],
        other: Other,
    ) -> None:
        self._intake, self._pulse, self._clock, self._max_body = intake, pulse, clock, max_body
        self._is_other, self._answer_to, self._other = is_other, answer, other
        # Senders with keys that Muster knows have half of the memory for bodies to themselves.
        self._known, self._strange = BodyBudget(memory_for_bodies() // 2), BodyBudget(memory_for_bodies() // 8)

    async def __call__(self, scope: Any, protocol: Any) -> None:
        key, _, rest = scope.path[3:].partition("/")
        path = "/" + rest.replace("\x00", "\ufffd")
        if key == ANY_KEY:
            key = genie_key(scope.headers.get("authorization", ""))
        if self._is_other(scope.method, path):
            await self._other(scope, protocol)
            return
        try:
            if scope.method == "OPTIONS" and scope.headers.get("webhook-request-origin", ""):
                await self._welcome(key, scope, protocol)
                return
            reply = await self._accept(key, path, scope, protocol)
        except Problem as problem:
            more = [("retry-after", "5")] if problem.status == 503 else []
            protocol.response_bytes(problem.status, PROBLEM + more, msgspec.json.encode(problem.as_json()))
            return
        except (Gone, RSGIProtocolClosed):
            return
        except Exception as error:
            protocol.response_empty(503, [("retry-after", "5"), UNNAMED])
            log.error("intake.failed", path=mask_path(path), exc_info=error)
            return
        if reply.body is None:
            protocol.response_empty(reply.status, [UNNAMED])
        else:
            protocol.response_bytes(reply.status, JSON, msgspec.json.encode(reply.body))

    async def _welcome(self, key: str, scope: Any, protocol: Any) -> None:
        """Tell a sender of CloudEvents that it may send here, as their webhook specification has it.

        Raises:
            Missing: no integration has this key.
        """
        await self._intake.integration(key)
        rate = scope.headers.get("webhook-request-rate", "")
        allowed = [
            ("allow", "POST"),
            ("webhook-allowed-origin", scope.headers.get("webhook-request-origin", "")),
            ("webhook-allowed-rate", rate if rate.isdecimal() else "*"),
        ]
        protocol.response_empty(200, [*allowed, UNNAMED])

    async def _accept(self, key: str, path: str, scope: Any, protocol: Any) -> Reply:
        beating = path.startswith(PLACE)
        if scope.method not in (CALLS if beating else WRITES):
            return await self._asked(key, scope)
        known = await self._intake.knows(key)
        most = self._max_body if known else min(self._max_body, STRANGE)
        inflow = Inflow(most, self._known if known else self._strange)
        try:
            body = await _body(inflow, scope.headers.get("content-length", ""), protocol)
            return await self._answer(key, path, scope, body, beating=beating)
        finally:
            inflow.release()

    async def _asked(self, key: str, scope: Any) -> Reply:
        """A GET: some vendors ask so whose the address is, before they send anything."""
        query = dict(parse_qsl(scope.query_string)) if scope.method == "GET" and scope.query_string else {}
        said = self._answer_to(await self._intake.integration(key), query) if query else None
        return Reply(200, said) if said is not None else Reply(405, {"title": "Send signals with POST.", "status": 405})

    async def _answer(self, key: str, path: str, scope: Any, body: bytes, *, beating: bool) -> Reply:
        if not beating and self._intake.take_resend(key, path, body):
            return RESENT
        headers = dict(scope.headers.items())
        query = dict(parse_qsl(scope.query_string)) if scope.query_string else {}
        request = Request(path, scope.method, headers, query, body, self._clock.now())
        return await (self._pulse if beating else self._intake).accept(key, request)


async def _body(inflow: Inflow, length: str, protocol: Any) -> bytes:
    inflow.declared(length)
    if length.isdecimal() and int(length) <= SMALL:
        body: bytes = await inflow.wait(protocol())
        inflow.take(len(body))
        return body
    return await inflow.read(protocol.__aiter__())
