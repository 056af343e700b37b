"""The tools from which one can move here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from muster.importing.export import Export
from muster.importing.export_files import ExportDocument
from muster.importing.grafana_oncall.read import read_grafana_oncall
from muster.importing.opsgenie.read import read_opsgenie
from muster.importing.pagerduty.read import read_pagerduty


@dataclass(frozen=True, slots=True)
class ExportSource:
    """A tool: its name for people, and how its documents are read."""

    vendor: str
    read: Callable[[Sequence[ExportDocument]], Export]


SOURCES: Mapping[str, ExportSource] = {
    "opsgenie": ExportSource("Opsgenie", read_opsgenie),
    "pagerduty": ExportSource("PagerDuty", read_pagerduty),
    "grafana-oncall": ExportSource("Grafana OnCall", read_grafana_oncall),
}
