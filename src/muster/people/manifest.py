"""The manifest kinds Person and Team, as `muster apply` reads them; unknown fields are errors."""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from muster.kit.errors import Broken, Fault
from muster.people import rules
from muster.people.drafts import ContactDraft, PersonDraft, TeamDraft
from muster.people.factor import requirement_faults
from muster.people.notify import MOST_RULES, Notify, NotifyRule, QuietHours
from muster.people.reach import Reach

REACH = "reach"
"""The key of the validation context under which the channels' `Reach` stands; without it addresses pass unseen."""


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class ContactManifest(_Manifest):
    """One way to reach a person; `verified` is the administrator's word that it arrives there."""

    kind: str
    address: str
    verified: bool = False

    @model_validator(mode="after")
    def _accepted(self, info: ValidationInfo) -> Self:
        reach: Reach | None = (info.context or {}).get(REACH)
        _refuse(reach.faults(self.kind, self.address) if reach else rules.any_address(self.kind, self.address))
        return self

    def draft(self) -> ContactDraft:
        """The contact as the actions take it."""
        return ContactDraft(self.kind, self.address, self.verified)


class PersonManifest(_Manifest):
    """Somebody who works with Muster. `contacts`, where given, are all of theirs, the first to be tried first.

    `notify` says by severity and hours which contacts are used and when; `quiet_hours: null` ends quiet hours.
    """

    kind: Literal["Person"] = "Person"
    name: str
    email: str
    full_name: str = ""
    time_zone: str = "UTC"
    permission: Literal["viewer", "responder", "manager", "administrator"] = "viewer"
    contacts: list[ContactManifest] | None = Field(default=None, max_length=20)
    notify: tuple[NotifyRule, ...] | None = Field(default=None, max_length=MOST_RULES)
    quiet_hours: QuietHours | None = None

    @field_validator("name")
    @classmethod
    def _named(cls, value: str) -> str:
        _refuse(rules.name_faults("name", value))
        return value

    @field_validator("email")
    @classmethod
    def _reachable(cls, value: str) -> str:
        _refuse(rules.email_faults("email", value))
        return value

    @field_validator("time_zone")
    @classmethod
    def _somewhere(cls, value: str) -> str:
        _refuse(rules.zone_faults("time_zone", value))
        return value

    @field_validator("full_name")
    @classmethod
    def _readable(cls, value: str) -> str:
        _refuse(rules.label_faults("full_name", value, "The full name", required=False))
        return value

    @field_validator("contacts")
    @classmethod
    def _distinct(cls, value: list[ContactManifest] | None) -> list[ContactManifest] | None:
        seen = [(each.kind, each.address) for each in value or []]
        if len(set(seen)) < len(seen):
            raise Broken("A contact is listed twice.", "Keep one of them.")
        return value

    def draft(self) -> PersonDraft:
        """The person as the actions take it."""
        return PersonDraft(self.name, self.email, self.full_name, self.time_zone, self.permission)

    def notified(self, before: Notify) -> Notify:
        """How the person is to be paged: what is written here, and what they had said where nothing is."""
        rules = before.notify if self.notify is None else self.notify
        quiet = self.quiet_hours if "quiet_hours" in self.model_fields_set else before.quiet_hours
        return Notify(notify=rules, quiet_hours=quiet)


class SecondFactorManifest(_Manifest):
    """Who must have a second factor, and how many days there are to set one up."""

    required_for: str
    grace_days: int = 7

    @model_validator(mode="after")
    def _possible(self) -> Self:
        _refuse(requirement_faults(self.required_for, self.grace_days))
        return self


class OrganisationManifest(_Manifest):
    """The organisation: there is one, so its name is what it is called from here on. What is left out stays."""

    kind: Literal["Organisation"] = "Organisation"
    name: str
    second_factor: SecondFactorManifest | None = None

    @field_validator("name")
    @classmethod
    def _readable(cls, value: str) -> str:
        _refuse(rules.label_faults("name", value, "The organisation's name"))
        return value


class TeamManifest(_Manifest):
    """Who answers together for something; `members` and `lead` are persons' names."""

    kind: Literal["Team"] = "Team"
    name: str
    members: list[str]
    title: str = ""
    lead: str = ""

    @field_validator("name")
    @classmethod
    def _named(cls, value: str) -> str:
        _refuse(rules.name_faults("name", value))
        return value

    @field_validator("title")
    @classmethod
    def _readable(cls, value: str) -> str:
        _refuse(rules.label_faults("title", value, "The title", required=False))
        return value

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _refuse(self.draft().faults())
        return self

    def draft(self) -> TeamDraft:
        """The team as the actions take it; its `unknown_members` names those who do not exist."""
        return TeamDraft(self.name, self.title, tuple(self.members), self.lead)


def _refuse(faults: Sequence[Fault]) -> None:
    for fault in faults:
        raise Broken(fault.rule, fault.fix)
