"""Settings → Import: choose the files of an export, read what would become of each object, then bring it in."""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import Request, Response
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from muster.base.access import Permission
from muster.base.manifests import Applied
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.web.typed import template
from muster.importing.actions import Done, run_import, try_import
from muster.importing.comparison import MOST_DIFFERENCES, CoverageComparison
from muster.importing.export_files import LARGEST, MOST_FILES, unpack
from muster.importing.report import ImportOutcome
from muster.importing.sources import SOURCES
from muster.kit.errors import Fault, Invalid, Problem

HERE = "/settings/import"
HEADINGS = (
    (ImportOutcome.NOT_MAPPED, "Not mapped"),
    (ImportOutcome.WITH_LOSS, "Mapped with a loss"),
    (ImportOutcome.MAPPED, "Mapped"),
)
MOST_KEPT = 900_000
"""So many characters of a packed export fit into the form between trying and applying."""

router = page_router(HERE)


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """An object of the export, what it became, and what is lost or worth knowing."""

    id: str
    title: str
    kind: str
    to: Sequence[str]
    losses: Sequence[str]
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class CheckRow:
    """Whether the same person is on call in a schedule."""

    title: str
    compared: bool
    agrees: bool
    sentence: str
    differences: Sequence[str]


@dataclass(frozen=True, slots=True)
class ReportView:
    """What an import did or would do: how many objects came out how, `groups` of them under headings."""

    dry_run: bool
    mapped: int
    with_loss: int
    not_mapped: int
    groups: Sequence[tuple[str, Sequence[ObjectRow]]]
    checks: Sequence[CheckRow]
    applied: Sequence[Applied]
    remarks: Sequence[str]


@template("importing/import.html")
@dataclass(frozen=True, slots=True)
class ImportView:
    """`tools` are names with vendors; `kept` are the tried files, packed, so that applying uses the very same."""

    tools: Sequence[tuple[str, str]]
    source: str
    report: ReportView | None
    kept: str
    problem: Problem | None

    @property
    def too_large(self) -> bool:
        """Whether the files do not fit into the form."""
        return self.report is not None and self.report.dry_run and not self.kept


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
    view = ImportView(
        tools=[(name, tool.vendor) for name, tool in SOURCES.items()],
        source=source if source in SOURCES else next(iter(SOURCES)),
        report=_report(done) if done else None,
        kept=kept,
        problem=problem,
    )
    return render(request, view, status=problem.status if problem else 200)


def _report(done: Done) -> ReportView:
    export = done.made.export
    groups = []
    for outcome, heading in HEADINGS:
        notes = [note for note in export.report.notes if note.outcome is outcome]
        # Rows are numbered, since an export's own ids may be missing or stand twice.
        rows = [
            ObjectRow(f"{outcome}-{number}", note.title, note.kind, note.to, note.losses, note.remarks)
            for number, note in enumerate(notes)
        ]
        groups.append((heading, rows))
    checks = []
    for check in done.made.checks:
        compared = isinstance(check, CoverageComparison)
        differences = [difference.sentence(export.vendor) for difference in check.differences[:MOST_DIFFERENCES]]
        checks.append(CheckRow(check.title, compared, compared and not differences, check.sentence(), differences))
    return ReportView(
        done.dry_run,
        **export.report.counts(),
        groups=groups,
        checks=checks,
        applied=done.applied,
        remarks=done.made.remarks,
    )
