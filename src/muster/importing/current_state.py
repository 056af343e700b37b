"""What Muster has already, as far as an import must know it to add to it instead of replacing it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from muster.kit.errors import Fault
from muster.people.person import Person


def _unchecked(kind: str, address: str) -> Fault | None:
    return None


@dataclass(frozen=True, slots=True)
class CurrentPerson:
    """A person with their contacts in order, and whether they have said how they want to be notified."""

    person: Person
    contacts: tuple[tuple[str, str], ...] = ()
    has_rules: bool = False


@dataclass(frozen=True, slots=True)
class CurrentTeam:
    """A team; its manifest lists all members, so an import must list those who are there."""

    title: str
    members: tuple[str, ...]
    lead: str


@dataclass(frozen=True, slots=True)
class CurrentState:
    """The organisation as it stands. `schedules` maps names to descriptions; `plan` is the text in force, if there is one.

    `contact_kinds` are those that this installation can use, `severities` the plan's, the worst first.
    `check` says what is wrong with an address of a kind of contact.
    """

    persons: tuple[CurrentPerson, ...] = ()
    teams: Mapping[str, CurrentTeam] = field(default_factory=dict)
    schedules: Mapping[str, str] = field(default_factory=dict)
    workloads: frozenset[str] = frozenset()
    integrations: frozenset[str] = frozenset()
    plan: str | None = None
    plan_name: str = "main"
    severities: tuple[str, ...] = ("critical", "high", "medium", "low")
    contact_kinds: frozenset[str] = frozenset({"email", "sms", "voice"})
    check: Callable[[str, str], Fault | None] = _unchecked
