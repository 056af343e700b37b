"""Tells those who watch over paging that a source's clock differs: its alerts may arrive ended, and end too late."""

from datetime import timedelta

from muster.alerts.happenings import ClockDiffers
from muster.base.unit import Unit
from muster.paging.actions.watchers import tell_watchers

_BEHIND = (
    "Its alerts arrive ended. Those that may fire are taken as firing for now; set the clock of the sender right (NTP), "
    "since what ends by a wrong clock cannot be told from what is over."
)
_AHEAD = "Its alerts end later than they should. Set the clock of the sender right (NTP)."


async def on_clock_differs(unit: Unit, differs: ClockDiffers) -> None:
    """Subscribed to clocks that differ; at most one notice a day for each source."""
    behind = differs.skew.by < timedelta(0)
    title = f"The clock of {differs.integration} differs"
    await tell_watchers(unit, title, f"{differs.skew.sentence()} {_BEHIND if behind else _AHEAD}")
