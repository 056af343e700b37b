"""The page that shows every component of the UI together."""

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.desk.pages.samples import samples

router = page_router()


@router.get("/styleguide")
@needs(Permission.SETTINGS_READ)
async def styleguide(unit: Uses, request: Request) -> Response:
    """Every component, with invented content."""
    return render(request, "desk/styleguide.html", **samples(unit.now))
