"""How a Muster that pages nobody says so to programs: kept apart, so that the command line need not import the server."""

HEADER = "muster-rehearsal"
"""Stands on every answer of such a Muster."""
