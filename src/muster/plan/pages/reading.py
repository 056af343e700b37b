"""The plan as people read it, and its versions."""

from typing import Any

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Missing
from muster.plan import store
from muster.plan.action import Action
from muster.plan.actions import activate as activating
from muster.plan.actions import publish as publishing
from muster.plan.check_kind import CheckKind
from muster.plan.pages.parts import (
    PLAN,
    TOPICS,
    Asked,
    Field,
    Number,
    address,
    inline,
    newest_of,
    numbered_of,
    ranks,
    see_other,
)
from muster.plan.prose import prose
from muster.plan.section import PlanSection
from muster.plan.version import Version

PAGE = 50
router = page_router()


@router.get("/plan")
@needs(Permission.PLAN_READ)
async def plan_page(unit: Uses, request: Request) -> Response:
    """Show the plan in force, or how to get a first one."""
    version = await store.in_force(unit.conn)
    if version is None:
        return render(request, "plan/first.html", topics=TOPICS)
    return await _page(unit, request, version)


@router.get("/plan/versions")
@needs(Permission.PLAN_READ)
async def versions_page(unit: Uses, request: Request, plan: Asked = "", after: Asked = "") -> Response:
    """List the versions of a plan, newest first."""
    newest = await newest_of(unit.conn, plan)
    if newest is None:
        return render(request, "plan/first.html", topics=TOPICS)
    cursor = decode(after or None, int)
    rows = await store.history(unit.conn, newest.name, PAGE + 1, cursor[0] if cursor else None)
    kept, following = page_of(rows, PAGE, lambda entry: (entry.number,))
    here = PLAN + "/versions"
    return render(
        request,
        "plan/versions.html",
        newest=newest,
        plans=await store.plans(unit.conn),
        active=await store.active_name(unit.conn),
        versions=kept,
        plan=plan,
        previous=address(here, {"plan": plan}) if cursor else "",
        following=address(here, {"plan": plan, "after": following}) if following else "",
        topics=TOPICS,
    )


@router.get("/plan/versions/{number}")
@needs(Permission.PLAN_READ)
async def version_page(unit: Uses, request: Request, number: Number, plan: Asked = "") -> Response:
    """Show one version as it was published."""
    return await _page(unit, request, await numbered_of(unit.conn, plan, number))


@router.get("/plan/versions/{number}/text")
@needs(Permission.PLAN_READ)
async def version_text(unit: Uses, number: Number, plan: Asked = "") -> Response:
    """Give a version's YAML, letter for letter as it was published."""
    version = await numbered_of(unit.conn, plan, number)
    name = f'attachment; filename="{version.name}-{version.number}.yaml"'
    return PlainTextResponse(version.text, media_type="application/yaml", headers={"content-disposition": name})


@router.post("/plan/versions/{number}/restore")
@needs(Permission.PLAN_PUBLISH)
async def restore(unit: Uses, number: Number, plan: Asked = "", note: Field = "") -> Response:
    """Publish an older version anew."""
    version = await numbered_of(unit.conn, plan, number)
    done = await publishing.restore(unit, version.name, number, note)
    return see_other(address(f"{PLAN}/versions/{done.version.number}", {"plan": plan}))


@router.post("/plan/activate")
@needs(Permission.PLAN_PUBLISH)
async def activate(unit: Uses, name: Field, note: Field = "") -> Response:
    """Let another plan take force."""
    if not name:
        raise Missing("No plan was chosen.", "Choose one of the list of versions.")
    await activating.activate(unit, name, note)
    return see_other(PLAN)


async def _page(unit: Unit, request: Request, version: Version) -> Response:
    in_force = await store.in_force(unit.conn)
    newest = await store.newest(unit.conn, version.name)
    parts = prose(version.plan, unit.ports.of(PlanSection), unit.ports.of(Action), unit.ports.of(CheckKind))
    context: dict[str, Any] = {"about": parts[0], "parts": parts[1:], "ranks": ranks(version.plan), "inline": inline}
    return render(
        request,
        "plan/show.html",
        version=version,
        current=in_force is not None and in_force.id == version.id,
        newest=newest is not None and newest.id == version.id,
        in_force=in_force,
        plan="" if in_force is not None and in_force.name == version.name else version.name,
        topics=TOPICS,
        **context,
    )
