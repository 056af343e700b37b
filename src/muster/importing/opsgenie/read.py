"""From the files of an Opsgenie export to what it says."""

from collections.abc import Sequence

from muster.importing.export import Export
from muster.importing.export_files import ExportDocument
from muster.importing.opsgenie.objects import sort
from muster.importing.opsgenie.people import read_teams, read_users
from muster.importing.opsgenie.policies import read_policies, read_services
from muster.importing.opsgenie.schedules import read_schedules


def read_opsgenie(documents: Sequence[ExportDocument]) -> Export:
    """Read an export. Nothing in it raises: what cannot be used is in the report."""
    export = Export("opsgenie", "Opsgenie")
    objects = sort(documents)
    read_users(export, objects)
    read_teams(export, objects)
    read_schedules(export, objects)
    read_policies(export, objects)
    read_services(export, objects)
    for file in dict.fromkeys(item.document.file for item in objects if item.kind == "history"):
        export.report.about("file", file).lose("Alerts and incidents of the past stay where they are.")
    for file in dict.fromkeys(item.document.file for item in objects if item.kind == "other"):
        export.report.about("file", file).lose("It holds something that is not imported.")
    return export
