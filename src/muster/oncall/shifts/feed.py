"""Shifts as an iCalendar (RFC 5545, RFC 7986) that Google, Outlook and Thunderbird show right (R72).

Instants are in UTC, so no zone definition can be wrong; an event's UID names person, schedule and start, so that the same
shift stays the same event; nothing in it depends on when it is asked for, so that an unchanged feed stays unchanged.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from icalendar import Calendar, Event

from muster.oncall.shifts.shift import Shift

PREFIX = "mfd_"
BACK, AHEAD = timedelta(days=90), timedelta(days=366)
REFRESH = timedelta(hours=1)


class FeedKind(StrEnum):
    """Whose shifts a feed holds."""

    PERSON = "person"
    TEAM = "team"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Feed:
    """A secret link to a calendar: of a person's, a team's or a schedule's shifts. Of the secret only `hint` is known."""

    id: UUID
    kind: FeedKind
    subject: str
    owner: str
    hint: str
    made_at: datetime
    rotated_at: datetime | None = None
    last_used_at: datetime | None = None
    last_client: str = ""
    revoked_at: datetime | None = None
    revoked_by: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """How often a schedule was changed, and when last: it counts every version, override and removal."""

    number: int
    at: datetime


def window(now: datetime) -> tuple[datetime, datetime]:
    """What a feed spans: at least 90 days back and a year ahead, from first of month to first of month."""
    first, last = (now - BACK).astimezone(UTC), (now + AHEAD).astimezone(UTC)
    following = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
    return tuple(day.replace(day=1, hour=0, minute=0, second=0, microsecond=0) for day in (first, following))  # type: ignore[return-value]


def write_feed(
    feed: Feed,
    shifts: Sequence[Shift],
    names: Mapping[str, str],
    revisions: Mapping[str, Revision],
    base_url: str,
) -> bytes:
    """The calendar. `names` are full names, `revisions` stand by schedule; addresses and numbers never enter."""
    calendar = Calendar()
    title = f"On call: {names.get(feed.subject, feed.subject)}"
    calendar.add("prodid", "-//Muster//On call//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", "UTC")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for shift in shifts:
        calendar.add_component(_event(feed, shift, names, revisions[shift.schedule], base_url))
    body: bytes = calendar.to_ical()
    return body


def uid_of(shift: Shift) -> str:
    """The event's identity: it stays while person, schedule and start stay, and tells nothing by itself."""
    text = f"{shift.schedule}\n{shift.person}\n{shift.start.astimezone(UTC).isoformat()}"
    return f"{hashlib.sha256(text.encode()).hexdigest()[:32]}@muster"


def _event(feed: Feed, shift: Shift, names: Mapping[str, str], revision: Revision, base_url: str) -> Event:
    who = names.get(shift.person, shift.person)
    summary = {
        FeedKind.PERSON: f"On call: {shift.schedule}",
        FeedKind.TEAM: f"{who}: {shift.schedule}",
        FeedKind.SCHEDULE: who,
    }[feed.kind]
    event = Event()
    event.add("uid", uid_of(shift))
    event.add("dtstamp", revision.at)
    event.add("last-modified", revision.at)
    event.add("sequence", revision.number)
    event.add("dtstart", shift.start.astimezone(UTC))
    event.add("dtend", shift.end.astimezone(UTC))
    event.add("summary", summary)
    event.add("description", f"{who} is on call by {shift.schedule}.")
    event.add("url", f"{base_url}/on-call/schedules/{shift.schedule}")
    event.add("categories", ["On call"])
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
