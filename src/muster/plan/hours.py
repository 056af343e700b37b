"""Which of the plan's named hours a moment falls in: what rules see as `hours.NAME`."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from muster.kit.localtime import to_local
from muster.plan.model.plan import Plan

Holidays = Mapping[str, Collection[date]]
"""Days off by the name of their calendar, in the plan's zone."""


def hours_at(plan: Plan, now: datetime, holidays: Holidays) -> dict[str, bool]:
    """Every named hours of the plan, and whether `now` falls in them. A calendar that is not known has no days off."""
    local = to_local(now, plan.time_zone)
    return {
        name: each.week.hold(local, holidays.get(each.holidays, ()) if each.holidays else ())
        for name, each in plan.hours.items()
    }


def calendars_of(plan: Plan) -> frozenset[str]:
    """The calendars of holidays that the plan's hours name."""
    return frozenset(named.holidays for named in plan.hours.values() if named.holidays)
