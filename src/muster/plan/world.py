"""What exists outside of the plan, so that its references can be checked."""

from dataclasses import dataclass, field

from muster.plan.action import Action
from muster.plan.check_kind import CheckKind
from muster.plan.section import PlanSection


@dataclass(frozen=True, slots=True)
class World:
    """The names that a plan may refer to.

    `schedules` and `calendars` (of holidays) are None where nobody can tell which there are; they are not checked then.
    `unreachable` are persons without a contact that a page can go to; `empty_teams` teams without members. `sections` are
    those that features bring, `actions` what they let people do; where nobody can tell, they are not checked. `checks` are the
    kinds of checks that they bring.
    """

    persons: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    schedules: frozenset[str] | None = frozenset()
    roles: frozenset[str] = frozenset()
    unreachable: frozenset[str] = field(default=frozenset())
    empty_teams: frozenset[str] = field(default=frozenset())
    calendars: frozenset[str] | None = None
    sections: tuple[PlanSection, ...] = ()
    actions: tuple[Action, ...] = ()
    checks: tuple[CheckKind, ...] = ()

    def known(self, kind: str) -> frozenset[str] | None:
        """The names of one kind of target; None: not known."""
        return {"person": self.persons, "team": self.teams, "schedule": self.schedules, "role": self.roles}.get(
            kind, frozenset()
        )
