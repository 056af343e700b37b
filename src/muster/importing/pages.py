"""Settings → Import: choose the files of an export, read what would become of each object, then bring it in."""

import base64
import binascii
import json
import zlib

from fastapi import Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.importing.actions import Done, run_import, try_import
from muster.importing.export_files import LARGEST, MOST_FILES, unpack
from muster.importing.sources import SOURCES
from muster.kit.errors import Fault, Invalid, Problem

HERE = "/settings/import"
HEADINGS = (("not_mapped", "Not mapped"), ("with_loss", "Mapped with a loss"), ("mapped", "Mapped"))
MOST_KEPT = 900_000
"""So many characters of a packed export fit into the form between trying and applying."""

router = page_router(HERE)


@router.get("")
@needs(Permission.SETTINGS_READ)
async def import_page(unit: Uses, request: Request) -> Response:
    """Show what can be imported, and how."""
    return _page(request)


@router.post("")
@needs(Permission.APPLY, sensitive=True, largest=None)
async def do_import(unit: Uses, request: Request) -> Response:
    """Try the chosen files, or apply those that were tried: the form says which."""
    form = await request.form()
    source = str(form.get("source", ""))
    try:
        kept = str(form.get("kept", ""))
        files = unkept(kept) if kept else await _chosen(request)
        if kept:
            return _page(request, source, await run_import(unit, source, files, services_of(request)))
        return await _tried(unit, request, source, files)
    except Problem as problem:
        return _page(request, source, problem=problem)


async def _tried(unit: Unit, request: Request, source: str, files: dict[str, str]) -> Response:
    services = services_of(request)
    done = await try_import(unit, source, files, services)
    packed = kept_as_text(files)
    return _page(request, source, done, kept=packed if len(packed) <= MOST_KEPT else "")


async def _chosen(request: Request) -> dict[str, str]:
    try:
        form = await request.form()
    except HTTPException as error:
        raise Invalid("The files cannot be read.", str(error.detail)) from error
    files = [item for item in form.getlist("file") if isinstance(item, UploadFile) and item.filename]
    if not files:
        raise Invalid(
            "No file is chosen.", faults=[Fault("file", "Choose the files of the export.", "A .zip of them will do.")]
        )
    return unpack({file.filename or "": await file.read() for file in files})


def kept_as_text(files: dict[str, str]) -> str:
    """The files packed into one field of a form, so that what is applied is what was shown."""
    return base64.b64encode(zlib.compress(json.dumps(files).encode())).decode()


def unkept(text: str) -> dict[str, str]:
    """The files that `kept_as_text` packed.

    Raises:
        Invalid: it is none of ours.
    """
    try:
        unpacked = zlib.decompressobj().decompress(base64.b64decode(text, validate=True), LARGEST)
        files = json.loads(unpacked)
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        files = None
    if not isinstance(files, dict) or not all(isinstance(file, str) for file in files.values()):
        raise Invalid("The report is not complete any more.", "Choose the files once more.")
    return unpack({name: body.encode("utf-8", "surrogatepass") for name, body in list(files.items())[:MOST_FILES]})


def _page(
    request: Request, source: str = "", done: Done | None = None, *, kept: str = "", problem: Problem | None = None
) -> Response:
    report = done.as_json() if done else None
    groups = []
    for outcome, heading in HEADINGS:
        objects = [item for item in report["objects"] if item["outcome"] == outcome] if report else []
        # Rows are numbered, since an export's own ids may be missing or stand twice.
        groups.append((heading, [{**item, "id": f"{outcome}-{number}"} for number, item in enumerate(objects)]))
    return render(
        request,
        "importing/import.html",
        status=problem.status if problem else 200,
        tools=[(name, tool.vendor) for name, tool in SOURCES.items()],
        source=source if source in SOURCES else next(iter(SOURCES)),
        report=report,
        groups=groups,
        kept=kept,
        too_large=report is not None and report["dry_run"] and not kept,
        problem=problem,
    )
