"""Escalation runs and their deliveries; the port that channels implement."""
