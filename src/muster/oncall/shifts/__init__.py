"""Shifts of people: requests to swap them, notices, hand-off notes, feeds, and who may change whose."""
