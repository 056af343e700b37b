"""How much reaches one person at once: storms gathered into readable messages, and limits by channel (R76)."""

from datetime import timedelta

from pydantic import Field

from muster.plan.model.fields import Duration
from muster.plan.model.section import Section


class Bundling(Section):
    """On channels that people read, at most `after` messages `within` this time go to one contact; what comes beyond is
    gathered into one readable message. A worse incident never waits behind a milder one."""

    after: int = Field(3, ge=1, le=100)
    within: Duration = Field(timedelta(minutes=1), ge=timedelta(seconds=10), le=timedelta(hours=1))


class Limit(Section):
    """At most `most` messages `within` this time to one person by one channel; the rest waits and comes in one message."""

    most: int = Field(ge=1, le=1000)
    within: Duration = Field(timedelta(minutes=10), ge=timedelta(minutes=1), le=timedelta(days=1))


def usual_limits() -> dict[str, Limit]:
    """Limits that hold where the plan says none: for what costs money and rings."""
    return {"sms": Limit(most=10), "voice": Limit(most=3)}
