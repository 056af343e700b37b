"""Schedules, rotations and overrides; who is on call at an instant, and why."""
