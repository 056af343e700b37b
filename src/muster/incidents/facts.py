"""What the engine looks at: one incident and the one who asks, at one instant. Pure values, loaded by `actions/facts.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from muster.base.access import Permission
from muster.clocks.clock import RunningClock
from muster.incidents.incident import Incident
from muster.plan.hours import Holidays
from muster.plan.permit import UNKNOWN, Actor, Extent, Question

Contribution = TypeVar("Contribution")
MOST_NAMED = 3
"""Alerts that a sentence names before it only counts."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What incidents know themselves, and what features contribute by type.

    `roles` are role → person, `did` doer → person, all by name. `denied` says, by permission, why the asker's sign-in does
    not reach that far. `firing` are the titles of the first alerts that still fire, `firing_besides` counts the others,
    `labels` are those of the first alert. `days_off` are those of the calendars that the plan's hours name. `paging` is true
    while a page runs, `unanswered` when one has run out of steps and nobody has acknowledged.
    """

    incident: Incident
    actor: Actor
    did: Mapping[str, str | None]
    roles: Mapping[str, str] = field(default_factory=dict)
    clocks: tuple[RunningClock, ...] = ()
    firing: tuple[str, ...] = ()
    firing_besides: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    denied: Mapping[Permission, str] = field(default_factory=dict)
    paging: bool = False
    unanswered: bool = False
    days_off: Holidays = field(default_factory=dict)
    criticality: str | None = None
    extent: Extent = UNKNOWN
    contributed: Mapping[type, object] = field(default_factory=dict)

    @property
    def question(self) -> Question:
        """What the plan's authority may look at."""
        return Question(self.incident.severity, self.did, self.criticality, self.extent)

    def of(self, kind: type[Contribution]) -> Contribution | None:
        """What a feature contributed; None when it is not known, which never allows anything."""
        value = self.contributed.get(kind)
        return value if isinstance(value, kind) else None

    def clock(self, kind: str) -> RunningClock | None:
        """The incident's running clock of that kind."""
        return next((clock for clock in self.clocks if clock.kind == kind), None)
