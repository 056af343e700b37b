"""The roles of an incident, as this organisation names them (R80-R83)."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from muster.plan.model.fields import TargetField, one_or_many
from muster.plan.model.section import Section


class Role(Section):
    """A role; `held_by` says who is meant by `role:NAME` before somebody is assigned in the incident."""

    title: str = Field("", max_length=100)
    duties: str = Field("", max_length=1000)
    held_by: Annotated[
        tuple[TargetField, ...], BeforeValidator(one_or_many, json_schema_input_type=str | list[str])
    ] = Field((), max_length=20)

    def over(self, usual: "Role") -> "Role":
        """This role with what it leaves out taken from the usual one."""
        return Role(title=self.title or usual.title, duties=self.duties or usual.duties, held_by=self.held_by)


USUAL_ROLES: dict[str, Role] = {
    "incident_response_manager": Role(
        title="Incident Response Manager",
        duties="Owns the incident from detection through the RCA report; controls the response.",
    ),
    "on_call_engineer": Role(
        title="On-Call Engineer", duties="Diagnoses and carries out the steps that the manager decides."
    ),
    "communications_lead": Role(title="Communications Lead", duties="Keeps every audience informed in time."),
    "security_officer": Role(title="Security Officer", duties="Leads what touches security, evidence and disclosure."),
    "retrospective_leader": Role(
        title="Retrospective Leader", duties="Leads the retrospective and sees its findings applied."
    ),
}
