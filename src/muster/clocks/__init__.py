"""Deadlines: whatever must happen by a time, fired exactly once."""
