"""Schedules whose shifts are in an iCalendar: a calendar of Muster from the same address, and a layer that follows it."""

from datetime import datetime, time
from typing import Any

from muster.importing.export import Rota
from muster.oncall.schedules.schedule import ALWAYS, HandOff, Layer, Rotate


def calendar_layers(rota: Rota, schedule: str) -> tuple[list[Layer], list[Layer]]:
    """The layers that stand below the rotations of a schedule, and those above."""
    below = [_layer(rota, schedule, "shifts")] if rota.calendar else []
    above = [_layer(rota, schedule, "overrides")] if rota.calendar_of_overrides else []
    return below, above


def calendars_of(rota: Rota, schedule: str) -> list[dict[str, Any]]:
    """The manifests of the calendars that the layers name."""
    named = (("shifts", rota.calendar), ("overrides", rota.calendar_of_overrides))
    return [
        {"kind": "Calendar", "name": _name(schedule, what), "title": rota.name, "entries": "shifts", "url": address}
        for what, address in named
        if address
    ]


def calendar_layer(name: str, zone: str, calendar: str, start: datetime | None = None) -> Layer:
    """A layer that takes its shifts from a calendar, from the local `start` on."""
    return Layer(name, (), Rotate.DAILY, 1, HandOff(time()), zone, start or ALWAYS, calendar=calendar)


def _layer(rota: Rota, schedule: str, what: str) -> Layer:
    return calendar_layer(what, rota.zone, _name(schedule, what))


def _name(schedule: str, what: str) -> str:
    return f"{schedule[:50]}-{what}"
