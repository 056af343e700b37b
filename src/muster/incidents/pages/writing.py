"""What people add to an incident in the browser: roles, notes, links, the record."""

from typing import Annotated

from fastapi import Path, Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field
from muster.base.web.needs import needs
from muster.incidents.actions import writing
from muster.incidents.actions.guard import existing
from muster.incidents.actions.roles import end_role
from muster.incidents.form import form_id
from muster.incidents.pages.action_forms import done
from muster.incidents.pages.rows import Ref

Name = Annotated[str, Path(max_length=64)]
router = page_router("/incidents/{ref}")


@router.post("/roles/{name}/end")
@needs(Permission.INCIDENT_ROLES)
async def do_end_role(unit: Uses, request: Request, ref: Ref, name: Name, reason: Field = "") -> Response:
    """End somebody's time in a role."""
    return await done(unit, request, ref, "roles", end_role(unit, ref, name, reason.strip()))


@router.post("/notes")
@needs(Permission.INCIDENT_EDIT)
async def do_note(unit: Uses, request: Request, ref: Ref, text: Field = "", name: Field = "") -> Response:
    """Write a note."""
    form = form_id("notes", name)
    return await done(unit, request, ref, form, writing.note(unit, ref, text, name), {"text": text, "name": name})


@router.post("/links")
@needs(Permission.INCIDENT_EDIT)
async def do_link(unit: Uses, request: Request, ref: Ref, url: Field = "", label: Field = "") -> Response:
    """Attach a link."""
    typed = {"url": url, "label": label}
    return await done(unit, request, ref, "links", writing.link(unit, ref, url.strip(), label), typed)


@router.post("/edit")
@needs(Permission.INCIDENT_EDIT)
async def do_edit(
    unit: Uses,
    request: Request,
    ref: Ref,
    title: Field = "",
    summary: Field = "",
    workload: Field = "",
    trigger: Field = "",
    impact: Field = "",
    containment: Field = "",
    triage: Field = "",
    mitigation: Field = "",
    resolution: Field = "",
) -> Response:
    """Change title, summary, workload and the record."""
    typed = {
        "title": title, "summary": summary, "workload": workload, "trigger": trigger, "impact": impact,
        "containment": containment, "triage": triage, "mitigation": mitigation, "resolution": resolution,
    }  # fmt: skip
    incident = await existing(unit.conn, ref)
    # The form names the component too; unchanged, it must not count as another workload.
    same = workload == "/".join(filter(None, (incident.workload, incident.component)))
    wanted = writing.Edit(**{**typed, "workload": None if same else workload})
    return await done(unit, request, ref, "edit", writing.edit(unit, ref, wanted), typed)
