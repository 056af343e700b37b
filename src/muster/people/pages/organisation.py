"""The organisation's name under settings."""

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Invalid
from muster.people import store
from muster.people.actions.setup import rename_organisation

router = page_router()


@router.get("/settings/organisation")
@needs(Permission.SETTINGS_READ)
async def organisation_page(unit: Uses, request: Request) -> Response:
    """Show what the organisation is called."""
    name = await store.organisation_name(unit.conn) or ""
    return render(request, "people/organisation.html", name=name, faults={})


@router.post("/settings/organisation")
@needs(Permission.SETTINGS_MANAGE)
async def do_rename(unit: Uses, request: Request, name: Field = "") -> Response:
    """Call the organisation something else."""
    try:
        await rename_organisation(unit, name)
    except Invalid as problem:
        return render(request, "people/organisation.html", status=422, name=name, faults=by_field(problem))
    return see_other("/settings/organisation")
