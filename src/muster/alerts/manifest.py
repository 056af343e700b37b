"""The manifest kind Integration, as `muster apply` reads it; unknown fields are errors."""

from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from muster.alerts.heartbeat import Rhythm, read_name, read_rhythm
from muster.alerts.integration_draft import AUTO, IntegrationDraft
from muster.kit.errors import Broken, Fault


class HeartbeatManifest(BaseModel):
    """What must be heard of at `/i/{key}/heartbeat/{name}`."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str
    title: str = Field("", max_length=200)
    every: str = ""
    grace: str = ""
    severity: str = ""
    labels: dict[str, str] = Field(default_factory=dict, max_length=50)

    @model_validator(mode="after")
    def _accepted(self) -> Self:
        name, rhythm = read_name(self.name), read_rhythm(self.model_dump())
        faults = [*([name] if isinstance(name, Fault) else []), *(rhythm if isinstance(rhythm, list) else [])]
        if faults:
            raise Broken(faults[0].rule, faults[0].fix)
        return self

    @property
    def rhythm(self) -> Rhythm:
        """How often it is expected."""
        read = read_rhythm(self.model_dump())
        return read if isinstance(read, Rhythm) else Rhythm()


class IntegrationManifest(BaseModel):
    """A source of signals. Without `key` a new integration gets a random one, and an existing one keeps its own; likewise it
    keeps its sender's `secret`.
    `heartbeats`, where given, are all that are declared for it."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    kind: Literal["Integration"] = "Integration"
    name: str
    format: str = AUTO
    title: str = ""
    key: str = ""
    secret: str = ""
    options: dict[str, Any] = Field(default_factory=dict)
    active: bool = True
    heartbeats: list[HeartbeatManifest] | None = Field(default=None, max_length=200)

    def draft(self) -> IntegrationDraft:
        """The integration as the actions take it."""
        return IntegrationDraft(
            self.name, self.format, self.title, self.options, self.active, self.key, self.secret or None
        )
