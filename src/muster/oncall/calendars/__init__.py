"""Calendars of holidays and shifts: what they say, and iCalendar files."""
