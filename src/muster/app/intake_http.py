"""Intake over HTTP: from Granian's native request to `Intake.accept` and back, with nothing in between."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import structlog

from muster.alerts.actions.intake import Intake, Reply
from muster.alerts.actions.pulse import PLACE, Pulse
from muster.alerts.port import Request
from muster.base.web.problems import too_large
from muster.kit.clock import Clock
from muster.kit.errors import Problem
from muster.kit.masking import mask_path

log = structlog.get_logger("muster.intake")
JSON = [("content-type", "application/json")]
PROBLEM = [("content-type", "application/problem+json")]
WRITES = frozenset({"POST", "PUT"})
CALLS = WRITES | {"GET", "HEAD"}
RESENT = Reply(200)

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
        other: Other,
    ) -> None:
        self._intake, self._pulse, self._clock, self._max_body = intake, pulse, clock, max_body
        self._is_other, self._other = is_other, other

    async def __call__(self, scope: Any, protocol: Any) -> None:
        key, _, rest = scope.path[3:].partition("/")
        path = "/" + rest
        if self._is_other(scope.method, path):
            await self._other(scope, protocol)
            return
        try:
            reply = await self._accept(key, path, scope, protocol)
        except Problem as problem:
            protocol.response_bytes(problem.status, PROBLEM, msgspec.json.encode(problem.as_json()))
            return
        except Exception as error:
            log.error("intake.failed", path=mask_path(path), exc_info=error)
            protocol.response_empty(503, [("retry-after", "5")])
            return
        if reply.body is None:
            protocol.response_empty(reply.status, [])
        else:
            protocol.response_bytes(reply.status, JSON, msgspec.json.encode(reply.body))

    async def _accept(self, key: str, path: str, scope: Any, protocol: Any) -> Reply:
        beating = path.startswith(PLACE)
        if scope.method not in (CALLS if beating else WRITES):
            return Reply(405, {"title": "Send signals with POST.", "status": 405})
        declared = scope.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) <= self._max_body:
            body = await protocol()
        else:
            body = await self._read(protocol)
        if not beating and self._intake.resent(key, path, body):
            return RESENT
        headers = dict(scope.headers.items())
        query = dict(parse_qsl(scope.query_string)) if scope.query_string else {}
        request = Request(path, scope.method, headers, query, body, self._clock.now())
        return await (self._pulse if beating else self._intake).accept(key, request)

    async def _read(self, protocol: Any) -> bytes:
        parts, size = [], 0
        async for part in protocol:
            size += len(part)
            if size > self._max_body:
                raise too_large(self._max_body)
            parts.append(bytes(part))
        return b"".join(parts)
