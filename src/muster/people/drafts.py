"""What is asked for before it is a row: the fields of a person, a team or a contact, with everything wrong about them."""

from collections.abc import Collection
from dataclasses import dataclass

from muster.kit.errors import Fault
from muster.kit.nearest import did_you_mean
from muster.people import rules


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """A person as wanted. `level` is a level's name; an empty `full_name` means the name."""

    name: str
    email: str
    full_name: str = ""
    time_zone: str = "UTC"
    level: str = "viewer"

    def faults(self) -> list[Fault]:
        """Everything wrong, by field."""
        return [
            *rules.name_faults("name", self.name),
            *rules.label_faults("full_name", self.full_name, "The full name", required=False),
            *rules.email_faults("email", self.email),
            *rules.zone_faults("time_zone", self.time_zone),
            *rules.level_faults("permission", self.level),
        ]

    @property
    def shown_name(self) -> str:
        """The full name, or the name where there is none."""
        return self.full_name.strip() or self.name


@dataclass(frozen=True, slots=True)
class TeamDraft:
    """A team as wanted; `lead` is empty or one of `members`, which are persons' names."""

    name: str
    title: str = ""
    members: tuple[str, ...] = ()
    lead: str = ""

    def faults(self) -> list[Fault]:
        """Everything wrong that can be seen without knowing who exists."""
        faults = [
            *rules.name_faults("name", self.name),
            *rules.label_faults("title", self.title, "The title", required=False),
        ]
        for index, member in enumerate(self.members):
            if member in self.members[:index]:
                faults.append(Fault(f"members.{index}", f"`{member}` is listed twice.", "Keep one."))
        if self.lead and self.lead not in self.members:
            fix = f"Add `{self.lead}` to the members." if self.members else "List the members first."
            faults.append(Fault("lead", "A team is led by one of its members.", fix))
        return faults

    def unknown_members(self, active: Collection[str]) -> list[Fault]:
        """The members who are not among the active persons."""
        return [
            Fault(f"members.{index}", f"There is no active person `{member}`.", did_you_mean(member, sorted(active)))
            for index, member in enumerate(self.members)
            if member not in active
        ]


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """A contact as wanted; `verified` is an administrator's word that it reaches its owner.

    `secret` is what the channel needs beside the address, such as a signing secret; empty when it needs none.
    """

    kind: str
    address: str
    verified: bool = False
    secret: str = ""
