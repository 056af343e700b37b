"""Times as people type them for a command: with their offset, or local to a schedule's zone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.kit.errors import Fault, Invalid
from muster.kit.localtime import to_instant
from muster.oncall.schedules.notation import read_instant, write_local

When = Annotated[str | None, Parameter(help="ISO 8601; without an offset it is local to the schedule's zone.")]
Start = Annotated[When, Parameter(name="--from")]


def zone_of(client: Client, schedule: str) -> str:
    """The zone of a schedule."""
    return str(client.get(f"/schedules/{schedule}")["time_zone"])


def local_times(row: Mapping[str, Any], zone: str, *keys: str) -> dict[str, str]:
    """The times of an answer as the clocks of a zone show them; `start` and `end` unless others are named."""
    return {key: write_local(datetime.fromisoformat(row[key]), zone) for key in keys or ("start", "end")}


def instant(text: str | None, zone: str, option: str) -> str | None:
    """What was written as an instant with its offset; without one it is local to the zone.

    Raises:
        Invalid: it is no time.
    """
    if text is None:
        return None
    try:
        local = datetime.fromisoformat(text)
        return (to_instant(local, zone) if local.tzinfo is None else read_instant(local)).isoformat()
    except ValueError:
        fix = "Write it as 2026-01-05, 2026-01-05T09:00 or 2026-01-05T09:00+01:00."
        fault = Fault(option, f"{text!r} is not a time.", fix)
        raise Invalid("The time cannot be read.", faults=[fault]) from None
