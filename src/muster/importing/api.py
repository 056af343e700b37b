"""Importing over HTTP: the files of an export in one request, tried or done."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.base.web.services import services_of
from muster.importing.actions import Done, run_import, try_import
from muster.importing.export_files import MOST_FILES, unpack

router = api_router("/imports", "import")


class FilesIn(BaseModel):
    """The files of an export, by name."""

    model_config = ConfigDict(extra="forbid")

    files: dict[Annotated[str, Field(max_length=500)], str] = Field(min_length=1, max_length=MOST_FILES)


class ObjectOut(BaseModel):
    """What became of one object of the export; `losses` say why not, or what is lost."""

    kind: str
    title: str
    id: str
    outcome: Literal["mapped", "with_loss", "not_mapped"]
    to: list[str]
    losses: list[str]
    remarks: list[str]


class CheckOut(BaseModel):
    """How Muster's coverage compares with the vendor's from `start` to `end`; the hours are those with somebody on call.

    `agrees` is true only where both sides were counted (`compared`); otherwise `sentence` says why they were not.
    """

    title: str
    schedules: list[str]
    against: str
    compared: bool
    start: datetime | None = None
    end: datetime | None = None
    vendor_hours: float | None = None
    muster_hours: float | None = None
    agrees: bool
    sentence: str
    differences: list[str]


class AppliedOut(BaseModel):
    """What became of one manifest or override, or would."""

    kind: str
    name: str
    outcome: str
    changes: list[str]


class ImportOut(BaseModel):
    """The report of an import, with what it did or would do; `manifests` is the text that was applied."""

    dry_run: bool
    source: str
    vendor: str
    counts: dict[str, int]
    objects: list[ObjectOut]
    checks: list[CheckOut]
    remarks: list[str]
    applied: list[AppliedOut]
    manifests: str


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": FilesIn.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
                }
            },
        },
    }
}


@router.post("/{source}", openapi_extra=_BODY)
@needs(Permission.APPLY, sensitive=True, largest=None)
async def import_export(
    request: Request,
    unit: Uses,
    source: Annotated[str, Path(max_length=40)],
    dry_run: Annotated[bool, Query()] = False,
) -> ImportOut:
    """Bring what another tool's export says into Muster: all of it, or nothing. Importing the same again changes nothing.

    The body is JSON (`files`: texts by name) or a form with files, of which .zip are opened.
    """
    services = services_of(request)
    files = await files_of(request)
    if dry_run:
        done = await try_import(unit, source, files, services)
    else:
        done = await run_import(unit, source, files, services)
    return out_of(done)


def out_of(done: Done) -> ImportOut:
    """The answer of an import."""
    return ImportOut.model_validate(done.as_json())


async def files_of(request: Request) -> dict[str, str]:
    """The files of a request, whichever of the two forms it has.

    Raises:
        RequestValidationError: it is neither; Invalid: files that cannot be part of an export.
    """
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        form = await request.form(max_files=MOST_FILES)
        found = {
            each.filename or f"file-{number}": await each.read()
            for number, (_, each) in enumerate(form.multi_items())
            if isinstance(each, UploadFile)
        }
        return unpack(found)
    try:
        files = FilesIn.model_validate_json(await request.body()).files
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False)) from None
    return unpack({name: text.encode("utf-8", "surrogatepass") for name, text in files.items()})
