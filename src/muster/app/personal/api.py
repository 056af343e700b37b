"""What Muster holds of a person, as JSON: for programs, and as a file from the browser."""

from typing import Any

from fastapi import Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse

from muster.app.personal.action import export_person
from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router, page_router
from muster.base.web.needs import needs

router = api_router("/persons", "persons")
pages = page_router()


@router.get("/{name}/data")
@needs(Permission.SELF_MANAGE)
async def show_data(unit: Uses, name: str) -> dict[str, Any]:
    """Give everything that Muster holds of a person, without secrets: of oneself, or of anybody for administrators."""
    return await export_person(unit, name)


@pages.get("/settings/people/{name}/data")
@needs(Permission.SELF_MANAGE)
async def download_data(unit: Uses, name: str) -> Response:
    """Download the same as a file."""
    found = await export_person(unit, name)
    headers = {"content-disposition": 'attachment; filename="muster-person.json"'}
    return JSONResponse(jsonable_encoder(found), headers=headers)
