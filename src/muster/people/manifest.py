"""The manifest kinds Person and Team, as `muster apply` reads them; unknown fields are errors."""

from typing import ClassVar, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from muster.kit.errors import Broken
from muster.people import rules
from muster.people.drafts import ContactDraft, Name, PeopleDraft, PersonDraft, Rules, TeamDraft, refuse
from muster.people.factor import requirement_faults
from muster.people.notify import MOST_RULES, Notify, NotifyRule, QuietHours
from muster.people.reach import Reach

REACH = "reach"
"""The key of the validation context under which the channels' `Reach` stands; without it addresses pass unseen."""


class ContactManifest(PeopleDraft):
    """One way to reach a person; `verified` is the administrator's word that it arrives there."""

    kind: str
    address: str
    verified: bool = False

    @model_validator(mode="after")
    def _accepted(self, info: ValidationInfo) -> Self:
        reach: Reach | None = (info.context or {}).get(REACH)
        refuse(reach.faults(self.kind, self.address) if reach else rules.any_address(self.kind, self.address))
        return self

    def draft(self) -> ContactDraft:
        """The contact as the actions take it."""
        return ContactDraft(kind=self.kind, address=self.address, verified=self.verified)


class PersonManifest(PersonDraft):
    """Somebody who works with Muster. `contacts`, where given, are all of theirs, the first to be tried first.

    `notify` says by severity and hours which contacts are used and when; `quiet_hours: null` ends quiet hours.
    """

    declared = True

    kind: Literal["Person"] = "Person"
    contacts: list[ContactManifest] | None = Field(default=None, max_length=20)
    notify: tuple[NotifyRule, ...] | None = Field(default=None, max_length=MOST_RULES)
    quiet_hours: QuietHours | None = None

    @field_validator("contacts")
    @classmethod
    def _distinct(cls, value: list[ContactManifest] | None) -> list[ContactManifest] | None:
        addresses = [(contact.kind, contact.address) for contact in value or []]
        if len(set(addresses)) < len(addresses):
            raise Broken("A contact is listed twice.", "Keep one of them.")
        return value

    def notified(self, before: Notify) -> Notify:
        """How the person is to be paged: what is written here, and what they had said where nothing is."""
        rules = before.notify if self.notify is None else self.notify
        quiet = self.quiet_hours if "quiet_hours" in self.model_fields_set else before.quiet_hours
        return Notify(notify=rules, quiet_hours=quiet)


class SecondFactorManifest(PeopleDraft):
    """Who must have a second factor, and how many days there are to set one up."""

    required_for: str
    grace_days: int = 7

    @model_validator(mode="after")
    def _possible(self) -> Self:
        refuse(requirement_faults(self.required_for, self.grace_days))
        return self


class OrganisationManifest(PeopleDraft):
    """The organisation: there is one, so its name is what it is called from here on. What is left out stays."""

    declared = True
    RULES: ClassVar[Rules] = {"name": rules.line("The organisation's name", required=True)}

    kind: Literal["Organisation"] = "Organisation"
    name: str
    second_factor: SecondFactorManifest | None = None


class TeamManifest(TeamDraft):
    """Who answers together for something; `members` and `lead` are persons' names."""

    declared = True

    kind: Literal["Team"] = "Team"
    members: tuple[Name, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        refuse(self.faults())
        return self
