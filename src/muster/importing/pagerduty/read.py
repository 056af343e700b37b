"""From the files of a PagerDuty export to what it says."""

from collections.abc import Sequence

from muster.importing.bundle import Document
from muster.importing.export import Export
from muster.importing.pagerduty.people import read_teams, read_users
from muster.importing.pagerduty.policies import read_policies, read_services
from muster.importing.pagerduty.schedules import read_schedules
from muster.importing.pagerduty.sorting import embedded_users, sort


def read_pagerduty(documents: Sequence[Document]) -> Export:
    """Read an export. Nothing in it raises: what cannot be used is in the report."""
    export = Export("pagerduty", "PagerDuty")
    found = sort(documents)
    read_users(export, found, embedded_users(documents))
    read_teams(export, found)
    read_schedules(export, found)
    read_policies(export, found)
    read_services(export, found)
    strange: dict[str, int] = {}
    for each in found:
        if each.kind == "other":
            strange[each.document.file] = strange.get(each.document.file, 0) + 1
    for file, count in strange.items():
        note = export.report.about("file", file)
        many = f"{count} objects that are" if count > 1 else "something that is"
        note.lose(
            f"It holds {many} not imported: neither user, team, schedule, escalation policy, service nor integration."
        )
    return export
