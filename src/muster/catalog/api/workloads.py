"""Workloads as JSON, and what their failure brings down."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.catalog import store
from muster.catalog.actions import workloads
from muster.catalog.actions.workloads import existing
from muster.catalog.api.shapes import BlastOut, WorkloadOut, failed_of
from muster.catalog.graph import blast_radius
from muster.catalog.manifest import WorkloadManifest
from muster.catalog.selection import Selection
from muster.catalog.writing import manifest_text
from muster.kit.errors import Fault, Invalid, Missing
from muster.kit.nearest import did_you_mean

router = api_router("/workloads", "catalogue")
Text = Annotated[str, Query(max_length=200)]


class ManifestOut(BaseModel):
    """A workload as `muster apply` takes it."""

    text: str


@router.get("")
@needs(Permission.CATALOG_READ)
async def list_workloads(
    unit: Uses, q: Text = "", owner: Text = "", criticality: Text = "", after: After = None, limit: Limit = 50
) -> Page[WorkloadOut]:
    """List workloads by name; `q` is a part of any name, title, alias or description in them."""
    found = Selection(q, owner, criticality).workloads(await store.catalogue(unit.conn))
    cursor = decode(after, str)
    rows = [workload for workload in found if not cursor or workload.name > cursor[0]]
    kept, following = page_of(rows, limit, lambda workload: (workload.name,))
    return Page(items=[WorkloadOut.of(workload, unit.now) for workload in kept], next=following)


@router.post("", status_code=201)
@needs(Permission.CATALOG_MANAGE, largest=None)
async def create_workload(unit: Uses, body: WorkloadManifest) -> WorkloadOut:
    """Add a workload with its components."""
    return WorkloadOut.of(await workloads.create_workload(unit, body.draft()), unit.now)


@router.get("/{name}")
@needs(Permission.CATALOG_READ)
async def show_workload(unit: Uses, name: str) -> WorkloadOut:
    """Show a workload."""
    return WorkloadOut.of(await existing(unit.conn, name), unit.now)


@router.put("/{name}")
@needs(Permission.CATALOG_MANAGE, largest=None)
async def update_workload(unit: Uses, name: str, body: WorkloadManifest) -> WorkloadOut:
    """Bring a workload to what the body says, whole: what it leaves out is taken away. The name stays."""
    if body.name != name:
        fault = Fault("name", f"The workload is called `{name:.80}`; its name stays.", f"Write `{name:.80}`.")
        raise Invalid("A workload cannot be renamed.", faults=[fault])
    return WorkloadOut.of((await workloads.update_workload(unit, name, body.draft())).workload, unit.now)


@router.delete("/{name}", status_code=204)
@needs(Permission.CATALOG_MANAGE)
async def delete_workload(unit: Uses, name: str, reason: str = Query("", max_length=500)) -> Response:
    """Delete a workload that nothing depends on."""
    await workloads.delete_workload(unit, name, reason)
    return Response(status_code=204)


@router.post("/{name}/review")
@needs(Permission.CATALOG_MANAGE)
async def review_workload(unit: Uses, name: str) -> WorkloadOut:
    """Confirm that a workload's entry still holds."""
    return WorkloadOut.of(await workloads.review_workload(unit, name), unit.now)


@router.get("/{name}/manifest")
@needs(Permission.CATALOG_READ)
async def show_manifest(unit: Uses, name: str) -> ManifestOut:
    """Show a workload as the manifest that would bring it about."""
    return ManifestOut(text=manifest_text(await existing(unit.conn, name)))


@router.get("/{name}/blast-radius")
@needs(Permission.CATALOG_READ)
async def show_blast_radius(unit: Uses, name: str, component: Text = "") -> BlastOut:
    """Tell what stops when a workload fails, or one `component` of it (R109)."""
    workload = await existing(unit.conn, name)
    if component and not workload.component(component):
        fix = did_you_mean(component, [part.name for part in workload.components])
        raise Missing(f"`{name}` has no component `{component:.80}`.", fix)
    survey = await store.survey(unit.conn)
    return BlastOut.of(blast_radius(survey.graph, failed_of(workload, component)), survey.catalogue)
