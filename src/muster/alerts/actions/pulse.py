"""The door for heartbeats: calls that arrive together share one transaction, and none is lost while the database is away."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote

import structlog

from muster.alerts.actions.heartbeats import Call, hear
from muster.alerts.actions.intake import INTAKE, LOOKUP, PATIENCE, Intake, Reply
from muster.alerts.actions.receive import LostRace
from muster.alerts.heartbeat import Heartbeat, read_name, read_rhythm
from muster.alerts.port import Request
from muster.base.batcher import Batcher
from muster.base.db.database import Database
from muster.kit.duration import format_duration
from muster.kit.errors import Fault, Malformed, Missing, Problem, Unavailable
from muster.kit.masking import mask_path

PLACE = "/heartbeat/"
FAILING = "fail"
LONGEST_WORDS = 2000
AGAIN_AFTER = 1.0
MOST_UNCHECKED = 1000
"""So many calls wait in memory before further ones, whose key cannot be checked, are refused."""

log = structlog.get_logger("muster.intake")


class Pulse:
    """One for each process. A call that cannot be written is kept in memory and written with its own time later."""

    def __init__(self, database: Database, intake: Intake) -> None:
        self._database, self._intake = database, intake
        self._calls: Batcher[Call, Heartbeat] = Batcher(self._write, 256, patience=PATIENCE)
        self._late: dict[tuple[str, str], Request] = {}
        self._task: asyncio.Task[None] | None = None

    async def stop(self) -> None:
        """End the writing of what is late."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def accept(self, key: str, request: Request) -> Reply:
        """Take a call to `/heartbeat/{name}` or `/heartbeat/{name}/fail`; answered once it is durable.

        Raises:
            Missing: no active integration has this key. Malformed: name or rhythm cannot be read.
        """
        name, failing = _read_path(request.path)
        try:
            async with asyncio.timeout(LOOKUP + PATIENCE):
                heard = await self._hear(key, request, name, failing)
        except (Unavailable, TimeoutError):
            self._admit(key)
            self._late[key, request.path] = request
            self._task = self._task or asyncio.create_task(self._catch_up())
            return Reply(202, {"heartbeat": name, "kept": "The database is away; this call will be counted."})
        return Reply(200, _told(heard))

    def _admit(self, key: str) -> None:
        known = self._intake.vouches(key)
        if known is False:
            raise Missing(
                "No integration has this key.", "That was so when the database was last seen; it is away now."
            )
        if known is None and len(self._late) >= MOST_UNCHECKED:
            raise Unavailable("The database is away, and this key cannot be checked.", "Call again in a minute.")

    async def _hear(self, key: str, request: Request, name: str, failing: bool) -> Heartbeat:
        integration = await self._intake.integration(key)
        given = {field: request.query[field] for field in ("every", "grace", "severity") if field in request.query}
        rhythm = read_rhythm(given)
        if isinstance(rhythm, list):
            raise Malformed("The heartbeat cannot be read.", faults=rhythm)
        said = request.body[:LONGEST_WORDS].decode(errors="replace") if failing else ""
        call = Call(integration, name, request.received_at, rhythm if given else None, failing, said)
        return await self._calls.submit(call)

    async def _write(self, calls: Sequence[Call]) -> Sequence[Heartbeat | BaseException]:
        while True:
            try:
                async with self._database.unit(INTAKE) as unit:
                    found = await hear(unit, calls)
                return [found[call.integration.id, call.name] for call in calls]
            except LostRace:
                continue
            except Problem as problem:
                if len(calls) == 1 or isinstance(problem, Unavailable):
                    return [problem] * len(calls)
                return [(await self._write([call]))[0] for call in calls]

    async def _catch_up(self) -> None:
        while self._late:
            await asyncio.sleep(AGAIN_AFTER)
            for place, request in list(self._late.items()):
                try:
                    await self._hear(place[0], request, *_read_path(request.path))
                except (Unavailable, TimeoutError):
                    break
                except Problem as problem:
                    log.warning("heartbeat.refused", path=mask_path(request.path), reason=str(problem))
                if self._late.get(place) is request:
                    del self._late[place]
        self._task = None


def _read_path(path: str) -> tuple[str, bool]:
    name, _, rest = unquote(path.removeprefix(PLACE)).rstrip("/").partition("/")
    if rest not in ("", FAILING):
        fault = Fault("path", f"`{rest:.80}` is unknown here.", f"Call {PLACE}{{name}}, or {PLACE}{{name}}/{FAILING}.")
        raise Malformed("The heartbeat cannot be read.", faults=[fault])
    read = read_name(name)
    if isinstance(read, Fault):
        raise Malformed("The heartbeat cannot be read.", faults=[read])
    return read, rest == FAILING


def _told(heartbeat: Heartbeat) -> Mapping[str, str]:
    rhythm = heartbeat.rhythm
    return {
        "heartbeat": heartbeat.name,
        "every": format_duration(rhythm.every),
        "grace": format_duration(rhythm.grace),
        "due": _iso(heartbeat.due_at),
    }


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
