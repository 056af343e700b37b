"""The organisation that this Muster serves, as JSON."""

from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.people import store
from muster.people.actions.setup import rename_organisation
from muster.people.api.parts import Body
from muster.people.drafts import Line

router = api_router("/organisation", "organisation")


class OrganisationOut(BaseModel):
    """The organisation; the name is empty before Muster is set up."""

    name: str


class OrganisationIn(Body):
    """What the organisation is to be called."""

    name: Line


@router.get("")
@needs(Permission.SETTINGS_READ)
async def show_organisation(unit: Uses) -> OrganisationOut:
    """Show what the organisation is called."""
    return OrganisationOut(name=await store.organisation_name(unit.conn) or "")


@router.put("")
@needs(Permission.SETTINGS_MANAGE)
async def change_organisation(unit: Uses, body: OrganisationIn) -> OrganisationOut:
    """Call the organisation something else."""
    await rename_organisation(unit, body.name)
    return OrganisationOut(name=await store.organisation_name(unit.conn) or "")
