"""What Muster holds of a person, and erasing them, as JSON: for programs, and as a file from the browser."""

from typing import Annotated, Any

from fastapi import Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router, page_router
from muster.base.web.needs import needs
from muster.privacy.actions.erase import Erased, erase_person, plan_erasure
from muster.privacy.actions.export import export_person

router = api_router("/persons", "persons")
pages = page_router()


class ErasureIn(BaseModel):
    """Why a person is erased; `also` are further words by which they are named, such as a nickname."""

    model_config = ConfigDict(extra="forbid")

    reason: str = ""
    also: Annotated[list[str], Field(max_length=20)] = []
    dry_run: bool = Field(False, description="Say what would go and what stays, and change nothing.")


class ErasureOut(BaseModel):
    """What went, rows by table; in how many rows and ledger entries the pseudonym stands now; what stays and why."""

    pseudonym: str
    dry_run: bool
    gone: dict[str, int]
    renamed: dict[str, int]
    ledger_entries: int
    stays: list[str]

    @classmethod
    def of(cls, done: Erased, *, dry_run: bool) -> "ErasureOut":
        """From the domain value."""
        return cls(
            pseudonym=done.pseudonym,
            dry_run=dry_run,
            gone=done.gone,
            renamed=done.renamed,
            ledger_entries=done.entries,
            stays=done.stays,
        )


@router.get("/{name}/data")
@needs(Permission.SELF_MANAGE)
async def show_data(unit: Uses, name: str) -> dict[str, Any]:
    """Give everything that Muster holds of a person, without secrets: of oneself, or of anybody for administrators."""
    return await export_person(unit, name)


@router.post("/{name}/erase")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def erase(unit: Uses, name: str, body: ErasureIn) -> ErasureOut:
    """Put a pseudonym in the place of somebody who has left, for good; the ledger stays verifiable."""
    if body.dry_run:
        return ErasureOut.of(await plan_erasure(unit, name, body.also), dry_run=True)
    return ErasureOut.of(await erase_person(unit, name, body.reason, body.also), dry_run=False)


@pages.get("/settings/people/{name}/data")
@needs(Permission.SELF_MANAGE)
async def download_data(unit: Uses, name: str) -> Response:
    """Download what Muster holds of a person as a file."""
    found = await export_person(unit, name)
    headers = {"content-disposition": 'attachment; filename="muster-person.json"'}
    return JSONResponse(jsonable_encoder(found), headers=headers)
