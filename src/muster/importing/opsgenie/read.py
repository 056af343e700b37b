"""From the files of an Opsgenie export to what it says."""

from collections.abc import Sequence

from muster.importing.bundle import Document
from muster.importing.export import Export
from muster.importing.opsgenie.people import read_teams, read_users
from muster.importing.opsgenie.policies import read_policies, read_services
from muster.importing.opsgenie.schedules import read_schedules
from muster.importing.opsgenie.sorting import sort


def read_opsgenie(documents: Sequence[Document]) -> Export:
    """Read an export. Nothing in it raises: what cannot be used is in the report."""
    export = Export("opsgenie", "Opsgenie")
    found = sort(documents)
    read_users(export, found)
    read_teams(export, found)
    read_schedules(export, found)
    read_policies(export, found)
    read_services(export, found)
    for file in dict.fromkeys(each.document.file for each in found if each.kind == "history"):
        export.report.about("file", file).lose("Alerts and incidents of the past stay where they are.")
    for file in dict.fromkeys(each.document.file for each in found if each.kind == "other"):
        export.report.about("file", file).lose("It holds something that is not imported.")
    return export
