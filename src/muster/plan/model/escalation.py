"""Whom to page, in which order, how long to wait (R69, R75)."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from muster.plan.model.fields import Duration, TargetField, one_or_many
from muster.plan.model.section import Section

MOST_REPEATS = 20
MOST_POLICIES = 200
MOST_STEPS = 30
MOST_TARGETS = 20


class Step(Section):
    """One step: notify these, then `wait` for somebody to acknowledge before the next.

    `repeat` notifies the same again that many times more, `wait` apart, before going on.
    """

    notify: Annotated[tuple[TargetField, ...], BeforeValidator(one_or_many, json_schema_input_type=str | list[str])] = (
        Field(min_length=1, max_length=MOST_TARGETS)
    )
    wait: Duration = Field(timedelta(minutes=5), le=timedelta(days=7))
    repeat: int = Field(0, ge=0, le=MOST_REPEATS)


class Final(Section):
    """What happens when every step has run and still nobody has acknowledged: page on, until somebody does.

    Without `notify`, the last step's targets are paged again.
    """

    notify: Annotated[tuple[TargetField, ...], BeforeValidator(one_or_many, json_schema_input_type=str | list[str])] = (
        Field((), max_length=MOST_TARGETS)
    )
    every: Duration = Field(timedelta(minutes=15), ge=timedelta(minutes=1), le=timedelta(days=1))
    times: int = Field(24, ge=1, le=200)


class Paging(Section):
    """What paging does beyond the escalation policies."""

    final: Final | None = Field(None, description="Paging goes on like this after the last step.")
    remind_acknowledged: dict[str, Duration] = Field(
        default_factory=dict,
        description="By severity: an incident acknowledged but not mitigated for this long is paged anew.",
    )
