"""The common ground of all sections: frozen, no unknown fields."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A part of the plan; equal when its contents are."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, hide_input_in_errors=False)
