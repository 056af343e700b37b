"""What the plan's rules see of an alert: the same for a real one and for one that is only tried out."""

from datetime import datetime

from muster.alerts.alert import Alert
from muster.alerts.signal import Signal
from muster.catalog.place import Place
from muster.plan.facts import AlertFacts


def facts_of(report: Alert | Signal, source: str, integration: str, place: Place, now: datetime) -> AlertFacts:
    """The facts of an alert that begins `now`; `source` is the integration's format, `place` where it belongs."""
    return AlertFacts(
        now=now,
        key=report.key,
        name=report.labels.get("alertname", ""),
        title=report.title,
        description=report.description,
        source=source,
        integration=integration,
        severity=report.severity_hint,
        category=report.labels.get("category", ""),
        workload=place.workload,
        component=place.component,
        criticality=place.criticality,
        labels=report.labels,
        annotations=report.annotations,
    )
