"""What the plan asks of and tells to other features, inside the transaction."""

from dataclasses import dataclass, field

from muster.kit.errors import Fault
from muster.plan.model.plan import Plan
from muster.plan.version import Version


@dataclass(frozen=True, slots=True)
class NamesWanted:
    """A plan is being checked: higher features add the names that it may refer to, such as schedules.

    Each who knows schedules appends the names to `schedules`; when nobody does, schedules are not checked. The same holds
    for `calendars`.
    """

    schedules: list[set[str]] = field(default_factory=list)
    calendars: list[set[str]] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class PlanChecked:
    """A plan without a fault is about to be published, or looked at before that: higher features append to `warnings` what
    they know of its future, such as a policy that would wake nobody."""

    plan: Plan
    warnings: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlanPublished:
    """This version has been published; `in_force` tells whether new incidents will follow it."""

    version: Version
    in_force: bool
