"""What persons and teams tell higher features, inside the transaction, so that they can object or follow."""

from dataclasses import dataclass, field
from uuid import UUID

from muster.kit.errors import Fault
from muster.people.contact import Contact
from muster.people.person import Person
from muster.people.team import Team


@dataclass(frozen=True, slots=True)
class PersonDeactivating:
    """Somebody is about to leave. A subscriber appends to `objections` why they may not yet, as a whole sentence."""

    person: Person
    objections: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """Somebody has left although they were needed: as a directory lets people go. `still_in` says where they stand."""

    person: Person
    still_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TeamDeleting:
    """A team is about to be deleted. A subscriber appends to `objections` what still uses it, as a whole sentence."""

    team: Team
    objections: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """Something happened to a person's account that they should hear of, by all ways `but` the contact that was changed."""

    person: Person
    title: str
    body: str
    but: UUID | None = None


@dataclass(frozen=True, slots=True)
class WaysChanged:
    """A person has one way more or less to be reached, or has proved one."""

    person: Person


@dataclass(frozen=True, slots=True)
class PasswordChosen:
    """Somebody wants this password. A subscriber appends to `faults` why it cannot be used."""

    password: str = field(repr=False)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ContactProofWanted:
    """A code is to be sent to a contact that has not been proved yet; whoever pages sends it."""

    person: Person
    contact: Contact
    code: str
