"""The manifest kind Integration, as `muster apply` reads it; unknown fields are errors."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from muster.alerts.integration_draft import AUTO, IntegrationDraft


class IntegrationManifest(BaseModel):
    """A source of signals. Without `key` a new integration gets a random one, and an existing one keeps its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    kind: Literal["Integration"] = "Integration"
    name: str
    format: str = AUTO
    title: str = ""
    key: str = ""
    options: dict[str, Any] = Field(default_factory=dict)
    active: bool = True

    def draft(self) -> IntegrationDraft:
        """The integration as the actions take it."""
        return IntegrationDraft(self.name, self.format, self.title, self.options, self.active, self.key)
