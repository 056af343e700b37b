"""How a person wants to be paged: by severity and time, which contacts at once and which later, and when not to be woken.

Pure. Paging evaluates it; here stands what people write, and what is wrong with it.
"""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cached_property
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
)

from muster.kit.duration import format_duration, parse_duration
from muster.kit.errors import Broken, Fault
from muster.kit.localtime import to_instant, to_local
from muster.kit.nearest import did_you_mean
from muster.kit.weekhours import DAYS, WeekHours, clock_text, read_time, read_weekdays, weekdays_text

MOST_RULES, MOST_DOINGS = 20, 10
LONGEST_AFTER = timedelta(hours=24)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def _after(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if value in (0, "0"):
        return timedelta(0)
    try:
        found = parse_duration(str(value))
    except ValueError:
        raise Broken(f"`{value!s:.40}` is not a duration.", "Write it as 90s, 2m or 1h.") from None
    if found > LONGEST_AFTER:
        raise Broken("A page may wait for at most 24h.", "Write a shorter time.")
    return found


def _severity(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise Broken(f"`{value:.40}` is not the name of a severity.", "Write a severity of the plan, such as critical.")
    return value


def _many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


_ONE_OR_MANY = BeforeValidator(_many, json_schema_input_type=str | list[str])
After = Annotated[
    timedelta,
    BeforeValidator(_after),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^0|(\d+[wdhms])+$", "examples": ["0s", "2m"]}),
]
Clock = Annotated[str, BeforeValidator(clock_text), WithJsonSchema({"type": "string", "examples": ["22:00"]})]
Days = Annotated[tuple[Annotated[str, AfterValidator(weekdays_text)], ...], _ONE_OR_MANY]
Severities = Annotated[tuple[Annotated[str, AfterValidator(_severity)], ...], _ONE_OR_MANY]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)


class Hours(_Part):
    """Hours of the week in the person's zone. Where `to` is not after `from` they last until `to` on the next day."""

    days: Days = Field(DAYS, min_length=1, max_length=7)
    start: Clock = Field(validation_alias=AliasChoices("from", "start"), serialization_alias="from")
    end: Clock = Field(validation_alias=AliasChoices("to", "end"), serialization_alias="to")

    @cached_property
    def week(self) -> WeekHours:
        """As they are evaluated."""
        return WeekHours(read_weekdays(self.days), read_time(self.start), read_time(self.end))

    def until(self, now: datetime, zone: str) -> datetime | None:
        """When the hours that `now` falls in end (an instant, the clocks' jumps respected); None outside of them."""
        if not self.week.hold(to_local(now, zone)):
            return None
        end = now
        # Hours that follow each other without a pause are one stretch; after eight days it has no end worth waiting for.
        while self.week.hold(local := to_local(end, zone)) and end < now + timedelta(days=8):
            wraps = self.week.start >= self.week.end
            today = datetime.combine(local.date(), self.week.end)
            day_after = wraps and local.time() >= self.week.start and local.time() >= self.week.end
            following = to_instant(today + timedelta(days=1) if day_after or today <= local else today, zone)
            # A clock that was put back shows the end twice: the first time counts, and time only goes on.
            end = following if following > end else end + timedelta(minutes=1)
        return end


class QuietHours(Hours):
    """When a person is not to be woken; pages of a severity in `pierced_by` come all the same."""

    pierced_by: Severities = Field(("critical",), max_length=20)


class Doing(_Part):
    """One contact to use: the first of this kind that the person has, `after` this long unless somebody has taken it."""

    by: str = Field(max_length=31)
    after: After = timedelta(0)


class NotifyRule(_Part):
    """What to do for some severities (none named: for all) at some hours (none: always)."""

    severity: Severities = Field((), max_length=20)
    hours: Hours | None = None
    do: tuple[Doing, ...] = Field(min_length=1, max_length=MOST_DOINGS)

    def meets(self, severity: str, now: datetime, zone: str) -> bool:
        """Whether the rule is about a page of this severity at this moment."""
        if self.severity and severity not in self.severity:
            return False
        return self.hours is None or self.hours.week.hold(to_local(now, zone))


class Notify(_Part):
    """All that a person has said: the first rule that meets a page decides; without one, contacts are tried in order."""

    notify: tuple[NotifyRule, ...] = Field((), max_length=MOST_RULES)
    quiet_hours: QuietHours | None = None

    def rule_for(self, severity: str, now: datetime, zone: str) -> NotifyRule | None:
        """The rule that decides about a page."""
        return next((rule for rule in self.notify if rule.meets(severity, now, zone)), None)

    def quiet_until(self, severity: str, now: datetime, zone: str) -> datetime | None:
        """Until when a page of this severity is not to wake the person; None when it may come now."""
        if self.quiet_hours is None or severity in self.quiet_hours.pierced_by:
            return None
        return self.quiet_hours.until(now, zone)

    def as_json(self) -> dict[str, Any]:
        """As it is stored and shown; reading it back gives the same."""
        return self.model_dump(mode="json", by_alias=True)


NOTHING_SAID = Notify()


def kind_faults(notify: Notify, kinds: Collection[str]) -> list[Fault]:
    """What is wrong with the kinds of contact that the rules name; `kinds` are those of this installation."""
    return [
        Fault(f"notify.{i}.do.{j}.by", f"`{doing.by}` is not a kind of contact.", did_you_mean(doing.by, sorted(kinds)))
        for i, rule in enumerate(notify.notify)
        for j, doing in enumerate(rule.do)
        if doing.by not in kinds
    ]
