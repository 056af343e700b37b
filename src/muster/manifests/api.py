"""Applying manifests over HTTP; a dry run does everything and keeps nothing."""

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field

from muster.base.access import Permission
from muster.base.db.database import take_time
from muster.base.manifests import Applied
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.base.web.services import services_of
from muster.manifests.actions.apply import ManifestFile, apply

router = api_router("/apply", "apply")


class SourceIn(BaseModel):
    """One file; `file` is the name that faults refer to."""

    model_config = ConfigDict(extra="forbid")

    file: str = Field(max_length=500)
    text: str = Field(max_length=4_000_000)


class ApplyIn(BaseModel):
    """Manifests to apply."""

    model_config = ConfigDict(extra="forbid")

    sources: list[SourceIn] = Field(min_length=1, max_length=200)
    dry_run: bool = False


class AppliedOut(BaseModel):
    """What became of one manifest."""

    kind: str
    name: str
    outcome: str
    changes: list[str]


class ApplyOut(BaseModel):
    """What became of all manifests, or would."""

    dry_run: bool
    applied: list[AppliedOut]


@router.post("")
@needs(Permission.APPLY, sensitive=True, largest=None)
async def apply_manifests(request: Request, body: ApplyIn, unit: Uses) -> ApplyOut:
    """Bring the organisation to what the manifests declare: all of it, or nothing."""
    services = services_of(request)
    sources = [ManifestFile(source.file, source.text) for source in body.sources]
    await take_time(unit.conn)
    if not body.dry_run:
        return _out(await apply(unit, sources, services), dry_run=False)
    async with unit.trial() as trial:
        return _out(await apply(trial, sources, services), dry_run=True)


def _out(applied: list[Applied], *, dry_run: bool) -> ApplyOut:
    rows = [AppliedOut(kind=item.kind, name=item.name, outcome=item.outcome, changes=item.changes) for item in applied]
    return ApplyOut(dry_run=dry_run, applied=rows)
