"""What Alertmanager, Prometheus and Grafana alerts have in common: labels, annotations, and the habits around them."""

from collections.abc import Mapping
from datetime import datetime

from muster.alerts.signal import Signal, SignalStatus
from muster.inbound.bounded import make_signal
from muster.inbound.places import link, named_links, next_step
from muster.inbound.record import Findings
from muster.inbound.severity import severity_of
from muster.kit.link import Link

_OF_GRAFANA = {"DatasourceNoData": "no data", "DatasourceError": "its data source fails"}
"""Names that Grafana gives alerts of any rule; the rule's own stands in a label."""
_SEVERITY_LABELS = ("severity", "priority", "level")
_TITLES = ("summary", "title", "subject")
_DESCRIPTIONS = ("description", "message", "details")


def build(
    findings: Findings,
    path: str,
    *,
    key: str,
    status: SignalStatus,
    labels: Mapping[str, str],
    annotations: Mapping[str, str],
    starts_at: datetime | None,
    ends_at: datetime | None,
    generator_url: str = "",
    links: tuple[Link, ...] = (),
    group_hint: str = "",
    by_clock: bool = False,
) -> Signal:
    """A signal from an alert of the Prometheus family.

    The title is the annotation `summary` (or `title`), else the alert's name and instance; severity is the label of that
    name, which is only a convention; links and the next step come from the annotations, `runbook_url` above all.
    """
    source = link("Source", generator_url, findings, f"{path}.generatorURL" if path else "generatorURL")
    all_links = (*named_links(annotations), *source, *links)
    return make_signal(
        findings,
        path,
        key=key,
        status=status,
        title=_first(annotations, _TITLES) or name_of(labels),
        labels=labels,
        annotations=annotations,
        description=_first(annotations, _DESCRIPTIONS),
        starts_at=starts_at,
        ends_at=ends_at,
        severity_hint=severity_of(_first(labels, _SEVERITY_LABELS) or annotations.get("severity", "")),
        links=all_links,
        next_step=next_step(annotations, all_links),
        group_hint=group_hint,
        by_clock=by_clock,
    )


def name_of(labels: Mapping[str, str]) -> str:
    """The alert's name with its instance, or its labels where it has no name."""
    name = labels.get("alertname", "")
    if name in _OF_GRAFANA and labels.get("rulename"):
        return f"{labels['rulename']} ({_OF_GRAFANA[name]})"
    if not name:
        return ", ".join(f"{key}={value}" for key, value in sorted(labels.items())[:4])
    instance = labels.get("instance", "")
    return f"{name} ({instance})" if instance else name


def _first(texts: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((texts[name] for name in names if texts.get(name)), "")
