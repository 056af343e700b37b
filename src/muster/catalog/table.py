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
    for each in workloads:
        times = (each.changed_at.isoformat(), each.reviewed_at.isoformat())
        own = (each.title, each.owner, each.criticality, each.deployment, each.privacy, each.security, each.vendor)
        rows.writerow(map(_defused, (each.name, "", *own, "", each.description, *times)))
        for part in each.components:
            needs = "; ".join(" or ".join(map(str, need)) for need in part.needs)
            inherited = (each.owner_of(part), each.criticality_of(part), each.deployment_of(part))
            classes = (part.privacy or each.privacy, part.security or each.security, part.vendor)
            cells = (each.name, part.name, part.title, *inherited, *classes, needs, part.description, *times)
            rows.writerow(map(_defused, cells))
    return text.getvalue()


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else str(cell)
