"""From the files of a PagerDuty export to what it says."""

from collections.abc import Sequence

from muster.importing.export import Export
from muster.importing.export_files import ExportDocument
from muster.importing.pagerduty.objects import embedded_users, sort
from muster.importing.pagerduty.people import read_teams, read_users
from muster.importing.pagerduty.policies import read_policies, read_services
from muster.importing.pagerduty.schedules import read_schedules


def read_pagerduty(documents: Sequence[ExportDocument]) -> Export:
    """Read an export. Nothing in it raises: what cannot be used is in the report."""
    export = Export("pagerduty", "PagerDuty")
    objects = sort(documents)
    read_users(export, objects, embedded_users(documents))
    read_teams(export, objects)
    read_schedules(export, objects)
    read_policies(export, objects)
    read_services(export, objects)
    strange: dict[str, int] = {}
    for item in objects:
        if item.kind == "other":
            strange[item.document.file] = strange.get(item.document.file, 0) + 1
    for file, count in strange.items():
        note = export.report.about("file", file)
        many = f"{count} objects that are" if count > 1 else "something that is"
        note.lose(
            f"It holds {many} not imported: neither user, team, schedule, escalation policy, service nor integration."
        )
    return export
