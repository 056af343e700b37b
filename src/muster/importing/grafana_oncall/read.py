"""From the files of a Grafana OnCall export to what it says."""

from collections.abc import Sequence

from muster.importing.export import Export
from muster.importing.export_files import ExportDocument
from muster.importing.grafana_oncall.objects import sort
from muster.importing.grafana_oncall.people import read_teams, read_users
from muster.importing.grafana_oncall.policies import read_chains, read_integrations
from muster.importing.grafana_oncall.schedules import read_schedules


def read_grafana_oncall(documents: Sequence[ExportDocument]) -> Export:
    """Read an export. Nothing in it raises: what cannot be used is in the report."""
    export = Export("grafana-oncall", "Grafana OnCall")
    objects = sort(documents)
    read_users(export, objects)
    read_teams(export, objects)
    read_schedules(export, objects)
    read_chains(export, objects)
    read_integrations(export, objects)
    for file in dict.fromkeys(item.document.file for item in objects if item.kind == "other"):
        note = export.report.about("file", file)
        note.lose("It holds something that is not imported, such as outgoing webhooks or alerts of the past.")
    return export
