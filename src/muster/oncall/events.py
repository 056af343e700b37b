"""The events that schedules record, with what each means."""

from muster.ledger.event_kind import EventKind, declared

SCHEDULE_CREATED = EventKind("ScheduleCreated", "A schedule was created; the data hold its definition.")
SCHEDULE_CHANGED = EventKind(
    "ScheduleChanged", "A schedule got a new version; the data hold its definition and what differs."
)
SCHEDULE_VERSION_WITHDRAWN = EventKind(
    "ScheduleVersionWithdrawn", "A version of a schedule that had not taken effect was withdrawn."
)
CALENDAR_CREATED = EventKind("CalendarCreated", "A calendar of holidays or shifts was added.")
CALENDAR_CHANGED = EventKind("CalendarChanged", "A calendar got another title, address or text.")
CALENDAR_READ = EventKind(
    "CalendarRead", "A calendar says something else than before; schedules that name it follow from then on."
)
CALENDAR_FAILED = EventKind("CalendarFailed", "A calendar could not be read any more; what it said before stays.")
CALENDAR_DELETED = EventKind(
    "CalendarDeleted", "A calendar was deleted; what it said of the past stays.", sensitive=True
)
SCHEDULE_DELETED = EventKind(
    "ScheduleDeleted", "A schedule was deleted; what it said of the past stays.", sensitive=True
)
OVERRIDE_ADDED = EventKind(
    "OverrideAdded", "Somebody, or knowingly nobody, was put on call for a time in place of a schedule's layers."
)
OVERRIDE_REMOVED = EventKind("OverrideRemoved", "An override was ended before its time, or before it began.")
HAND_OFF_NOTE_WRITTEN = EventKind("HandOffNoteWritten", "Somebody left a note for the person who is on call next.")
HAND_OFF_NOTE_PUT_ASIDE = EventKind("HandOffNotePutAside", "A hand-off note had served its purpose.")
FEED_MADE = EventKind("FeedMade", "Somebody made a secret link to a calendar of shifts.")
FEED_ROTATED = EventKind("FeedRotated", "A calendar's secret link was exchanged for a new one; the old one ended.")
FEED_REVOKED = EventKind("FeedRevoked", "A calendar's secret link was ended.")
SHIFT_NOTICES_CHOSEN = EventKind("ShiftNoticesChosen", "A person chose which notices about their shifts they get.")
SHIFT_REQUESTED = EventKind("ShiftRequested", "Somebody asked others to swap a shift or to cover it.")
SHIFT_REQUEST_ACCEPTED = EventKind(
    "ShiftRequestAccepted", "Somebody who was asked agreed; the overrides that carry it out were written with it."
)
SHIFT_REQUEST_DECLINED = EventKind("ShiftRequestDeclined", "Somebody who was asked said no.")
SHIFT_REQUEST_WITHDRAWN = EventKind("ShiftRequestWithdrawn", "A request was taken back before anybody agreed.")
SHIFT_REQUEST_EXPIRED = EventKind("ShiftRequestExpired", "Nobody agreed to a request in time, so nothing changed.")
SHIFT_REQUEST_UNDONE = EventKind("ShiftRequestUndone", "What a swap or cover request changed was ended, from then on.")

EVENTS = declared(globals())
