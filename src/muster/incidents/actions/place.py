"""Where in the catalogue something belongs that a person names."""

from muster.base.unit import Unit
from muster.catalog import store as catalog
from muster.catalog.place import NOWHERE, Place
from muster.kit.errors import Fault, Invalid
from muster.kit.nearest import did_you_mean


async def located(unit: Unit, named: str) -> Place:
    """The place of `workload` or `workload/component`, by name or alias; nothing named is nowhere.

    Raises:
        Invalid: the catalogue does not know it.
    """
    workload, _, component = named.strip().partition("/")
    if not workload:
        return NOWHERE
    index = await catalog.index(unit.conn)
    place = index.locate({"workload": workload, **({"component": component} if component else {})})
    if place.workload and bool(place.component) >= bool(component):
        return place
    known = await catalog.catalogue(unit.conn)
    if place.workload:
        rule = f"The workload {place.workload} has no component `{component:.64}`."
        names = [each.name for holder, each in known.each_component() if holder.name == place.workload]
    else:
        rule = f"The catalogue has no workload `{workload:.64}`."
        names = [workload.name for workload in known.workloads]
    fault = Fault("workload", rule, did_you_mean(component if place.workload else workload, names) or "Leave it out.")
    raise Invalid("That is not in the catalogue.", faults=[fault])
