"""Hours that an organisation gives a name, such as its business hours, for the plan's rules to ask about (`hours.business`)."""

from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from muster.kit.weekhours import WeekHours, clock_text, read_time, read_weekdays, weekdays_text
from muster.plan.model.fields import CalendarName, one_or_many
from muster.plan.model.section import Section

MOST_HOURS = 20


ClockTime = Annotated[str, BeforeValidator(clock_text)]


class Hours(Section):
    """Hours of the week in the plan's zone. Where `to` is not after `from` they last until `to` on the next day.

    Days of the calendar `holidays` are none of the `days`.
    """

    days: Annotated[
        tuple[Annotated[str, AfterValidator(weekdays_text)], ...],
        BeforeValidator(one_or_many, json_schema_input_type=str | list[str]),
    ] = Field(("mon-fri",), min_length=1, max_length=7)
    start: ClockTime = Field("09:00", alias="from")
    end: ClockTime = Field("17:00", alias="to")
    holidays: CalendarName | None = Field(None, description="The calendar whose days are days off.")

    @cached_property
    def week(self) -> WeekHours:
        """As they are evaluated."""
        return WeekHours(read_weekdays(self.days), read_time(self.start), read_time(self.end))
