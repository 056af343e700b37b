"""Objections of open incidents against losing what they are about; `app` subscribes them."""

from muster.alerts.happenings import IntegrationDeleting
from muster.base.unit import Unit
from muster.catalog.happenings import WorkloadDeleting
from muster.incidents.store import incidents as store


async def object_to_integration(unit: Unit, leaving: IntegrationDeleting) -> None:
    """With an integration go its alerts, and open incidents rest on them."""
    refs = await store.open_of_integration(unit.conn, leaving.integration.id)
    leaving.objections.extend(f"{ref} is open and has alerts of it: resolve it first." for ref in refs)


async def object_to_workload(unit: Unit, leaving: WorkloadDeleting) -> None:
    """A workload that is disrupted stays in the catalogue until that is over."""
    refs = await store.open_of_workload(unit.conn, leaving.workload.name)
    leaving.objections.extend(f"{ref} is open and is about it: resolve it first." for ref in refs)
