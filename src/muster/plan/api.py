"""Plans for programs: read, validate, publish, compare, restore (R24)."""

from typing import Annotated, Any

from fastapi import Path, Query, Request

from muster.base.access import Permission
from muster.base.aside import aside
from muster.base.unit import Unit
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs, public
from muster.base.web.services import services_of
from muster.kit.errors import Missing
from muster.plan import store
from muster.plan.action import Action
from muster.plan.actions import activate as activating
from muster.plan.actions import publish as publishing
from muster.plan.check_kind import CheckKind
from muster.plan.diff import diff
from muster.plan.schema import plan_schema
from muster.plan.section import PlanSection
from muster.plan.shapes import (
    ChangeOut,
    NoteIn,
    PublishedOut,
    PublishIn,
    ReviewOut,
    ValidateIn,
    VersionOut,
)
from muster.plan.version import PlanInfo, Version, VersionEntry

router = api_router("", "plans")

Name = Annotated[str, Path(max_length=64, description="The plan's name.")]
Number = Annotated[int, Path(ge=1, lt=2**31, description="The version's number.")]
Wanted = Annotated[int | None, Query(ge=1, lt=2**31)]


@router.get("/plan-schema.json")
@public("the schema tells the form of any plan, and nothing of this organisation")
async def show_schema(request: Request) -> dict[str, Any]:
    """Show the JSON Schema of a plan, for editors."""
    ports = services_of(request).database.bus.ports
    return plan_schema(ports.of(PlanSection), ports.of(Action), ports.of(CheckKind))


@router.get("/plans")
@needs(Permission.PLAN_READ)
async def list_plans(unit: Uses, after: After = None, limit: Limit = 50) -> Page[PlanInfo]:
    """List the plans by name."""
    cursor = decode(after, str)
    kept, following = page_of(
        await store.plans(unit.conn, limit + 1, cursor[0] if cursor else ""), limit, lambda one: (one.name,)
    )
    return Page(items=kept, next=following)


@router.get("/plans/{name}")
@needs(Permission.PLAN_READ)
async def show_plan(unit: Uses, name: Name) -> VersionOut:
    """Show a plan's newest version."""
    return _shown(unit, await _newest(unit, name))


@router.get("/plans/{name}/versions")
@needs(Permission.PLAN_READ)
async def list_versions(unit: Uses, name: Name, after: After = None, limit: Limit = 50) -> Page[VersionEntry]:
    """List a plan's versions, newest first."""
    cursor = decode(after, int)
    rows = await store.history(unit.conn, name, limit + 1, cursor[0] if cursor else None)
    if not rows and cursor is None:
        raise _no_plan(name)
    kept, following = page_of(rows, limit, lambda entry: (entry.number,))
    return Page(items=kept, next=following)


@router.get("/plans/{name}/versions/{number}")
@needs(Permission.PLAN_READ)
async def show_version(unit: Uses, name: Name, number: Number) -> VersionOut:
    """Show one version of a plan."""
    return _shown(unit, await _numbered(unit, name, number))


@router.get("/plans/{name}/diff")
@needs(Permission.PLAN_READ)
async def compare(
    unit: Uses,
    name: Name,
    old: Annotated[Wanted, Query(alias="from", description="The one before `to` if left out.")] = None,
    new: Annotated[Wanted, Query(alias="to", description="The newest if left out.")] = None,
) -> list[ChangeOut]:
    """Compare two versions of a plan by what they mean."""
    later = await _numbered(unit, name, new) if new else await _newest(unit, name)
    if old is None and later.number == 1:
        return []
    earlier = await _numbered(unit, name, old or later.number - 1)
    return [ChangeOut.of(change) for change in await aside(diff, earlier.plan, later.plan)]


@router.post("/plans/{name}:validate")
@needs(Permission.PLAN_READ, largest=None)
async def validate(unit: Uses, name: Name, body: ValidateIn) -> ReviewOut:
    """Check a plan as publishing it would, and tell what it would change. Nothing is written."""
    reading, changes = await publishing.validate(unit, body.text, body.file, name)
    return ReviewOut.of(reading, changes)


@router.post("/plans/{name}/versions", status_code=201)
@needs(Permission.PLAN_PUBLISH, largest=None)
async def publish(unit: Uses, name: Name, body: PublishIn) -> PublishedOut:
    """Publish a plan: its newest version from now on, in force at once if the plan is the active one."""
    return _published(await publishing.publish(unit, body.text, body.note, file=body.file, name=name))


@router.post("/plans/{name}/versions/{number}:restore", status_code=201)
@needs(Permission.PLAN_PUBLISH)
async def restore(unit: Uses, name: Name, number: Number, body: NoteIn) -> PublishedOut:
    """Publish an older version's text anew."""
    return _published(await publishing.restore(unit, name, number, body.note))


@router.post("/plans/{name}:activate")
@needs(Permission.PLAN_PUBLISH)
async def activate(unit: Uses, name: Name, body: NoteIn) -> VersionEntry:
    """Let this plan take force: new incidents follow it, running ones keep theirs."""
    await activating.activate(unit, name, body.note)
    return await _newest(unit, name)


def _published(done: publishing.Published) -> PublishedOut:
    return PublishedOut(
        version=done.version,
        created=done.created,
        warnings=done.warnings,
        changes=[ChangeOut.of(change) for change in done.changes],
    )


def _shown(unit: Unit, version: Version) -> VersionOut:
    return VersionOut.of(version, unit.ports.of(PlanSection), unit.ports.of(Action), unit.ports.of(CheckKind))


async def _newest(unit: Unit, name: str) -> Version:
    newest = await store.newest(unit.conn, name)
    if newest is None:
        raise _no_plan(name)
    return newest


async def _numbered(unit: Unit, name: str, number: int) -> Version:
    version = await store.numbered(unit.conn, name, number)
    if version is None:
        raise Missing(f"The plan `{name:.64}` has no version {number}.")
    return version


def _no_plan(name: str) -> Missing:
    return Missing(f"There is no plan `{name:.64}`.", "Publish one under that name, or ask for one of /api/v1/plans.")
