"""What the plan's rules see of an alert: the same for a real one and for one that is only tried out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from muster.catalog.place import Place
from muster.plan.facts import AlertFacts


class Told(Protocol):
    """What an alert and a signal have in common."""

    @property
    def key(self) -> str:
        """What identifies the condition."""
        ...

    @property
    def title(self) -> str:
        """What it says."""
        ...

    @property
    def description(self) -> str:
        """What else it says."""
        ...

    @property
    def severity_hint(self) -> str:
        """The sender's word."""
        ...

    @property
    def labels(self) -> Mapping[str, str]:
        """Its labels."""
        ...

    @property
    def annotations(self) -> Mapping[str, str]:
        """Its annotations."""
        ...


def facts_of(told: Told, source: str, integration: str, place: Place, now: datetime) -> AlertFacts:
    """The facts of an alert that begins `now`; `source` is the integration's format, `place` where it belongs."""
    return AlertFacts(
        now=now,
        key=told.key,
        name=told.labels.get("alertname", ""),
        title=told.title,
        description=told.description,
        source=source,
        integration=integration,
        severity=told.severity_hint,
        category=told.labels.get("category", ""),
        workload=place.workload,
        component=place.component,
        criticality=place.criticality,
        labels=told.labels,
        annotations=told.annotations,
    )
