"""What a page would do to a person at some moment, in words that they can check before it happens. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.kit.localtime import is_zone, to_local
from muster.paging.delivery import Hold
from muster.paging.notify import plan_for
from muster.paging.targets import Reachable
from muster.people.notify_words import after_words


@dataclass(frozen=True, slots=True)
class PagePreview:
    """What a page of a severity would do at `at`: the sentence, and why where it is not as the rules say."""

    severity: str
    at: datetime
    sentence: str
    reasons: tuple[str, ...]


def foretell(person: Reachable, severity: str, at: datetime, labels: Mapping[str, str]) -> PagePreview:
    """`A critical page at 03:00 would go: ntfy at once, SMS after 2 min.`; `labels` name kinds of contact."""
    zone = person.time_zone if is_zone(person.time_zone) else "UTC"
    begins = f"A {severity} page at {to_local(at, zone):%H:%M}"
    if not person.active or not person.addresses:
        why = "has left" if not person.active else "has no contact"
        return PagePreview(severity, at, f"{begins} would reach nobody: {person.name} {why}.", ())
    plans = plan_for(person, severity, at)
    told = []
    for plan in plans:
        label = labels.get(plan.address.channel, plan.address.channel)
        if plan.hold is Hold.QUIET and plan.send_at:
            local, day = to_local(plan.send_at, zone), to_local(at, zone).date()
            days = (local.date() - day) // timedelta(days=1)
            when = f"at {local:%H:%M}" + ("" if days == 0 else " on the next day" if days == 1 else f" on {local:%a}")
        else:
            when = after_words(plan.after.total_seconds())
        told.append(f"{label} {when}")
    reasons = tuple(dict.fromkeys(plan.why for plan in plans if plan.why and not plan.as_written))
    return PagePreview(severity, at, f"{begins} would go: {', '.join(told)}.", reasons)
