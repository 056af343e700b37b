"""Rules that decide category, severity and route, and how alerts join one incident (R13, R14, R67, R68)."""

from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

from muster.plan.model.fields import Duration, Name, PolicyName, RuleField, one_or_many
from muster.plan.model.reference import Refers
from muster.plan.model.section import Section


class Conditional(Section):
    """What counts `if` something holds; of a list of these, the first that matches wins."""

    condition: RuleField = Field(alias="if")


class CategoryRule(Conditional):
    """If this holds, the category is `then`."""

    then: Annotated[Name, Refers("category")]


class SeverityRule(Conditional):
    """If this holds, the severity is `then`."""

    then: Annotated[Name, Refers("severity")]


class Route(Conditional):
    """Where an alert goes."""

    to: PolicyName = Field(description="The escalation policy that is paged.")
    also: Annotated[tuple[PolicyName, ...], BeforeValidator(one_or_many, json_schema_input_type=str | list[str])] = (
        Field((), description="Further policies that are paged as well.")
    )


class Grouping(Section):
    """Alerts that agree in all of `by` within `window` become one incident."""

    by: tuple[str, ...] = Field(("workload", "alertname"), min_length=1, max_length=10)
    window: Duration = Field(
        timedelta(minutes=10), description="How long after its last alert an incident takes more in."
    )
