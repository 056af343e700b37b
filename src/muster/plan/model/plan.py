"""The response plan: the root of its sections (R4, R5, R24)."""

from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PrivateAttr

from muster.kit.errors import Broken
from muster.kit.localtime import is_zone, zones_like
from muster.plan.model.authority import Authority
from muster.plan.model.closure import USUAL_CLOSURE, Check
from muster.plan.model.contacts import Contacts
from muster.plan.model.escalation import MOST_POLICIES, Paging, Step
from muster.plan.model.fields import Duration, Name, TargetField
from muster.plan.model.hours import MOST_HOURS, Hours
from muster.plan.model.roles import USUAL_ROLES, Role
from muster.plan.model.routing import CategoryRule, Conditional, Grouping, Route, SeverityRule
from muster.plan.model.section import Section
from muster.plan.model.severities import USUAL_CATEGORIES, Severity, usual_severities


def _zone(value: str) -> str:
    if not is_zone(value):
        near = zones_like(value)
        raise Broken(
            f"`{value}` is not a time zone.", f"Write an IANA name such as `{near[0] if near else 'Europe/Lisbon'}`."
        )
    return value


class Plan(Section):
    """One response plan. An incident is pinned to the version in force when it opened."""

    kind: Literal["Plan"] = "Plan"
    name: Name = "main"
    description: str = Field("", max_length=2000)
    owner: TargetField | None = Field(None, description="Who keeps the plan right, such as team:platform.")
    review_every: Duration | None = Field(None, description="The plan must be reviewed this often.")
    time_zone: Annotated[str, AfterValidator(_zone)] = Field("UTC", description="The zone of `now` in rules.")
    hours: dict[Name, Hours] = Field(
        default_factory=dict, max_length=MOST_HOURS, description="Hours by name; rules ask `hours.NAME`."
    )
    severities: dict[Name, Severity] = Field(default_factory=usual_severities, min_length=1, max_length=20)
    categories: tuple[Name, ...] = Field(USUAL_CATEGORIES, min_length=1, max_length=50)
    category_rules: tuple[CategoryRule, ...] = Field((), max_length=200)
    severity_rules: tuple[SeverityRule, ...] = Field((), max_length=200)
    routes: tuple[Route, ...] = Field(min_length=1, max_length=200)
    grouping: Grouping = Grouping()
    escalation: dict[Name, tuple[Step, ...]] = Field(min_length=1, max_length=MOST_POLICIES)
    roles: dict[Name, Role] = Field(default_factory=dict, max_length=50)
    authority: Authority = Authority()
    closure: tuple[Check, ...] = Field(USUAL_CLOSURE, max_length=50)
    paging: Paging = Paging()
    contacts: Contacts = Contacts()
    kept: dict[str, Any] = Field(default_factory=dict, description="Sections of later versions, kept as written.")

    _read: dict[str, Section] = PrivateAttr(default_factory=dict)

    @property
    def read(self) -> dict[str, Section]:
        """Sections that features bring, as far as they were read; see `plan/section.py`."""
        return self._read

    @cached_property
    def looked_at(self) -> frozenset[str]:
        """The facts that the rules about alerts read; the rest need not be converted for them."""
        rules: tuple[Conditional, ...] = (*self.category_rules, *self.severity_rules, *self.routes)
        return frozenset().union(*(rule.condition.names for rule in rules))

    @property
    def worst(self) -> str:
        """The worst severity, which stands first."""
        return next(iter(self.severities))

    def rank(self, severity: str) -> int:
        """How far a severity stands from the worst (0); an unknown one counts as the worst, so that doubt never mutes."""
        names = list(self.severities)
        return names.index(severity) if severity in names else 0

    def every_role(self) -> dict[str, Role]:
        """The roles that every incident has, as this plan adapts them, then those of its own (R83)."""
        adapted = {name: role.over(USUAL_ROLES[name]) for name, role in self.roles.items() if name in USUAL_ROLES}
        return {**USUAL_ROLES, **self.roles, **adapted}

    def role(self, name: str) -> Role | None:
        """A role of the plan or of those that every incident has."""
        return self.every_role().get(name)
