"""The manifest kind Integration, as `muster apply` reads it, and the heartbeats that it declares."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from muster.alerts.heartbeat import Rhythm, read_name, read_rhythm
from muster.alerts.integration_draft import IntegrationDraft
from muster.kit.errors import Broken, Fault, Invalid


class HeartbeatDraft(BaseModel):
    """What must be heard of; lengths of time as `90s`, `5m`, `1h30m`."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    title: str = Field("", max_length=200)
    every: str = "5m"
    grace: str = "1m"
    severity: str = "high"
    labels: dict[str, Annotated[str, Field(max_length=500)]] = Field(default_factory=dict, max_length=50)

    @property
    def rhythm(self) -> Rhythm:
        """How often it is expected.

        Raises:
            Invalid: with everything that is wrong about it.
        """
        rhythm = read_rhythm(self.model_dump())
        if isinstance(rhythm, list):
            raise Invalid("The heartbeat cannot be declared.", faults=rhythm)
        return rhythm


class HeartbeatManifest(HeartbeatDraft):
    """What must be heard of at `/i/{key}/heartbeat/{name}`."""

    name: str

    @model_validator(mode="after")
    def _accepted(self) -> Self:
        name, rhythm = read_name(self.name), read_rhythm(self.model_dump())
        faults = [*([name] if isinstance(name, Fault) else []), *(rhythm if isinstance(rhythm, list) else [])]
        if faults:
            raise Broken(faults[0].rule, faults[0].fix)
        return self


class IntegrationManifest(IntegrationDraft):
    """A source of signals. An existing integration keeps its key and its sender's secret where the manifest has none.
    `heartbeats`, where given, are all that are declared for it."""

    kind: Literal["Integration"] = "Integration"
    secret: Annotated[str | None, AfterValidator(lambda secret: secret or None)] = Field(None, repr=False)
    heartbeats: list[HeartbeatManifest] | None = Field(default=None, max_length=200)
