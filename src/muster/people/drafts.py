"""What is asked for before it is a row: a person, a team or a contact, as a manifest, the API and a form have it."""

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from muster.kit.errors import Broken, Fault
from muster.kit.nearest import did_you_mean
from muster.people import rules

# Clients read the rules here. What breaks them is refused by the actions, all at once and in words that people understand.
Name = Annotated[str, Field(json_schema_extra={"pattern": f"^{rules.NAME.pattern}$"}, description="Short, lower-case.")]
Email = Annotated[str, Field(json_schema_extra={"format": "email", "maxLength": 254})]
Zone = Annotated[str, Field(description="A zone of the tz database.", examples=["Europe/Lisbon"])]
LevelName = Annotated[str, Field(json_schema_extra={"enum": list(rules.LEVELS)})]
Line = Annotated[str, Field(json_schema_extra={"maxLength": 200})]

Rules = Mapping[str, Callable[[str, str], list[Fault]]]
"""What a field must satisfy, by its name: a function of the field and its value."""


class PeopleDraft(BaseModel):
    """Fields with their rules. A draft may break them and tells how; one that is `declared` in a manifest may not."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
    declared: ClassVar[bool] = False
    RULES: ClassVar[Rules] = {}

    @field_validator("*")
    @classmethod
    def _kept(cls, value: Any, info: ValidationInfo) -> Any:
        field = info.field_name or ""
        if cls.declared and field in cls.RULES:
            refuse(cls.RULES[field](field, value))
        return value

    def faults(self) -> list[Fault]:
        """Everything wrong that can be seen without knowing what exists, by field."""
        return [fault for field, rule in self.RULES.items() for fault in rule(field, getattr(self, field))]


class PersonDraft(PeopleDraft):
    """A person as wanted. `permission` is a level's name; an empty `full_name` means the name."""

    RULES = {
        "name": rules.name_faults,
        "full_name": rules.line("The full name"),
        "email": rules.email_faults,
        "time_zone": rules.zone_faults,
        "permission": rules.level_faults,
    }

    name: Name
    email: Email
    full_name: Line = ""
    time_zone: Zone = "UTC"
    permission: LevelName = "viewer"

    @property
    def shown_name(self) -> str:
        """The full name, or the name where there is none."""
        return self.full_name or self.name


class TeamDraft(PeopleDraft):
    """A team as wanted; `lead` is empty or one of `members`, which are persons' names."""

    RULES = {"name": rules.name_faults, "title": rules.line("The title")}

    name: Name
    title: Line = ""
    members: tuple[Name, ...] = ()
    lead: str = ""

    def faults(self) -> list[Fault]:
        """Everything wrong that can be seen without knowing who exists."""
        faults = super().faults()
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


class ContactDraft(PeopleDraft):
    """A contact as wanted; `verified` is an administrator's word that it reaches its owner.

    `secret` is what the channel needs beside the address, such as a signing secret; empty when it needs none.
    """

    kind: str
    address: str
    verified: bool = False
    secret: str = ""


def refuse(faults: Collection[Fault]) -> None:
    """Refuse a value for the first of its faults.

    Raises:
        Broken: there is one.
    """
    for fault in faults:
        raise Broken(fault.rule, fault.fix)
