"""A named address: runbook, dashboard, source, change log."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A place to look; `url` is absolute and http(s)."""

    label: str
    url: str
