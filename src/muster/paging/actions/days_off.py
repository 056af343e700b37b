"""The days off of the calendars that a plan's hours name."""

from muster.base.unit import Unit
from muster.plan.hours import Holidays
from muster.plan.model.plan import Plan


async def days_off(unit: Unit, plan: Plan) -> Holidays:
    """Days off by calendar; one that nobody keeps has none."""
    return {}
