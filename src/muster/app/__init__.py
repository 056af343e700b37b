"""Composition only: wiring, HTTP, worker and command line."""
