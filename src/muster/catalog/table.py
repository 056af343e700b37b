"""The list of workloads as a file for other programs (pure)."""

import csv
import io
from collections.abc import Iterable

from muster.catalog.workload import Workload

_COLUMNS = (
    "workload", "component", "title", "owner", "criticality", "deployment", "privacy", "security", "vendor", "depends_on",
    "description", "changed_at", "reviewed_at",
)  # fmt: skip


def csv_text(workloads: Iterable[Workload]) -> str:
    """One row a workload and one a component; a cell that a spreadsheet would take for a formula is defused."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(_COLUMNS)
    for workload in workloads:
        times = (workload.changed_at.isoformat(), workload.reviewed_at.isoformat())
        own = (
            workload.title,
            workload.owner,
            workload.criticality,
            workload.deployment,
            workload.privacy,
            workload.security,
            workload.vendor,
        )
        rows.writerow(map(_defused, (workload.name, "", *own, "", workload.description, *times)))
        for part in workload.components:
            needs = "; ".join(" or ".join(map(str, need)) for need in part.needs)
            inherited = (workload.owner_of(part), workload.criticality_of(part), workload.deployment_of(part))
            classes = (part.privacy or workload.privacy, part.security or workload.security, part.vendor)
            cells = (workload.name, part.name, part.title, *inherited, *classes, needs, part.description, *times)
            rows.writerow(map(_defused, cells))
    return text.getvalue()


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else str(cell)
