"""From the files of a Grafana OnCall export to what it says."""

from collections.abc import Sequence

from muster.importing.bundle import Document
from muster.importing.export import Export
from muster.importing.grafana_oncall.people import read_teams, read_users
from muster.importing.grafana_oncall.policies import read_chains, read_integrations
from muster.importing.grafana_oncall.schedules import read_schedules
from muster.importing.grafana_oncall.sorting import sort


def read_grafana_oncall(documents: Sequence[Document]) -> Export:
    """Read an export. Nothing in it raises: what cannot be used is in the report."""
    export = Export("grafana-oncall", "Grafana OnCall")
    found = sort(documents)
    read_users(export, found)
    read_teams(export, found)
    read_schedules(export, found)
    read_chains(export, found)
    read_integrations(export, found)
    for file in dict.fromkeys(each.document.file for each in found if each.kind == "other"):
        note = export.report.about("file", file)
        note.lose("It holds something that is not imported, such as outgoing webhooks or alerts of the past.")
    return export
