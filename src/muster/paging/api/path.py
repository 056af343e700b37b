"""Whether Muster's own way of paging is proven, as JSON."""

from datetime import datetime

from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.paging.health import LOOKED_AT, Used, health
from muster.paging.loop import Round
from muster.paging.store import deliveries, loops

router = api_router("/paging/health", "paging")


class RoundOut(BaseModel):
    """The last synthetic page through a channel. `closed`: it had to come back; else only the account was asked."""

    channel: str
    closed: bool
    at: datetime
    took_seconds: float
    good_at: datetime | None
    failing_since: datetime | None
    failures: int
    reason: str

    @classmethod
    def of(cls, each: Round) -> "RoundOut":
        """From the domain value."""
        plain = ("channel", "closed", "at", "good_at", "failing_since", "failures", "reason")
        return cls(took_seconds=each.took.total_seconds(), **{name: getattr(each, name) for name in plain})


class UsedOut(BaseModel):
    """What became of a channel's newest messages to people; `state` is delivered, failed or waiting."""

    channel: str
    state: str
    sent_at: datetime | None
    failed_at: datetime | None
    reason: str

    @classmethod
    def of(cls, each: Used, now: datetime) -> "UsedOut":
        """From the domain value."""
        plain = ("channel", "sent_at", "failed_at", "reason")
        return cls(state=each.state(now), **{name: getattr(each, name) for name in plain})


class HealthOut(BaseModel):
    """The path as a whole: when it was last proven, and the trouble where there is any."""

    proven_at: datetime | None
    trouble: str
    sentence: str
    rounds: list[RoundOut]
    channels: list[UsedOut]


@router.get("")
@needs(Permission.SETTINGS_READ)
async def show_health(unit: Uses) -> HealthOut:
    """Show what synthetic pages and real messages of the last 7 days say of the way of paging."""
    used = await deliveries.used_channels(unit.conn, unit.now - LOOKED_AT)
    found = health(used, unit.now, await loops.rounds(unit.conn))
    return HealthOut(
        proven_at=found.proven_at,
        trouble=found.trouble,
        sentence=found.sentence,
        rounds=[RoundOut.of(each) for each in found.rounds],
        channels=[UsedOut.of(channel, unit.now) for channel in found.channels],
    )
