"""Formats in: pure adapters from the bytes of a request to signals and changes, and the APIs that senders expect."""
