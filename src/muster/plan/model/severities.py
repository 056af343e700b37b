"""How bad an incident can be, and what each severity demands at once (R14, R18)."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from muster.plan.model.fields import Duration, PolicyName
from muster.plan.model.section import Section


class Severity(Section):
    """One severity; severities stand in the plan from the worst to the mildest."""

    acknowledge_within: Duration = Field(description="Somebody must have acknowledged the incident after this long.")
    escalate: PolicyName | None = Field(None, description="A policy that is paged too at this severity.")
    rca_within: Duration | None = Field(None, description="The RCA report is due this long after resolution.")
    retrospective: Literal["required", "optional", "none"] = Field("optional", description="Whether one must be held.")
    description: str = Field("", description="When an incident has this severity, in words.", max_length=500)


def usual_severities() -> dict[str, Severity]:
    """The four that a plan has when it names none."""
    within = {"critical": timedelta(minutes=5), "high": timedelta(minutes=15), "medium": timedelta(hours=1)}
    return {name: Severity(acknowledge_within=time) for name, time in {**within, "low": timedelta(days=1)}.items()}


USUAL_CATEGORIES = ("operational", "security", "performance", "deployment")
