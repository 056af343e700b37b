"""The events that schedules record, with what each means."""

EVENTS: dict[str, str] = {
    "ScheduleCreated": "a schedule was created; the data holds its definition",
    "ScheduleChanged": "a schedule got a new version; the data holds its definition and what differs",
    "ScheduleDeleted": "a schedule was deleted; what it said of the past stays",
    "OverrideAdded": "somebody, or knowingly nobody, was put on call for a time in place of a schedule's layers",
    "OverrideRemoved": "an override was ended before its time, or before it began",
    "ShiftRequested": "somebody asked others to swap a shift or to cover it",
    "ShiftRequestAccepted": "somebody who was asked agreed; the overrides that carry it out were written with it",
    "ShiftRequestDeclined": "somebody who was asked said no",
    "ShiftRequestWithdrawn": "a request was taken back before anybody agreed",
    "ShiftRequestExpired": "nobody agreed to a request in time, so nothing changed",
    "ShiftRequestUndone": "what a swap or cover request changed was ended, from then on",
}
