"""Writes what was answered from memory, and finds what must not have been.

An answer from memory is an assumption: that the alert still fires. Between the moment when another node commits its end and the
moment when this one hears of it, the assumption is wrong. The flush confirms it: an alert that had ended before it was re-sent
fires anew, and its request is handed out again to be dealt with in full.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

from muster.alerts.happenings import AlertChange, ChangeKind
from muster.alerts.port import Request
from muster.alerts.resend_memory import ResendMemory, Touch
from muster.alerts.store import alerts
from muster.base.access import Principal
from muster.base.db.database import Database

LATEST = datetime(9000, 1, 1, tzinfo=UTC)
SOON = 0.1
"""Seconds between two flushes that a change asks for."""


class Resends:
    """Of one intake, with its memory."""

    def __init__(self, database: Database, memory: ResendMemory, principal: Principal) -> None:
        self._database, self._memory, self._principal = database, memory, principal
        self._doubtful = asyncio.Event()

    def changed(self, alert_ids: Sequence[UUID]) -> None:
        """Alerts changed, here or elsewhere: forget them. Where a re-send of one is not written yet, that is done soon."""
        self._memory.forget(alert_ids)
        if self._memory.touched(alert_ids):
            self._doubtful.set()

    def changed_here(self, changes: Sequence[AlertChange]) -> None:
        """The same, for a commit of this process: what it received before an end is older than the end."""
        for change in changes:
            if change.kind is ChangeKind.RESOLVED and change.alert.resolved_at is not None:
                self._memory.settle(change.alert.id, change.alert.resolved_at)
        self.changed([change.alert.id for change in changes])

    async def due(self, every: float) -> None:
        """Return when the next flush is due: after `every` seconds, or soon after a change of what was re-sent."""
        await asyncio.sleep(SOON)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(every - SOON):
                await self._doubtful.wait()

    def doubt(self) -> None:
        """Changes on other nodes may have been missed: forget everything, and confirm soon what was answered."""
        self._memory.clear()
        self._doubtful.set()

    async def flush(self) -> dict[UUID, Touch]:
        """Write when alerts were last re-sent; gives those that had ended before their newest re-send."""
        self._doubtful.clear()
        touched = self._memory.take_touched()
        if not touched:
            return {}
        now = self._database.clock.now()
        rows = [(id_, now, _instant(touch.ends_at), touch.count) for id_, touch in touched.items()]
        try:
            async with self._database.unit(self._principal) as unit:
                over = await alerts.touch(unit.conn, rows)
                ended = await alerts.ended_at(unit.conn, over) if over else {}
        except BaseException:
            self._memory.put_back(touched)
            raise
        self._memory.forget(over)
        return {id_: touched[id_] for id_ in over if _missed(touched[id_], ended.get(id_))}


def by_request(touches: Iterable[Touch]) -> list[tuple[str, Request, list[int]]]:
    """The requests of re-sends, each with its integration's key and the places of the alerts that it must deal with."""
    places: defaultdict[tuple[str, str, bytes, datetime], list[int]] = defaultdict(list)
    for touch in touches:
        if resend := touch.newest:
            places[resend.key, resend.path, resend.body, resend.at].append(resend.place)
    headers = {"content-type": "application/json"}
    return [
        (key, Request(path, "POST", headers, {}, body, at), at_places)
        for (key, path, body, at), at_places in places.items()
    ]


def _missed(touch: Touch, ended_at: datetime | None) -> bool:
    """Whether a re-send said something new: the alert had ended before it, or is gone altogether."""
    return touch.newest is not None and (ended_at is None or touch.newest.at >= ended_at)


def _instant(text: str) -> datetime | None:
    """A time as sent, none where it is unreadable; one beyond all reckoning is as late as can be."""
    try:
        return min(datetime.fromisoformat(text), LATEST)
    except (ValueError, TypeError):
        return None
