"""Trying things out by API: what an alert or a sender's payload would lead to, and whom a policy would wake at a time."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from muster.alerts.formats import Formats
from muster.base.access import Permission
from muster.base.aside import aside
from muster.base.unit import Unit
from muster.base.web.budget import SIMULATIONS
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.base.web.services import services_of
from muster.kit.duration import format_duration
from muster.kit.errors import Missing
from muster.paging.actions.dry_run import (
    Forecast,
    foresee,
    foresee_payload,
    foresee_policy,
    payload_request,
    source_of,
)
from muster.paging.foreseen import ForeseenStep
from muster.plan import store as plans
from muster.plan.facts import AlertFacts
from muster.plan.model.plan import Plan
from muster.plan.reader import read_plan
from muster.plan.shapes import Labels, ReasonOut, Short, Text

router = api_router("", "plans")

_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
Name = Annotated[str, Path(max_length=64, description="The plan's name.")]
At = Annotated[AwareDatetime, Field(ge=_FIRST, le=_LAST)]


class SimulateIn(BaseModel):
    """An alert to try the plan on; `text` tries a plan that is not published yet."""

    model_config = ConfigDict(extra="forbid")

    at: At | None = Field(None, description="When it comes; now if left out.")
    text: Text | None = Field(None, description="A plan in YAML to try instead of the published one.")
    name: Short = Field("", description="The alert's name.")
    title: Short = ""
    description: Annotated[str, Field(max_length=10_000)] = ""
    source: Short = ""
    integration: Short = ""
    category: Short = ""
    severity: Short = ""
    workload: Short = ""
    component: Short = ""
    criticality: Short = ""
    labels: Labels = Field(default_factory=dict)
    annotations: Labels = Field(default_factory=dict)

    def facts(self, now: datetime) -> AlertFacts:
        """The alert as rules see it."""
        given = self.model_dump(exclude={"at", "text"})
        return AlertFacts(now=self.at or now, key="simulated", **given)


class PayloadIn(BaseModel):
    """What a sender would send, as it stands; read as the integration reads it, or as whatever it is recognised to be."""

    model_config = ConfigDict(extra="forbid")

    payload: Text = Field(description="The body, unchanged.")
    integration: Short = Field("", description="The integration through which it would come.")
    path: Short = Field("", description="What follows the integration's address, such as /api/v2/alerts.")
    headers: Annotated[dict[Short, Short], Field(max_length=50)] = Field(default_factory=dict)
    at: At | None = Field(None, description="When it comes; now if left out.")
    plan: Short = Field("", description="The plan to try; the one in force if left out.")


class PolicyIn(BaseModel):
    """When, and for an incident of which severity; the worst if left out."""

    model_config = ConfigDict(extra="forbid")

    at: At | None = None
    severity: Short = ""
    plan: Short = Field("", description="The plan to try; the one in force if left out.")


class SentOut(BaseModel):
    """A message that would be sent, by which channel, when and why so."""

    person: str
    channel: str
    address: str
    at: datetime
    after: str
    why: str
    proven: bool


class WhomOut(BaseModel):
    """A target of a step: what it means then, why, and why not others."""

    target: str
    words: str
    people: list[str]
    because: str
    unreached: list[str]
    waiting: list[str]
    shadows: list[str]


class StepOut(BaseModel):
    """A step that would be taken so long after the incident opened, if nobody acknowledges; `times` in a row, `every` so
    long. `skipped` says why it is passed over."""

    policy: str
    number: int
    at: datetime
    after: str
    every: str
    times: int
    notify: list[str]
    people: list[str]
    why: str
    skipped: str
    whom: list[WhomOut]
    messages: list[SentOut]

    @classmethod
    def of(cls, policy: str, step: ForeseenStep) -> "StepOut":
        """From the domain value."""
        whom = [
            WhomOut(target=str(each.target), words=each.words, people=list(each.people), because=each.because,
                    unreached=list(each.unreached), waiting=list(each.waiting), shadows=list(each.shadows))
            for each in step.whom
        ]  # fmt: skip
        messages = [
            SentOut(person=each.person, channel=each.channel, address=each.address, at=each.at,
                    after=format_duration(each.after), why=each.why, proven=each.proven)
            for each in step.sent
        ]  # fmt: skip
        return cls(
            policy=policy,
            number=step.number,
            at=step.at,
            after=format_duration(step.after),
            every=format_duration(step.every),
            times=step.times,
            notify=[each.target for each in whom],
            people=list(dict.fromkeys(each.person for each in step.sent)),
            why=step.why,
            skipped=step.skipped,
            whom=whom,
            messages=messages,
        )


class SimulationOut(BaseModel):
    """What would happen, and why. `title` and `key` name the alert of a payload; without an alert, what the plan decides
    about one is left out."""

    key: str
    title: str
    at: datetime
    category: str | None
    severity: str | None
    policies: list[str]
    group: list[list[str]]
    acknowledge_by: datetime | None
    reasons: list[ReasonOut]
    steps: list[StepOut]
    warnings: list[str]
    notes: list[str]

    @classmethod
    def of(cls, done: Forecast) -> "SimulationOut":
        """From the domain value."""
        decided = done.simulation.triage if done.simulation else None
        reasons = (
            (*decided.category_reasons, *decided.severity_reasons, *decided.routed.reasons, decided.grouped.reason)
            if decided
            else ()
        )
        return cls(
            key=done.signal.key if done.signal else "",
            title=done.signal.title if done.signal else "",
            at=done.at,
            category=decided.category if decided else None,
            severity=decided.severity if decided else None,
            policies=[run.policy for run in done.runs],
            group=[list(part) for part in decided.grouped.parts] if decided else [],
            acknowledge_by=done.simulation.acknowledge_by if done.simulation else None,
            reasons=[ReasonOut.of(reason) for reason in reasons],
            steps=[StepOut.of(run.policy, step) for run in done.runs for step in run.steps],
            warnings=list(done.warnings),
            notes=list(done.notes),
        )


@router.post("/plans/{name}:simulate")
@needs(Permission.PLAN_READ, largest=None, budget=SIMULATIONS)
async def simulate_alert(unit: Uses, name: Name, body: SimulateIn) -> SimulationOut:
    """Tell what would happen if this alert came at that time. Nothing is written and nobody is paged."""
    plan = await aside(read_plan, body.text) if body.text is not None else await _plan(unit, name)
    return SimulationOut.of(await foresee(unit, plan, body.facts(unit.now)))


@router.post("/simulate/policies/{policy}")
@needs(Permission.PLAN_READ, budget=SIMULATIONS)
async def simulate_policy(
    unit: Uses, policy: Annotated[str, Path(max_length=64, description="The policy's name.")], body: PolicyIn
) -> SimulationOut:
    """Tell whom a policy would wake at a time. Nobody is paged."""
    plan = await _plan(unit, body.plan)
    return SimulationOut.of(await foresee_policy(unit, plan, policy, body.at or unit.now, body.severity))


@router.post("/simulate")
@needs(Permission.PLAN_READ, largest=None, budget=SIMULATIONS)
async def simulate_payload(unit: Uses, request: Request, body: PayloadIn) -> list[SimulationOut]:
    """Tell what would happen if a sender sent this at that time, alert by alert. Nothing is written and nobody is paged."""
    plan = await _plan(unit, body.plan)
    at = body.at or unit.now
    sent = payload_request(body.payload, body.path, body.headers, at)
    parser = services_of(request).of(Formats).parser
    source = await source_of(unit, body.integration)
    return [SimulationOut.of(each) for each in await foresee_payload(unit, plan, parser, source, sent, at)]


async def _plan(unit: Unit, name: str) -> Plan:
    found = await plans.newest(unit.conn, name) if name else await plans.in_force(unit.conn)
    if found is None:
        what = f"There is no plan `{name:.64}`." if name else "No response plan is published."
        raise Missing(what, "Publish one: `muster plan publish`.")
    return found.plan
