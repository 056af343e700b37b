"""The workloads and components that an incident may be about, as a form offers them."""

from muster.base.unit import Unit
from muster.catalog import store as catalog


async def places_of(unit: Unit, unknown: str) -> list[tuple[str, str]]:
    """Every workload with its components, after the choice for those who do not know."""
    places = [("", unknown)]
    for workload in (await catalog.catalogue(unit.conn)).workloads:
        places.append((workload.name, workload.label))
        places += [(f"{workload.name}/{part.name}", f"{workload.label}: {part.label}") for part in workload.components]
    return places
