"""What is operated: workloads made of components, each with an owner, its criticality and what it depends on (R27)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple
from uuid import UUID


class Criticality(StrEnum):
    """How much it matters that this works; ordered by `rank`."""

    LOW = "low"
    STANDARD = "standard"
    BUSINESS_CRITICAL = "business_critical"

    @property
    def rank(self) -> int:
        """0 for the most critical."""
        return (Criticality.BUSINESS_CRITICAL, Criticality.STANDARD, Criticality.LOW).index(self)

    @property
    def label(self) -> str:
        """The words for people."""
        return self.value.replace("_", " ")


class Deployment(StrEnum):
    """How new versions reach it, which decides what going back means."""

    BLUE_GREEN = "blue_green"
    CANARY = "canary"
    ROLLING = "rolling"
    RECREATE = "recreate"
    IN_PLACE = "in_place"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The words for people."""
        return self.value.replace("_", "-")


PRIVACY = ("none", "personal", "sensitive")
SECURITY = ("public", "internal", "confidential", "restricted")


class Ref(NamedTuple):
    """A component's full name; sorts by workload, then component."""

    workload: str
    component: str

    def __str__(self) -> str:
        return f"{self.workload}/{self.component}"


Labels = Mapping[str, tuple[str, ...]]
"""A selector: every label must have one of its values."""


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a workload. What it leaves unset (None or empty) it has from its workload.

    `needs` are what it cannot do without; each is a tuple of alternatives, of which one suffices.
    """

    name: str
    title: str = ""
    description: str = ""
    owner: str = ""
    criticality: Criticality | None = None
    deployment: Deployment | None = None
    privacy: str = ""
    security: str = ""
    vendor: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    needs: tuple[tuple[Ref, ...], ...] = ()

    @property
    def label(self) -> str:
        """What people read: the title, or the name where there is none."""
        return self.title or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkloadDraft:
    """A workload as somebody declares it: the team that answers for it, and its components in their order."""

    name: str
    owner: str
    criticality: Criticality
    title: str = ""
    description: str = ""
    deployment: Deployment = Deployment.UNKNOWN
    privacy: str = ""
    security: str = ""
    vendor: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    components: tuple[Component, ...] = ()

    @property
    def label(self) -> str:
        """What people read: the title, or the name where there is none."""
        return self.title or self.name

    def component(self, name: str) -> Component | None:
        """The component of that name."""
        return next((component for component in self.components if component.name == name), None)

    def criticality_of(self, component: Component) -> Criticality:
        """A component's own criticality, or the workload's."""
        return component.criticality or self.criticality

    def owner_of(self, component: Component) -> str:
        """The team that answers for a component."""
        return component.owner or self.owner

    def deployment_of(self, component: Component) -> Deployment:
        """How new versions of a component come out."""
        return component.deployment or self.deployment

    @property
    def owners(self) -> tuple[str, ...]:
        """Every team that answers for some of it, without repetition."""
        return tuple(dict.fromkeys([self.owner, *(self.owner_of(component) for component in self.components)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload(WorkloadDraft):
    """A workload of the catalogue. `reviewed_at` is when somebody last said that its entry holds."""

    id: UUID
    created_at: datetime
    changed_at: datetime
    reviewed_at: datetime

    @property
    def stream(self) -> str:
        """Its stream in the ledger."""
        return f"workload:{self.id}"


@dataclass(frozen=True)
class Catalogue:
    """All workloads by name, as of one instant."""

    workloads: tuple[Workload, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, Workload]:
        """Workloads by name."""
        return {workload.name: workload for workload in self.workloads}

    @cached_property
    def parts(self) -> dict[Ref, tuple[Workload, Component]]:
        """Every component with its workload."""
        return {
            Ref(workload.name, component.name): (workload, component) for workload, component in self.each_component()
        }

    def each_component(self) -> Iterator[tuple[Workload, Component]]:
        """Every component in the order of workloads."""
        for workload in self.workloads:
            for component in workload.components:
                yield workload, component

    def criticality(self, ref: Ref) -> Criticality:
        """How critical a component is."""
        workload, component = self.parts[ref]
        return workload.criticality_of(component)
