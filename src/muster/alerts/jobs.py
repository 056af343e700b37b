"""Background work of alerts: holds that end, silences that begin and end, alerts that nobody re-sends, heartbeats that stay
away."""

from datetime import datetime, timedelta
from uuid import UUID

from muster.alerts.actions import heartbeats, holds
from muster.alerts.actions.intake import REPLAY, Intake
from muster.alerts.actions.integrations import KEY_END, end_earlier_key
from muster.alerts.actions.receive import TELL_SKEW, UNDAMP
from muster.alerts.actions.silences import BEGAN, ENDED, end
from muster.alerts.happenings import ClockDiffers
from muster.alerts.store import clock_skews, signals, silences
from muster.base.unit import Unit
from muster.base.work import Job, Leased, enqueue
from muster.base.work.runner import Handler
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.ledger.events import OLD_DATA_FORGOTTEN, STREAM

EXPIRE, TRIM, WATCH = "alert.expire", "signal.trim", "heartbeat.watch"
EXPIRE_EVERY, TRIM_EVERY, WATCH_EVERY = timedelta(seconds=15), timedelta(hours=1), timedelta(seconds=5)
SETTLING = timedelta(minutes=1)
"""For so long after Muster was away, nothing is taken to be over: senders get the time to say that it is not."""


KEPT = timedelta(days=90)
"""How long raw signals are kept unless a setting says otherwise; the last one of each alert stays as long as the alert."""
TRIM_AT_ONCE = 5000


async def begin(unit: Unit) -> None:
    """Enqueue the periodic jobs at start; later starts and other nodes change nothing."""
    periodic = [Job(EXPIRE, "periodic"), Job(WATCH, "periodic"), Job(TRIM, "periodic", run_at=unit.now + TRIM_EVERY)]
    await enqueue(unit, periodic)


def handlers(intake: Intake, kept: timedelta = KEPT) -> dict[str, Handler]:
    """The job kinds of this feature."""

    async def replay(leased: Leased) -> None:
        async with leased.finish() as unit:
            await intake.replay_signal(unit, UUID(leased.job.key))

    async def expire(leased: Leased) -> None:
        async with leased.finish() as unit:
            since = _awake_since(leased.job.payload, unit.now)
            more = intake.caught_up and unit.now - since >= SETTLING and await holds.expire(unit)
            payload = {"since": since.isoformat(), "last": unit.now.isoformat()}
            await enqueue(unit, [Job(EXPIRE, "periodic", payload, unit.now if more else unit.now + EXPIRE_EVERY)])

    async def tell_skew(leased: Leased) -> None:
        async with leased.finish() as unit:
            found = (await clock_skews.lately(unit.conn, unit.now)).get(UUID(leased.job.key))
            if found is not None:
                await unit.emit(ClockDiffers(found.name, found.skew))

    async def watch(leased: Leased) -> None:
        async with leased.finish() as unit:
            since = _awake_since(leased.job.payload, unit.now)
            more = await heartbeats.watch(unit, since)
            payload = {"since": since.isoformat(), "last": unit.now.isoformat()}
            await enqueue(unit, [Job(WATCH, "periodic", payload, unit.now if more else unit.now + WATCH_EVERY)])

    return {
        KEY_END: end_key,
        REPLAY: replay,
        EXPIRE: expire,
        WATCH: watch,
        UNDAMP: undamp,
        TELL_SKEW: tell_skew,
        BEGAN: began,
        ENDED: ended,
        TRIM: trimming(kept),
    }


async def end_key(leased: Leased) -> None:
    """An integration's earlier key has had its time."""
    async with leased.finish() as unit:
        await end_earlier_key(unit, UUID(leased.job.key))


async def undamp(leased: Leased) -> None:
    """Let a flapping alert go that has stayed."""
    alert_id, _, episode = leased.job.key.partition("/")
    async with leased.finish() as unit:
        await holds.undamp(unit, UUID(alert_id), int(episode))


async def began(leased: Leased) -> None:
    """A silence is in force: hold back what matches."""
    async with leased.finish() as unit:
        if silence := await silences.by_id(unit.conn, UUID(leased.job.key)):
            await holds.hold_matching(unit, silence)
            unit.publish("silences")


async def ended(leased: Leased) -> None:
    """A silence is over: let go what nothing else holds."""
    async with leased.finish() as unit:
        await end(unit, UUID(leased.job.key))


def trimming(kept: timedelta) -> Handler:
    """Drops signals that are older, some at a time, and says in the ledger how many; with zero they are kept for ever."""

    async def trim(leased: Leased) -> None:
        async with leased.finish() as unit:
            gone = await signals.trim(unit.conn, unit.now - kept, TRIM_AT_ONCE) if kept else 0
            if gone:
                await record(unit, Event(STREAM, OLD_DATA_FORGOTTEN, {"signals": gone}))
            again = timedelta(seconds=1) if gone == TRIM_AT_ONCE else TRIM_EVERY
            await enqueue(unit, [Job(TRIM, "periodic", run_at=unit.now + again)])

    return trim


def _awake_since(payload: dict[str, str], now: datetime) -> datetime:
    """Since when expiry has run without a gap: after one, senders may not have been heard."""
    last = payload.get("last")
    if last is None or now - datetime.fromisoformat(last) >= SETTLING:
        return now
    return datetime.fromisoformat(payload["since"])
