"""What must be true before an incident may be closed (R188-R193)."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from muster.kit.errors import Broken
from muster.plan.model.fields import Name, RuleField, SeverityName, one_or_many
from muster.plan.model.reference import Refers
from muster.plan.model.section import Section

RecordField = Literal["summary", "trigger", "impact", "containment", "triage", "mitigation", "resolution"]
CHECKS = ("no_firing_alerts", "attest", "record_complete", "mitigations_complete", "note")
"""The kinds whose fields are those of the model; the fields of every other kind stand in `params`."""
LATER_CHECKS = {
    "metric": "A measure is back to normal",
    "users_recovered": "Affected users have recovered",
    "closing_notice_sent": "The closing notice is sent",
    "investigation_report": "The investigation report is written",
}
"""Kinds that a plan may name before a feature brings them, and their titles until then."""


class Check(Section):
    """One item of the closure checklist.

    no_firing_alerts: no alert of the incident is firing. attest: somebody of the level or role `by` declares `name`.
    record_complete: the record's `fields` are filled in. mitigations_complete: no mitigation is left open. note: a note
    named `name` has been written. Other kinds are those of features (`plan/check_kind.py`).
    """

    check: str
    name: Name | None = None
    by: Annotated[Name, Refers("attester")] | None = None
    fields: Annotated[tuple[RecordField, ...], BeforeValidator(one_or_many)] = ()
    about: str = Field("", max_length=500, description="What to look at, in words.")
    when: RuleField | None = Field(None, description="The check applies only when this holds.")
    severities: Annotated[tuple[SeverityName, ...], BeforeValidator(one_or_many)] = ()
    params: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> "Check":
        if self.check in ("attest", "note") and self.name is None:
            raise Broken(f"A check `{self.check}` needs a name.", "Add `name`, such as `name: users_recovered`.")
        if self.check == "attest" and self.by is None:
            raise Broken("A check `attest` does not say who attests.", "Add `by`, such as `by: incident_manager`.")
        if self.check == "record_complete" and not self.fields:
            raise Broken(
                "A check `record_complete` names no fields.", "Add `fields`, such as `fields: [trigger, resolution]`."
            )
        return self

    @property
    def key(self) -> str:
        """What identifies the item within its checklist."""
        return f"{self.check}:{self.name}" if self.name else self.check


USUAL_CLOSURE = (Check(check="no_firing_alerts"),)
