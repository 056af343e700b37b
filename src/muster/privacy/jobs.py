"""What is kept for how long: once a day, what is older than the settings say goes, and the ledger says how much that was."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from muster.alerts.store import signals
from muster.base.unit import Conn, Unit
from muster.base.work import Job, Leased, enqueue
from muster.base.work.runner import Handler
from muster.channels import store as inbox
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.ledger.events import OLD_DATA_FORGOTTEN, STREAM
from muster.paging.store import deliveries
from muster.people.store import session_rows
from muster.privacy.settings import RetentionSettings

RETAIN = "data.retain"
EVERY, SOON = timedelta(days=1), timedelta(seconds=1)
AT_ONCE = 5000
"""So many of a kind go in one transaction; where there are more, the next follows at once."""

Forget = Callable[[Conn, datetime, int], Awaitable[int]]
KINDS: dict[str, tuple[str, Forget]] = {
    "refused_signals": ("keep_refused", signals.trim_refused),
    "addresses": ("keep_addresses", deliveries.forget_addresses),
    "messages": ("keep_messages", inbox.forget_messages),
    "sign_ins": ("keep_sign_ins", session_rows.forget_sign_ins),
}
"""By the name under which the ledger counts it: the setting that says how many days, and what lets go."""


async def begin(unit: Unit) -> None:
    """Enqueue the daily job at start; later starts and other nodes change nothing."""
    await enqueue(unit, [Job(RETAIN, "periodic", run_at=unit.now + timedelta(hours=1))])


def handlers(settings: RetentionSettings) -> dict[str, Handler]:
    """The daily job, by the settings."""

    async def retain(leased: Leased) -> None:
        async with leased.finish() as unit:
            gone = await forget_old(unit, settings)
            again = SOON if any(many >= AT_ONCE for many in gone.values()) else EVERY
            await enqueue(unit, [Job(RETAIN, "periodic", run_at=unit.now + again)])

    return {RETAIN: retain}


async def forget_old(unit: Unit, settings: RetentionSettings) -> dict[str, int]:
    """Let go of what is too old, some of each kind; returns how much that was, and records it."""
    gone = {}
    for name, (setting, forget) in KINDS.items():
        days: int = getattr(settings, setting)
        if days and (many := await forget(unit.conn, unit.now - timedelta(days=days), AT_ONCE)):
            gone[name] = many
    if gone:
        await record(unit, Event(STREAM, OLD_DATA_FORGOTTEN, {**gone}))
    return gone
