"""The editor: a workload as its manifest, refused with the line of each fault."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.manifests import parsed
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.catalog.actions import workloads
from muster.catalog.actions.workloads import existing
from muster.catalog.manifest import WorkloadManifest
from muster.catalog.pages.parts import CATALOGUE, Field, Name, url_of
from muster.catalog.placing import placed
from muster.catalog.workload import Component, Criticality, Ref, Workload, WorkloadDraft
from muster.catalog.writing import manifest_text
from muster.kit.errors import Fault, Invalid, Problem
from muster.kit.yamldoc import read_documents
from muster.people import store as people

ONE = 0.05
"""One workload or schedule is small: a twentieth of the usual bounds."""
router = page_router()


@template("catalog/edit.html")
@dataclass(frozen=True, slots=True)
class ManifestEditor:
    """A workload's manifest as typed (None for a new workload); `seen` is when it was changed before the editing began."""

    workload: Workload | None
    definition: str
    seen: str
    problem: Problem | None
    teams: bool
    back: str


@router.get(f"{CATALOGUE}/new")
@needs(Permission.CATALOG_MANAGE)
async def new_page(unit: Uses, request: Request) -> Response:
    """Begin with a small workload of a team that exists."""
    teams = await people.teams(unit.conn, limit=1)
    parts = (Component(name="web", needs=((Ref("shop", "db"),),)), Component(name="db"))
    owner = teams[0].name if teams else "platform"
    draft = WorkloadDraft(name="shop", owner=owner, criticality=Criticality.STANDARD, components=parts)
    return _form(request, manifest_text(draft), teams=bool(teams))


@router.post(f"{CATALOGUE}/new")
@needs(Permission.CATALOG_MANAGE, largest=None)
async def create(unit: Uses, request: Request, definition: Field = "") -> Response:
    """Add the workload that was written."""
    try:
        workload = await workloads.create_workload(unit, _draft(definition))
    except Problem as problem:
        return _refused(request, definition, problem)
    return see_other(url_of(workload.name))


@router.get(f"{CATALOGUE}/workloads/{{name}}/edit")
@needs(Permission.CATALOG_MANAGE)
async def edit_page(unit: Uses, request: Request, name: Name) -> Response:
    """Edit a workload's manifest."""
    workload = await existing(unit.conn, name)
    return _form(request, manifest_text(workload), workload=workload, seen=workload.changed_at.isoformat())


@router.post(f"{CATALOGUE}/workloads/{{name}}/edit")
@needs(Permission.CATALOG_MANAGE, largest=None)
async def update(unit: Uses, request: Request, name: Name, definition: Field = "", seen: Field = "") -> Response:
    """Bring the workload to what was written."""
    workload = await existing(unit.conn, name)
    try:
        draft = _draft(definition)
        if draft.name != name:
            fault = Fault("name", "A workload cannot be renamed.", f"Write `name: {name}`, or add another workload.")
            raise Invalid(f"{workload.label} cannot be saved.", faults=[fault])
        await workloads.update_workload(unit, name, draft, seen=_instant(seen))
    except Problem as problem:
        return _refused(request, definition, problem, workload, seen)
    return see_other(url_of(name))


def _refused(
    request: Request, definition: str, problem: Problem, workload: Workload | None = None, seen: str = ""
) -> Response:
    if problem.status not in (409, 422):
        raise problem
    documents = read_documents(definition, times=ONE).documents
    if len(documents) == 1:
        faults = [fault if fault.line else placed(fault, documents[0]) for fault in problem.faults]
        problem = Invalid(problem.title, problem.detail, faults)
    return _form(request, definition, workload=workload, seen=seen, problem=problem)


def _form(
    request: Request,
    definition: str,
    *,
    workload: Workload | None = None,
    seen: str = "",
    problem: Problem | None = None,
    teams: bool = True,
) -> Response:
    back = url_of(workload.name) if workload else CATALOGUE
    page = ManifestEditor(workload, definition, seen, problem, teams, back)
    return render(request, page, status=problem.status if problem else 200)


def _draft(definition: str) -> WorkloadDraft:
    """The one workload that was written.

    Raises:
        Invalid: with every fault.
    """
    read = read_documents(definition, times=ONE)
    if read.faults:
        raise Invalid("This is not YAML that Muster can read.", faults=read.faults)
    if len(read.documents) != 1:
        fault = Fault("", f"There are {len(read.documents)} documents here.", "Write one workload.")
        raise Invalid("This workload cannot be saved.", faults=[fault])
    return parsed(WorkloadManifest, read.documents[0], title="This workload cannot be saved.").draft()


def _instant(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
