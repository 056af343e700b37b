"""Webhooks that are signed, to any receiver."""
