"""Small schedules for tests that read as examples."""

from datetime import UTC, datetime, time
from typing import Any

from muster.oncall.schedules.schedule import HandOff, Layer, Rotate, Schedule, Window

STOCKHOLM = "Europe/Stockholm"
OFFICE_HOURS = tuple(Window(day, time(9), 0, time(17)) for day in range(5))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def weekly(*people: str, **changes: Any) -> Layer:
    fields: dict[str, Any] = {
        "name": "weekly",
        "turns": tuple((person,) for person in people),
        "rotate": Rotate.WEEKLY,
        "every": 1,
        "hand_off": HandOff(time(9), 0),
        "zone": STOCKHOLM,
        "start": datetime(2026, 1, 5, 9),
    }
    return Layer(**{**fields, **changes})


def schedule(*layers: Layer) -> Schedule:
    return Schedule("platform-primary", STOCKHOLM, layers)
