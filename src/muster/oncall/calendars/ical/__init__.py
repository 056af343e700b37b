"""iCalendar (RFC 5545) as occurrences: read, recurred and matched to persons, purely and within bounds."""
