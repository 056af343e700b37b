"""Whom to page, in which order, on which condition, how long to wait, and what follows when nobody answers (R69, R75)."""

from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, WrapSerializer

from muster.plan.model.fields import Duration, SeverityName, StepRuleField, TargetField, one_or_many
from muster.plan.model.flow import Bundling, Limit, usual_limits
from muster.plan.model.section import Section

MOST_REPEATS = 20
MOST_POLICIES = 200
MOST_STEPS = 30
MOST_TARGETS = 20
MOST_ROUNDS = 10

Mode = Literal["all", "round_robin"]
AfterMitigation = Literal["page", "notice", "note"]
AfterAcknowledgement = Literal["notice", "page", "note"]


class Step(Section):
    """One step: notify these, then `wait` for somebody to acknowledge before the next.

    With `if` it is taken only where that holds when it is reached. `mode` says whether all of its people are paged or one
    of them in turn. `repeat` notifies the same again that many times more, `wait` apart, before going on.
    """

    condition: StepRuleField | None = Field(None, alias="if")
    notify: Annotated[tuple[TargetField, ...], BeforeValidator(one_or_many, json_schema_input_type=str | list[str])] = (
        Field(min_length=1, max_length=MOST_TARGETS)
    )
    mode: Mode = "all"
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


def _rounds(value: Any) -> Any:
    return [value] if isinstance(value, dict | Final) else value


def _one_alone(value: Any, handler: SerializerFunctionWrapHandler) -> Any:
    plain = handler(value)
    return plain[0] if len(plain) == 1 else list(plain)


class FiresAgain(Section):
    """What an alert does that fires in an incident which somebody has already; each incident at most once in `every`.

    `page` runs its policies again, `notice` tells its owner without waking others, `note` writes it in the timeline only,
    where it stands in any case.
    """

    mitigated: AfterMitigation = "page"
    acknowledged: AfterAcknowledgement = "notice"
    every: Duration = Field(timedelta(minutes=30), ge=timedelta(minutes=1), le=timedelta(days=7))


class Paging(Section):
    """What paging does beyond the escalation policies."""

    final: Annotated[
        tuple[Final, ...],
        BeforeValidator(_rounds, json_schema_input_type=Final | list[Final]),
        WrapSerializer(_one_alone),
    ] = Field((), max_length=MOST_ROUNDS, description="Paging goes on like this after the last step, round by round.")
    remind_acknowledged: dict[SeverityName, Duration] = Field(
        default_factory=dict,
        description="By severity: an incident acknowledged but not mitigated for this long is paged anew.",
    )
    fires_again: FiresAgain = FiresAgain()
    hand_over_within: Duration = Field(
        timedelta(minutes=10),
        ge=timedelta(minutes=1),
        le=timedelta(days=1),
        description="Whoever is asked to take an incident over must have accepted after this long; else it stays.",
    )
    watchers: Annotated[
        tuple[TargetField, ...], BeforeValidator(one_or_many, json_schema_input_type=str | list[str])
    ] = Field(
        (),
        max_length=MOST_TARGETS,
        description="Who is told when paging itself is in trouble, or a policy would wake nobody; empty: administrators.",
    )
    bundle: Bundling = Bundling()
    limits: dict[str, Limit] = Field(
        default_factory=usual_limits,
        max_length=30,
        description="By kind of contact: how many messages a person gets by it; what is beyond waits and says so.",
    )
