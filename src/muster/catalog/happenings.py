"""What the catalogue tells higher features, inside the transaction, so that they can object."""

from dataclasses import dataclass, field

from muster.catalog.workload import Workload


@dataclass(frozen=True, slots=True)
class WorkloadDeleting:
    """A workload is about to be deleted. A subscriber appends to `objections` what still uses it, as a whole sentence."""

    workload: Workload
    objections: list[str] = field(default_factory=list)
