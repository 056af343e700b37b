"""Whether Muster's own paging path is proven healthy: told from what its channels did lately, never assumed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.paging.loop import Round

LOOKED_AT = timedelta(days=7)
"""How far back a proof counts."""

PATIENCE = timedelta(seconds=60)
"""How long a message may wait before its channel counts as stuck."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a channel did since `LOOKED_AT`: when it last handed a message over, when and why it last failed, and since
    when its oldest unsent message waits."""

    channel: str
    sent_at: datetime | None
    failed_at: datetime | None
    reason: str
    waiting_since: datetime | None

    @property
    def failing(self) -> bool:
        """Its newest outcome is a failure."""
        return self.failed_at is not None and (self.sent_at is None or self.failed_at > self.sent_at)

    def stuck(self, now: datetime) -> bool:
        """A message has waited for too long."""
        return self.waiting_since is not None and now - self.waiting_since > PATIENCE

    def state(self, now: datetime) -> str:
        """One word: delivered, failed or waiting."""
        if self.failing:
            return "failed"
        return "waiting" if self.stuck(now) or self.sent_at is None else "delivered"


@dataclass(frozen=True, slots=True)
class Health:
    """The path as a whole: `proven_at` is the newest hand-over or synthetic page that came back, `trouble` a short sentence
    where something is wrong."""

    channels: tuple[Used, ...]
    rounds: tuple[Round, ...]
    proven_at: datetime | None
    trouble: str
    sentence: str


def health(channels: Sequence[Used], now: datetime, rounds: Mapping[str, Round] | None = None) -> Health:
    """What the channels' doings and the synthetic pages through their loops say of the path."""
    watched = tuple((rounds or {}).values())
    good = [each.good_at for each in watched if each.closed and each.good_at]
    proven = max([*(channel.sent_at for channel in channels if channel.sent_at), *good], default=None)
    broken = [each for each in watched if each.broken]
    failing = [channel.channel for channel in channels if channel.failing]
    stuck = [channel.channel for channel in channels if not channel.failing and channel.stuck(now)]
    if broken:
        trouble = f"Muster's own way of paging by {' and '.join(each.channel for each in broken)} is broken"
        sentence = " ".join(each.reason for each in broken)
    elif failing:
        trouble = f"Pages by {' and '.join(failing)} fail"
        sentence = "Where the newest message could not be delivered, the person's next contact was tried instead."
    elif stuck:
        trouble = f"Pages by {', '.join(stuck)} wait"
        sentence = f"A message by {', '.join(stuck)} has waited for more than a minute and is being retried."
    elif proven:
        trouble, sentence = "", "Every channel that was used in the last 7 days handed its newest message over."
    else:
        trouble, sentence = "", "No message was sent in the last 7 days: nothing proves that a page would arrive."
    return Health(tuple(channels), watched, proven if not failing and not broken else None, trouble, sentence)
