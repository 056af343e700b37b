"""Hours that an organisation gives a name, such as its business hours, for the plan's rules to ask about (`hours.business`)."""

from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from muster.kit.faults import Broken
from muster.kit.weekhours import WeekHours, read_time, read_weekdays
from muster.plan.model.fields import CalendarName, one_or_many
from muster.plan.model.section import Section

MOST_HOURS = 20


def _time(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1440:
        raise Broken("YAML reads a time without quotes as a number.", f'Write "{value // 60:02}:{value % 60:02}".')
    if not isinstance(value, str):
        raise Broken("This is not a time of day.", 'Write hours and minutes in quotes, such as "09:00".')
    try:
        read_time(value)
    except ValueError as error:
        rule, _, fix = str(error).partition(". ")
        raise Broken(f"{rule}.", fix) from None
    return value


def _day(value: str) -> str:
    try:
        read_weekdays([value])
    except ValueError as error:
        rule, _, fix = str(error).partition(". ")
        raise Broken(f"{rule}.", fix) from None
    return value


ClockTime = Annotated[str, BeforeValidator(_time)]


class Hours(Section):
    """Hours of the week in the plan's zone. Where `to` is not after `from` they last until `to` on the next day.

    Days of the calendar `holidays` are none of the `days`.
    """

    days: Annotated[
        tuple[Annotated[str, AfterValidator(_day)], ...],
        BeforeValidator(one_or_many, json_schema_input_type=str | list[str]),
    ] = Field(("mon-fri",), min_length=1, max_length=7)
    start: ClockTime = Field("09:00", alias="from")
    end: ClockTime = Field("17:00", alias="to")
    holidays: CalendarName | None = Field(None, description="The calendar whose days are days off.")

    @cached_property
    def week(self) -> WeekHours:
        """As they are evaluated."""
        return WeekHours(read_weekdays(self.days), read_time(self.start), read_time(self.end))
