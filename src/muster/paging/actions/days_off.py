"""The days off of the calendars that a plan's hours name."""

from muster.base.unit import Unit
from muster.oncall import store as oncall
from muster.oncall.calendars.calendar import CalendarKind
from muster.plan.hours import Holidays, calendars_of
from muster.plan.model.plan import Plan


async def days_off(unit: Unit, plan: Plan) -> Holidays:
    """Days off by calendar; one that nobody keeps, or that is not one of holidays, has none."""
    names = calendars_of(plan)
    if not names:
        return {}
    found = await oncall.contents_now(unit.conn, names, unit.now)
    return {name: each.days for name, each in found.items() if each.kind is CalendarKind.HOLIDAYS}
