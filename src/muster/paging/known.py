"""What is known about whom targets mean, through a stretch of time: pages look at its beginning, dry runs at all of it. Pure.

One source for both, so that a dry run cannot answer otherwise than a page would.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from muster.kit.localtime import to_local
from muster.oncall.coverage.roster import Cause, Roster
from muster.oncall.coverage.spans import at as covered_at
from muster.paging.targets import OnCall, Reachable, Snapshot
from muster.plan.facts import moment
from muster.plan.hours import Holidays, hours_at
from muster.plan.model.fields import Target
from muster.plan.model.plan import Plan


@dataclass(frozen=True, slots=True)
class PagingWorld:
    """Everything that steps of a plan may ask for; `at` says how it stands at an instant of the stretch."""

    plan: Plan
    rosters: Mapping[str, Roster] = field(default_factory=dict)
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    persons: Mapping[str, Reachable] = field(default_factory=dict)
    roles: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)
    holidays: Holidays = field(default_factory=dict)
    turns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def at(self, instant: datetime) -> Snapshot:
        """How it stands at an instant."""
        covered = {name: covered_at(roster, instant) for name, roster in self.rosters.items()}
        schedules = {
            name: OnCall(each.people, each.reason.sentence(), each.shadows)
            for name, each in covered.items()
            if each.reason.cause is not Cause.NO_SCHEDULE
        }
        return Snapshot(
            schedules,
            self.teams,
            self.persons,
            self.roles,
            {"now": moment(instant, self.plan.time_zone), "hours": hours_at(self.plan, instant, self.holidays)},
            f"{to_local(instant, self.plan.time_zone):%a %H:%M} {self.plan.time_zone}",
            self.turns,
        )
