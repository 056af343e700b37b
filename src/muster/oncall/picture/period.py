"""Which days a picture shows: a week, a fortnight or the weeks of a month, in the viewer's zone (R72)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from muster.kit.localtime import midnight, to_local

_YEARS = range(1991, 2200)


class PeriodUnit(StrEnum):
    """How much is shown at once."""

    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first`, `days` of them. `day` is the one that was asked for: it names the month.

    A week and a fortnight begin with that day, for what comes next is what people ask about; a month with a Monday.
    """

    unit: PeriodUnit
    first: date
    days: int
    day: date

    @property
    def last(self) -> date:
        """The last day that is shown."""
        return self.first + timedelta(days=self.days - 1)

    @property
    def previous(self) -> date:
        """A day of the period before this one."""
        if self.unit is PeriodUnit.MONTH:
            return self.day.replace(day=1) - timedelta(days=1)
        return self.first - timedelta(days=self.days)

    @property
    def following(self) -> date:
        """A day of the period after this one."""
        if self.unit is PeriodUnit.MONTH:
            return (self.day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return self.first + timedelta(days=self.days)

    @property
    def label(self) -> str:
        """What the period is called: `23 to 29 November 2026`, `November 2026`."""
        if self.unit is PeriodUnit.MONTH:
            return f"{self.day:%B %Y}"
        first, last = self.first, self.last
        month = "" if first.month == last.month else f" {first:%B}"
        year = "" if first.year == last.year else f" {first.year}"
        return f"{first.day}{month}{year} to {last.day} {last:%B %Y}"

    def edges(self, zone: str) -> tuple[datetime, datetime]:
        """The instants between which the days lie on the clocks of a zone."""
        return midnight(self.first, zone), midnight(self.first + timedelta(days=self.days), zone)

    def weeks(self) -> list[date]:
        """The first day of each week."""
        return [self.first + timedelta(days=number) for number in range(0, self.days, 7)]


def read_period(unit: str, day: str, now: datetime, zone: str) -> Period:
    """The period that is asked for; what cannot be read means a week, and today."""
    shown = PeriodUnit(unit) if unit in list(PeriodUnit) else PeriodUnit.WEEK
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        asked = to_local(now, zone).date()
    if asked.year not in _YEARS:
        asked = to_local(now, zone).date()
    if shown is not PeriodUnit.MONTH:
        return Period(shown, asked, 7 if shown is PeriodUnit.WEEK else 14, asked)
    begins = asked.replace(day=1)
    first = begins - timedelta(days=begins.weekday())
    after = (begins + timedelta(days=32)).replace(day=1)
    return Period(shown, first, -(-(after - first).days // 7) * 7, asked)


def monday(instant: datetime, zone: str) -> date:
    """The first day of the instant's week on the clocks of a zone."""
    day = to_local(instant, zone).date()
    return day - timedelta(days=day.weekday())
